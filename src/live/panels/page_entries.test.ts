/** Entries in words, and which of them have changed between two looks. */
import { describe, expect, test } from 'vitest';
import { randomTables } from '../../world/views/testing/random_tables.ts';
import { viewPageTables } from '../../world/views/page_tables.ts';
import { changesIn, flagsOf, pagesOf, spokenEntry } from './page_entries.ts';

test.each([
  [0x00100067, 'wuad', 'page 100, writable, for ring 3, accessed, dirty'],
  [0x00100001, '----', 'page 100, no flags'],
  [0x00400181, '----gL', 'page 400, of 4 MB, global, 4 MB'],
  [0, '----', 'nothing'],
])('%x is %s', (entry, flags, words) => {
  expect([flagsOf(entry), spokenEntry(entry)]).toEqual([flags, words]);
});

describe('what has changed', () => {
  const { sight, machine, shadow } = randomTables(3);
  const [before] = viewPageTables(sight);

  test('nothing, when nobody wrote', () => {
    const again = viewPageTables(sight);
    const { directories, runs } = changesIn(again[0], [before]);
    expect([directories.size, runs.size]).toEqual([0, 0]);
  });

  test('nothing is marked where nothing was shown before', () => {
    expect(changesIn(before, null).runs.size).toBe(0);
  });

  test('one entry, forwards and back', () => {
    const known = [...shadow.keys()].find((key) => key.includes('.')) ?? '';
    const [directory, index] = known.split('.').map(Number);
    const table = before.directories.find((one) => one.index === directory)?.shadowTable ?? 0;
    const old = machine.ram.read32(table + index * 4);
    machine.ram.write32(table + index * 4, old ^ 0x40);
    const [after] = viewPageTables(sight);
    machine.ram.write32(table + index * 4, old);
    for (const [now, was] of [
      [after, before],
      [before, after],
    ]) {
      const changes = changesIn(now, [was]);
      expect([...changes.directories]).toEqual([directory]);
      expect([...changes.runs].some((run) => run.index <= index && index < run.index + run.count)).toBe(true);
    }
  });

  test('the pages of a side are counted', () => {
    const [directory] = before.directories;
    expect(pagesOf(directory, 'guest')).toBe(directory.runs.reduce((sum, run) => sum + (run.guest & 1 ? run.count : 0), 0));
  });
});
