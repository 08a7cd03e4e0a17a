/** What is no snapshot, or none for this world, is refused with a sentence, and the world goes on as if nothing had been. */
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { WorldSnapshot } from '../index.ts';

const { World } = base;
// Bare scenes run no lguest.
const [bundle, other] = sceneBundles().filter(({ scene }) => scene.bare !== true);
const world = World.fromScene(bundle, { program });
world.run(20_000);
const snapshot = world.snapshot();
const { machine } = snapshot;

const MISFITS: readonly [string, unknown, RegExp][] = [
  ['nothing', null, /no snapshot of a world; choose/],
  ['some other data', { hello: 1 }, /no snapshot of a world; choose/],
  ['another format', { ...snapshot, format: 'picture' }, /format picture, not lguest-live\/world; choose/],
  ['a newer version', { ...snapshot, version: 6 }, /version 6, and version 5 is the latest known here; open it/],
  ['an older version', { ...snapshot, version: 4 }, /version 4, and 5 is wanted; run its input log/],
  ['no version', { ...snapshot, version: undefined }, /version undefined/],
  ['another lguest', { ...snapshot, program: '12345678' }, /another lguest \(12345678, here runs [0-9a-f]{8}\); load it/],
  [
    'one that lost a member',
    Object.fromEntries(Object.entries(snapshot).filter(([name]) => name !== 'data')),
    /cut: .*fetch or save it again/,
  ],
  ['one whose pages are cut', { ...snapshot, machine: { ...machine, contents: machine.contents.subarray(1) } }, /cut/],
  [
    'one of a larger machine',
    { ...snapshot, machine: { ...machine, ramBytes: machine.ramBytes * 2 } },
    /machine with \d+ MB, and this one has \d+; start/,
  ],
];

describe('a snapshot', () => {
  test.each(MISFITS)('is refused: %s', (_, wrong, sentence) => {
    const before = world.stateHash();
    expect(() => world.restore(wrong as WorldSnapshot)).toThrow(sentence);
    expect(world.stateHash()).toBe(before);
  });

  test('fits the world that it was made of, and one that was built alike', () => {
    for (const taker of [world, World.fromScene(bundle, { program })]) {
      taker.restore(structuredClone(snapshot));
      expect(taker.snapshot()).toEqual(snapshot);
    }
  });

  test('names the lguest, not the Guest', () => {
    expect(World.fromScene(other, { program }).snapshot().program).toBe(snapshot.program);
    expect(snapshot.program).toMatch(/^[0-9a-f]{8}$/);
  });
});
