/** Differences of texts: right whatever the texts, near the fewest, and done with at any size. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines } from './diff.ts';

/** `a` after the changes to `b`. */
function applied(a: readonly string[], b: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const { aFrom, aTo, bFrom, bTo } of diffLines(a, b)) {
    expect(aFrom).toBeGreaterThanOrEqual(at);
    expect(aTo - aFrom + bTo - bFrom).toBeGreaterThan(0);
    for (; at < aFrom; at++) result.push(a[at]);
    for (let y = bFrom; y < bTo; y++) result.push(b[y]);
    at = aTo;
  }
  for (; at < a.length; at++) result.push(a[at]);
  return result;
}

/** How many lines two texts have in common, by the textbook's table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (let y = 0; y < b.length; y++) next.push(line === b[y] ? row[y] + 1 : Math.max(row[y + 1], next[y]));
    row = next;
  }
  return row[b.length];
}

const kept = (a: readonly string[], b: readonly string[]): number =>
  a.length - diffLines(a, b).reduce((sum, { aFrom, aTo }) => sum + aTo - aFrom, 0);

test.each([
  [2, 40, 2000],
  [4, 14, 2000],
  [30, 60, 500],
])('of %i distinct lines, up to %i in all: what changed turns one text into the other', (distinct, maxLength, numRuns) => {
  const text = fc.array(fc.integer({ max: distinct - 1, min: 0 }).map(String), { maxLength });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(applied(a, b)).toEqual(b);
    }),
    { numRuns },
  );
});

test('without lines that occur once, what is kept is the longest that can be', () => {
  const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (middleA, middleB) => {
      const a = ['a', 'b', ...middleA, 'a', 'b'];
      const b = ['b', 'a', ...middleB, 'b', 'a'];
      expect(kept(a, b)).toBe(commonLength(a, b));
    }),
    { numRuns: 2000 },
  );
});

describe('large texts', () => {
  const SIZE = 20_000;
  const numbers = Array.from({ length: SIZE }, (_, index) => index);
  const unique = numbers.map((index) => `line ${index}`);
  /** Half of it lines that occur often. */
  const usual = numbers.map((index) => (index % 2 === 0 ? ['}', '', '  return;'][index % 3] : `line ${index}`));
  const dice =
    (seed: number): (() => number) =>
    () =>
      (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const random = (seed: number, distinct: number): string[] => {
    const next = dice(seed);
    return numbers.map(() => String(Math.floor(next() * distinct)));
  };
  test.each<[name: string, a: string[], b: string[], least: number]>([
    ['all lines written anew', unique, unique.map((line) => `${line}!`), 0],
    ['every second line', unique, unique.map((line, index) => (index % 2 ? line : `${line}!`)), SIZE / 2],
    ['all but the lines that occur often', usual, usual.map((line) => (line.startsWith('line') ? `${line}!` : line)), SIZE / 2 - 300],
    ['turned round', unique, unique.toReversed(), 1],
    ['often the same lines, turned round', usual, usual.toReversed(), SIZE / 4],
    ['two halves changed about', unique, [...unique.slice(SIZE / 2), ...unique.slice(0, SIZE / 2)], SIZE / 2],
    ['two lines at random', random(1, 2), random(2, 2), SIZE / 2],
    ['a hundred lines at random', random(3, 100), random(4, 100), SIZE / 20],
    ['ten thousand lines at random', random(5, 10_000), random(6, 10_000), 50],
    ['emptied', unique, [], 0],
    ['filled', [], unique, 0],
  ])('%s', (_name, a, b, least) => {
    expect(applied(a, b)).toEqual(b);
    expect(kept(a, b)).toBeGreaterThanOrEqual(least);
  });
});
