import { describe, expect, it } from 'vitest';
import { arcPath, CENTRE, point } from './rings_geometry.ts';

const rounded = (numbers: readonly number[]): number[] => numbers.map((one) => Math.round(one * 1000) / 1000 + 0);

describe('the dial', () => {
  it.each<[number, number, [number, number]]>([
    [8, 0, [0, -50]],
    [8, 2, [50, 0]],
    [8, 4, [0, 50]],
    [8, 6, [-50, 0]],
    [256, 64, [50, 0]],
  ])('of %i places has place %i at the right hour', (num, place, [dx, dy]) => {
    expect(rounded(point(50, num, place))).toEqual([CENTRE + dx, CENTRE + dy]);
  });

  /** Beginning, end, and whether the long way is taken. */
  function ends(path: string): { begin: number[]; end: number[]; long: boolean } {
    const [, x, y, large, toX, toY] = (/^M(\S+) (\S+) A50 50 0 ([01]) 1 (\S+) (\S+)$/.exec(path) ?? []).map(Number);
    return { begin: rounded([x, y]), end: rounded([toX, toY]), long: large === 1 };
  }

  it.each<[number, number, number, boolean]>([
    [8, 0, 1, false],
    [8, 6, 4, false],
    [8, 6, 5, true],
    [8, 0, 7, true],
    [8, 65_535, 2, false],
    [256, 200, 100, false],
  ])('of %i places: from index %i over %i places, clockwise, the long way: %s', (num, from, count, long) => {
    const path = ends(arcPath(50, num, from, count));
    expect(path.long).toBe(long);
    expect(path.begin).toEqual(rounded(point(50, num, from % num)));
    // It stops short of the next place, and behind the last of its own.
    expect(path.end).toEqual(rounded(point(50, num, (from % num) + count - 0.28)));
  });
});
