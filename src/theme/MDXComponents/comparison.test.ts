/** The table of several runs shows what the fingerprints have, and nothing that is not there. */
import { expect, test } from 'vitest';
import { changeOf, comparisonOf } from './comparison.ts';
import type { Fingerprints } from './comparison.ts';

const counts = { instructions: 100, switches: 6, hiddenFaults: 4, reflectedFaults: 0, interrupts: 0 };
const prints: Fingerprints = {
  scenes: {
    a: { hypercalls: { NOTIFY: '2+0', TS: '1+3' }, counts, spent: { time: 1_400_600, syscalls: 9 } },
    'a.M-014': {
      hypercalls: { NOTIFY: '2+0' },
      counts: { ...counts, hiddenFaults: 1, instructions: 70 },
      spent: { time: 700, syscalls: 0 },
    },
  },
};

test('every count that one of the runs has is a row', () => {
  expect(comparisonOf(prints, ['a', 'a.M-014', 'a'])).toEqual([
    { label: 'entries into the Guest', values: [6, 6, 6] },
    { label: 'faults hidden from it', values: [4, 1, 4] },
    { label: 'hypercalls, direct', values: [3, 2, 3] },
    { label: 'hypercalls, by the ring', values: [3, 0, 3] },
    { label: 'instructions', values: [100, 70, 100] },
    { label: 'microseconds, on the Host’s clock', values: [1401, 1, 1401] },
    { label: 'system calls of Launchers', values: [9, 0, 9] },
  ]);
});

test('a run that is not known has no rows', () => {
  expect(comparisonOf(prints, ['a', 'a.M-015'])).toEqual([]);
});

test.each([
  [100, 70, '−30 %'],
  [100, 150, '+50 %'],
  [100, 100, '±0 %'],
  [0, 7, ''],
])('from %i to %i is %j', (before, after, words) => {
  expect(changeOf(before, after)).toBe(words);
});
