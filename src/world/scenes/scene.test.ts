import { expect, test } from 'vitest';
import { packLines, unpackLines } from './scene.ts';

test('places come out as they went in, whatever their order', () => {
  const lines = [
    { address: 0x100000, length: 5, source: 0, line: 20 },
    { address: 0x100005, length: 1, source: 1, line: 7 },
    { address: 0x0ff000, length: 15, source: 0, line: 21 },
  ];
  expect(unpackLines(packLines(lines))).toEqual(lines);
  expect(unpackLines([])).toEqual([]);
});
