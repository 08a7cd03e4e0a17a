import { describe, expect, test } from 'vitest';
import { bend, laneOf, sketch } from './route.ts';

describe('the line of a journey', () => {
  test('goes in the lane of whoever is at work; the Launcher’s people go in its lane', () => {
    expect((['guest-user', 'switcher', 'launcher', 'waker', 'io-thread'] as const).map(laneOf)).toEqual([0, 2, 4, 4, 4]);
  });

  test('goes straight where it stays in its lane, and leaves and arrives downwards where it does not', () => {
    expect(bend(10, 10)).toBe('M10 0V100');
    expect(bend(10, 50)).toBe('M10 0C10 58 50 42 50 100');
  });

  test('is drawn small from left to right', () => {
    expect(sketch(['guest-kernel', 'host', 'host'], 100, 40)).toEqual({
      points: [
        [0, 10],
        [50, 30],
        [100, 30],
      ],
      path: 'M0 10C25 10 25 30 50 30H100',
    });
  });
});
