/** Conditions of breakpoints on lines and on addresses: a run stops only where they hold, forwards and backwards. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { base, loadDebugBuild, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { LguestProgram, World } from '#world';
import type { Breakpoint } from '../protocol.ts';
import { conditionsOf } from './breakpoints.ts';

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
