/** Who wrote this last: the line of the Host, the Launcher or the Guest that did, and nothing has moved. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { World as AnyWorld } from '#world';
import type { Looked, Progress, Searching, Value, Written } from '../protocol.ts';
import { Runner } from './runner.ts';
import { findWriter } from './writers.ts';

const { namesOf, World } = base;

function standAt(name: string, instructions: number) {
  const bundle = sceneBundles().find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`no scene ${name}`);
  const reports: (Progress | Looked | Searching)[] = [];
  let world: AnyWorld | null = null;
  const runner = new Runner(
    (onEvent) => (world = World.fromScene(bundle, { program, onEvent, keepEvents: false })),
    (report) => reports.push(report),
    { names: namesOf(program) },
  );
  runner.step(instructions);
  const hash = (): string | undefined => world?.stateHash();
  /** The answer, and whether the world is where it was. */
  const ask = (value: Value, patient = true): Written => {
    const [before, said] = [hash(), reports.length];
    const answers: Written[] = [];
    runner.travel(
      findWriter(value, patient, runner.world, (one) => answers.push(one)),
      null,
      () => undefined,
    );
    while (runner.running) runner.slice(() => performance.now());
    expect([hash(), reports.length]).toEqual([before, said]);
    return answers[0];
  };
  return { runner, world: runner.world, ask };
}

/** The text of the line that was found. */
function lineOf(written: Written): string {
  const place = written.found?.place;
  return place == null ? '' : readFileSync(`${TOP}/${place.source}`, 'utf8').split('\n')[place.line - 1].trim();
}

describe('the page tables of a Guest', () => {
  const { world, ask } = standAt('page_tables', 4000);
  const tree = world.look(['tables']).tables?.[0];

  test('each page entry of the shadow was written by the Host, at a line that writes entries', () => {
    const entries = tree?.directories
      .filter(({ index }) => index < 1023)
      .flatMap(({ shadowTable, runs }) => runs.filter(({ shadow }) => shadow & 1).map(({ index }) => (shadowTable ?? 0) + index * 4));
    expect(entries?.length).toBeGreaterThan(4);
    for (const address of entries ?? []) {
      const written = ask({ kind: 'physical', address });
      expect([written.found?.world, written.found?.midway]).toEqual(['host', true]);
      expect(lineOf(written)).toMatch(/write32\(address, entry\)|writeEntry/);
    }
  });

  test('a page entry of the Guest’s that was touched was written by the Host, with its mark; one that was not, by whoever made it', () => {
    const [kernel] = tree?.directories.filter(({ index }) => index === 768) ?? [];
    const touched = kernel.runs.find(({ guest, shadow }) => shadow & 1 && guest & 0x20);
    const written = ask({ kind: 'physical', address: (kernel.guestTable ?? 0) + (touched?.index ?? 0) * 4 });
    expect(['host', 'guest-kernel']).toContain(written.found?.world);
    const fresh = kernel.runs.find(({ why }) => why.includes('unfilled'));
    const maker = ask({ kind: 'physical', address: (kernel.guestTable ?? 0) + (fresh?.index ?? 0) * 4 });
    expect(maker.found?.world).toBe('launcher');
  });

  test('what nobody ever wrote, nobody wrote', () => {
    expect(ask({ kind: 'physical', address: 0 })).toMatchObject({ found: null, whole: true });
    expect(ask({ kind: 'linear', address: 0x12340000 })).toMatchObject({ found: null, whole: true });
  });
});

describe('registers and words of a Guest', () => {
  const { world, ask } = standAt('page_tables', 4000);
  const before = (where: { at: number }): number => where.at;

  test.each(['eax', 'ebx', 'ecx', 'esi', 'edi', 'esp', 'eip'] as const)('%s had another value before the one who wrote it', (name) => {
    const value = world.look(['registers']).registers?.[name];
    const { found } = ask({ kind: 'register', name });
    expect(found).not.toBeNull();
    if (found === null) return;
    const twin = standAt('page_tables', before(found.where) + (found.midway ? 0 : 1));
    if (!found.midway && found.world.startsWith('guest') && twin.world.worldName.startsWith('guest'))
      expect(twin.world.look(['registers']).registers?.[name]).toBe(value);
  });

  test('a word on the stack: the call, or the push, that put it there', () => {
    const guest = standAt('page_tables', 2000);
    for (let n = 0; n < 400; n++) {
      guest.runner.step(1);
      if (guest.world.worldName === 'guest-kernel' && guest.world.look(['next']).next?.code[0]?.text.startsWith('ret')) break;
    }
    const esp = guest.world.look(['registers']).registers?.esp ?? 0;
    expect(guest.ask({ kind: 'linear', address: esp }).found?.text).toMatch(/^call/);
  });

  test('who is not patient is told that no more is known', () => {
    const late = { at: 0 };
    const answers: Written[] = [];
    const { runner } = standAt('page_tables', 4000);
    const clock = (): number => (late.at += 10_000);
    runner.travel(
      findWriter({ kind: 'physical', address: 0 }, false, runner.world, (one) => answers.push(one), clock),
      null,
      () => undefined,
    );
    while (runner.running) runner.slice(() => performance.now());
    expect(answers).toEqual([{ value: { kind: 'physical', address: 0 }, found: null, whole: false }]);
  });

  test('another request ends the search, and does what it says', () => {
    const { runner } = standAt('page_tables', 4000);
    const { instructions } = runner.world;
    let time = 0;
    runner.travel(
      findWriter({ kind: 'physical', address: 0 }, true, runner.world, () => undefined),
      null,
      () => undefined,
      () => (time += 50),
    );
    runner.step(1);
    expect(runner.world.instructions).toBe(instructions + 1);
  });
});
