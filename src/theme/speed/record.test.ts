import { expect, test } from 'vitest';
import { onScale, threeDigits } from './record.ts';

test.each([
  [1, 50],
  [1 / 8, 0],
  [8, 100],
  [0.01, 0],
  [100, 100],
  [2, 66.667],
])('a ratio of %f stands at %f of 100', (ratio, place) => {
  expect(onScale(ratio, 1 / 8, 8)).toBeCloseTo(place, 2);
});

test.each([
  [1.4837, '1.48'],
  [0.0612, '0.0612'],
  [12.34, '12.3'],
  [283.4, '283'],
  [999.7, '1,000'],
  [1234.5, '1,235'],
])('%f is told as %s', (value, told) => {
  expect(threeDigits(value)).toBe(told);
});
