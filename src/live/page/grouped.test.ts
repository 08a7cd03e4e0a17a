import { expect, it } from 'vitest';
import { grouped } from './grouped.ts';

it.each([0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 10 ** 9, -1000, 2 ** 52])('%i is written as English has it', (count) => {
  expect(grouped(count)).toBe(count.toLocaleString('en'));
});
