/** Conditions of breakpoints on lines and on addresses: a run stops only where they hold, forwards and backwards. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { base, loadDebugBuild, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { LguestProgram, World } from '#world';
import type { Breakpoint, ListedEvent, Progress } from '../protocol.ts';
import { conditionsOf, takeNotes } from './breakpoints.ts';
import { findEvents } from './found_events.ts';
import { Runner } from './runner.ts';

let debug: LguestProgram;
beforeAll(async () => {
  debug = await loadDebugBuild();
});

const names = base.namesOf(program);
const bundle = sceneBundles().find(({ name }) => name === 'page_tables')!;

function aWorld(): World {
  const world = base.World.fromScene(bundle, { program, keepEvents: false });
  world.study(debug);
  return world;
}

const SOURCE = 'docs/host/page_tables.mdx';
const line = readFileSync(`${TOP}/${SOURCE}`, 'utf8').split('\n').indexOf('  const write = (errcode & 2) !== 0;') + 1;

describe('a condition', () => {
  const address = 0xc0100000;
  const on = (when: string): Breakpoint => ({ id: 1, on: true, kind: 'address', address, when });

  test.each<[string, boolean]>([
    ['', true],
    ['eip == 0xc0100000', true],
    ['eip == 1', false],
    ['nothing == 1', false],
    ['eip =', false],
  ])('on an address: %s', (when, stops) => {
    const world = aWorld();
    const conditions = conditionsOf([on(when)], names, world);
    const accepts = conditions?.accepts;
    const hit = { by: 'address', place: world.place(), address } as const;
    const registers = { ...world.look(['registers']).registers!, eip: address };
    const seen = conditionsOf([on(when)], names, { guest: world.guest, look: () => ({ registers }) });
    expect(seen?.accepts?.(hit, () => []) ?? true).toBe(stops);
    expect(accepts === undefined).toBe(when === '');
  });

  test('of another breakpoint at the same place does not hold back one that has none', () => {
    const world = aWorld();
    const both = conditionsOf([on('eip == 1'), { ...on(''), id: 2 }], names, world);
    expect(both?.accepts?.({ by: 'address', place: world.place(), address }, () => [])).toBe(true);
  });

  test.each([
    ['', 0x100268],
    ['vaddr == 0x200000', 0x200000],
    ['errcode == 3 && ebx >= 0', 0x3ffc00],
  ])('on a line, over its variables: %s', (when, vaddr) => {
    const world = aWorld();
    const conditions = conditionsOf([{ id: 1, on: true, kind: 'line', place: { source: SOURCE, line }, note: '', when }], names, world);
    world.run(10_000, Infinity, { stop: { since: world.place(), ...conditions, debug: true } });
    expect(world.midway).toEqual({ source: SOURCE, line });
    const frame = world.look(['locals']).locals?.[0];
    expect(frame?.parameters.find(({ name }) => name === 'vaddr')?.text).toBe(`0x${vaddr.toString(16)}`);
  });
});

describe('on a word of the Guest’s', () => {
  const page = 0x209000;

  /** The lines that stood before each stop of a run from before its first instruction. */
  function stopsOf(address: number, reads = false): Set<string> {
    const world = aWorld();
    const conditions = conditionsOf([{ id: 1, on: true, kind: 'data', address, physical: false, reads }], names, world);
    const before = aWorld();
    const lines = new Set<string>();
    for (;;) {
      const stop = world.run(100_000, Infinity, { stop: { since: world.place(), ...conditions } });
      if (stop.reason !== 'stop') return lines;
      before.run(stop.hit.place.at - 1 - before.instructions);
      const place = before.currentLine();
      if (place !== null) lines.add(readFileSync(`${TOP}/${place.source}`, 'utf8').split('\n')[place.line - 1].trim());
    }
  }

  test('that nobody has touched before: it stops behind who does', () => {
    expect([...stopsOf(page)]).toEqual(['movl	%eax, (%esi)']);
    expect([...stopsOf(0x200000)]).toEqual(['1:	movl	%esi, (%esi)']);
  });

  test('that is the zero page’s while it is only read, and gets a page of its own when it is written, which the Host copies it to', () => {
    expect([...stopsOf(page, true)]).toEqual(['movl	(%esi), %eax', 'hlt', 'movl	%eax, (%esi)']);
  });
});

test.each([
  [2000, false],
  [100_000, true],
])('what is noted, or found, in a run of %i instructions: whether it had ended is told', (instructions, ended) => {
  const runner = new Runner(
    () => aWorld(),
    () => undefined,
    { names },
  );
  runner.step(instructions);
  const { world, farthest } = runner;
  const told: unknown[] = [];
  const one = { id: 1, on: true, kind: 'line', place: { source: SOURCE, line }, note: 'vaddr' } as const;
  runner.travel(
    takeNotes(one, farthest, world, (notes) => told.push(notes.ended)),
    null,
    () => undefined,
  );
  while (runner.running) runner.slice(() => performance.now());
  runner.travel(
    findEvents('', ['fault'], farthest, names, world, (found) => told.push(found.ended)),
    null,
    () => undefined,
  );
  while (runner.running) runner.slice(() => performance.now());
  expect(told).toEqual([ended, ended]);
});

describe('in a run that goes on', () => {
  const on = (event: string, when = ''): Breakpoint => ({ id: 1, on: true, kind: 'event', event, when });

  /** A run that has gone a little way, held to so few instructions that it can be spoken to. */
  function running(): { runner: Runner; set: (...breakpoints: Breakpoint[]) => void; rest: () => Pick<Progress, 'standing' | 'events'> } {
    let world: World | undefined;
    let last: Progress | undefined;
    const events: ListedEvent[] = [];
    const runner = new Runner(
      (onEvent) => (world = base.World.fromScene(bundle, { program, onEvent, keepEvents: false })),
      (report) => {
        if (report.type !== 'progress') return;
        last = report;
        events.push(...report.events);
      },
      { names, watched: ['events'] },
    );
    let time = 0;
    const clock = (): number => (time += 10);
    const slice = (): number => runner.slice(clock);
    const set = (...breakpoints: Breakpoint[]): void => {
      runner.breakpoints = () => conditionsOf(breakpoints, names, world!);
      runner.aim();
    };
    const rest = (): Pick<Progress, 'standing' | 'events'> => {
      while (runner.running) slice();
      return { standing: last!.standing, events };
    };
    runner.start(1000, clock());
    while (runner.world.instructions < 30) slice();
    return { runner, set, rest };
  }

  test('one that is made stops it, and one that is gone does not', () => {
    const { runner, set, rest } = running();
    set(on('trap', 'vector == 14'));
    expect(rest().standing).toEqual({ phase: 'paused' });
    expect(rest().events.filter(({ vector, kind }) => kind === 'trap' && vector === 14)).toHaveLength(1);
    runner.start(1000, 0);
    set();
    expect(rest().standing).toEqual({ phase: 'exited', status: 0 });
  });

  test('one that is made does not stop who looks for something else', () => {
    const { runner, set, rest } = running();
    const from = runner.world.instructions;
    runner.search(
      { events: ({ kind }) => kind === 'hypercall' },
      () => undefined,
      () => Infinity,
    );
    // The Guest's first page faults come before its first hypercall.
    set(on('fault'));
    expect(rest().standing).toEqual({ phase: 'paused' });
    const passed = (kind: string): number => rest().events.filter((one) => one.kind === kind && one.at >= from).length;
    expect(passed('hypercall')).toBe(1);
    expect(passed('fault')).toBeGreaterThan(0);
  });
});
