/** The table of two runs shows what the fingerprints have, and nothing that is not there. */
import { expect, test } from 'vitest';
import { comparisonOf } from './comparison.ts';
import type { Fingerprints } from './comparison.ts';

const counts = { instructions: 100, switches: 6, hiddenFaults: 4, reflectedFaults: 0, interrupts: 0 };
const prints: Fingerprints = {
  scenes: {
    a: { hypercalls: { NOTIFY: '2+0', TS: '1+3' }, counts },
    'a.M-014': { hypercalls: { NOTIFY: '2+0' }, counts: { ...counts, hiddenFaults: 1, instructions: 70 } },
  },
};

test('every count that either run has is a row', () => {
  expect(comparisonOf(prints, 'a', 'a.M-014')).toEqual([
    { label: 'entries into the Guest', before: 6, after: 6 },
    { label: 'faults hidden from it', before: 4, after: 1 },
    { label: 'hypercalls', before: 6, after: 2 },
    { label: 'instructions', before: 100, after: 70 },
  ]);
});

test('a run that is not known has no rows', () => {
  expect(comparisonOf(prints, 'a', 'a.M-015')).toEqual([]);
});
