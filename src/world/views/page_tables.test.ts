/** The two page tables side by side: nothing is lost by folding, whatever stands in them; and in the chapters' Guests they say what the Host says. */
import { describe, expect, test } from 'vitest';
import { Machine } from '#machine';
import type { Kernel } from '#hostos';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { randomTables } from './testing/random_tables.ts';
import type { TreeView } from './page_tables.ts';
import { viewPageTables } from './page_tables.ts';

const { World } = base;

/** All that stands in the tables of a view, by directory and index: the words of both. */
function unfold({ directories }: TreeView, side: 'guest' | 'shadow'): Map<string, number> {
  const entries = new Map<string, number>();
  for (const { index, runs, ...directory } of directories) {
    entries.set(String(index), directory[side]);
    for (const { index: first, count, pages, ...run } of runs)
      for (let n = 0; n < count; n++) {
        const inOrder = run[side] & 1 ? run[side] + n * 4096 : run[side];
        const entry = side === 'shadow' && pages !== null && run.shadow & 1 ? pages[n] | (run.shadow & 0xfff) : inOrder;
        entries.set(`${index}.${first + n}`, entry >>> 0);
      }
  }
  return entries;
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))('random tables, number %i: every entry that is there, and no other', (seed) => {
  const { sight, guest, shadow } = randomTables(seed);
  const [tree] = viewPageTables(sight);
  const [guests, shadows] = [unfold(tree, 'guest'), unfold(tree, 'shadow')];
  for (const entry of new Set([...guest.keys(), ...shadow.keys(), ...guests.keys(), ...shadows.keys()])) {
    const [wished, real] = [guest.get(entry) ?? 0, shadow.get(entry) ?? 0];
    const isThere = ((wished | real) & 1) !== 0;
    expect([entry, guests.get(entry) ?? 0, shadows.get(entry) ?? 0]).toEqual([entry, isThere ? wished : 0, isThere ? real : 0]);
  }
});

const P = 1;
const W = 2;
const U = 4;
const A = 0x20;
const D = 0x40;
const G = 0x100;

describe('in what an entry differs from its shadow', () => {
  test.each<[string, [directory: number, entry: number, shadow: number], string[]]>([
    ['not at all', [P | W | U, P | W | U | A | D, P | W | U | A | D], []],
    ['it was never touched', [P | W | U, P | W, 0], ['unfilled']],
    ['the Guest has taken it away', [P | W | U, 0, P | A], ['left']],
    ['it was read, and not written', [P | W | U, P | W | U | A, P | U | A], ['clean']],
    ['the directory is for reading', [P | U, P | W | U | A | D, P | U | A | D], ['directory']],
    ['the directory is for the kernel', [P | W, P | W | U | A | D, P | W | A | D], ['directory']],
    ['dirty by another way to the same table', [P | W, P | W | A | D, P | A], ['clean', 'marks']],
    ['the shadow gives more than the Guest', [P | W | U, P | A, P | W | A], ['rights']],
    ['a global page', [P | W | U, P | W | A | D | G, P | W | A | D], ['global']],
    ['a page that is cached in another way', [P | W | U, P | W | A | D | 0x10, P | W | A | D], ['flags']],
  ])('%s', (_what, [directory, entry, shadow], why) => {
    const page = 0x5000;
    const { sight } = randomTables(0, { directory, entry: entry && entry | page, shadow: shadow && shadow | page });
    const [tree] = viewPageTables(sight);
    expect(tree.directories[0].runs.map((run) => run.why)).toEqual([why]);
  });

  test('it leads to another page', () => {
    const { sight } = randomTables(0, { directory: P | W | U, entry: P | A | 0x5000, shadow: P | A | 0x6000 });
    expect(viewPageTables(sight)[0].directories[0].runs[0].why).toEqual(['elsewhere']);
  });
});

test('without a Guest there are none', () => {
  const machine = new Machine({ ramBytes: 2 ** 20 });
  expect(viewPageTables({ program: { guests: () => [] }, machine, kernel: {} as Kernel })).toEqual([]);
});

describe.each(sceneBundles().filter(({ scene }) => /^host\/page_tables/.test(scene.chapter)))('the Guest of $name', (bundle) => {
  test('has the same tables when it goes back, and leaves them behind', () => {
    const world = World.fromScene(bundle, { program });
    world.run(bundle.scene.instructions / 4);
    const checkpoint = world.checkpoint(null);
    const before = world.look(['tables']).tables ?? [];
    const stop = world.run(bundle.scene.instructions);
    const after = world.look(['tables']).tables ?? [];
    if (stop.reason === 'exited') expect(after.every(({ ended }) => ended)).toBe(true);
    expect(after.length).toBeGreaterThan(0);
    world.goTo(checkpoint);
    expect(world.look(['tables']).tables).toEqual(before);
  });
});
