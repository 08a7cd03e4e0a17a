import { expect, test } from 'vitest';
import { formatRace, meanRatio, rowsOf } from './race.ts';

const WORK = {
  loop: { ours: { first: [2, 3], warm: [1, 1.5] }, v86: { first: [4], warm: [0.5] } },
  // Nothing gets better by being done again.
  fork: { ours: { first: [1], warm: [2] }, v86: { first: [2], warm: [2] } },
};

test('first is the best first time, best the best of all, and the mean that of the ratios', () => {
  const rows = rowsOf(WORK, 'ours', 'v86');
  expect(rows).toEqual([
    { name: 'loop', ours: { first: 2, best: 1 }, theirs: { first: 4, best: 0.5 } },
    { name: 'fork', ours: { first: 1, best: 1 }, theirs: { first: 2, best: 2 } },
  ]);
  expect(meanRatio(rows, 'first')).toBeCloseTo(0.5);
  expect(meanRatio(rows, 'best')).toBeCloseTo(1);
  expect(formatRace(rows).split('\n').at(-1)).toBe(`${'mean'.padEnd(54)}    0.50    1.00`);
});

test('who has not arrived is named', () => {
  expect(() => rowsOf({ loop: { ours: WORK.loop.ours } }, 'ours', 'v86')).toThrow('v86 has not done loop');
});
