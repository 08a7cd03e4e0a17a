import { expect, test } from 'vitest';
import { formatJobs, raceOfJobs, readJobs } from './linux.ts';

const said = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => ({ at: Number(line.trim().split(' ')[0]), line: line.trim().replace(/^\S+ /, '') }));

const WORK = `
  1.5 @up
  2 @b loop
  4 @e loop df4bc0e6
  4 @b loop
  5 @e loop df4bc0e6
  5 @b fork
  5.5 @e fork ecf27a77`;

test('jobs: first and best of each, and their geometric means', () => {
  const read = readJobs(said(`${WORK}\n6 @done`));
  expect(read).toEqual({
    up: 1.5,
    done: true,
    jobs: [
      { name: 'loop', seconds: [2, 1] },
      { name: 'fork', seconds: [0.5] },
    ],
  });
  expect(formatJobs(read).split('\n')).toEqual([
    '                first, s best, s',
    'start to init       1.50',
    'loop                2.00    1.00',
    'fork                0.50    0.50',
    'geometric mean      1.00    0.71',
  ]);
});

test('a Guest that ends too soon is told of; one that never began has no rows', () => {
  expect(formatJobs(readJobs(said(WORK)))).toMatch(/did not come to its end/);
  expect(formatJobs(readJobs([]))).toBe('                first, s best, s\nThe Guest did not come to its end.');
});

test('an end without a beginning is refused', () => {
  expect(() => readJobs(said('1 @e loop x'))).toThrow('“@e loop x” ends what has not begun');
});

test('rounds of two engines become a race: best of all, and the best first time', () => {
  const once = readJobs(said(`${WORK}\n6 @done`));
  const faster = { ...once, up: 1, jobs: once.jobs.map(({ name, seconds }) => ({ name, seconds: seconds.map((one) => one / 2) })) };
  expect(raceOfJobs([once, faster], [once])).toEqual([
    { name: 'start to init', ours: { first: 1, best: 1 }, theirs: { first: 1.5, best: 1.5 } },
    { name: 'loop', ours: { first: 1, best: 0.5 }, theirs: { first: 2, best: 1 } },
    { name: 'fork', ours: { first: 0.25, best: 0.25 }, theirs: { first: 0.5, best: 0.5 } },
  ]);
});
