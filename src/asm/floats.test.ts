import { describe, expect, it } from 'vitest';
import { assemble } from './index.ts';
import { edges } from './testing/edges.ts';
import { gnuAnswers, hasGnuAs, missingTools, ourAnswers } from './testing/gnu_as.ts';

describe('a letter before a float', () => {
  edges(`
    .float 0e9, 0r9, 0f9, 0d9 => 00001041000010410000104100001041
    .double 0e9, 0F-1.5 => 0000000000002240000000000000f8bf
    .float 0e-9 => 000010c1
    .float 0x10 => 00002041
    .float 0.0e1, 00e1, 0 => 000000000000000000000000
    .float 0f-inf => 000080ff
    .float 0x1.8p3 => refused
    .float 1f => refused
    .float => nothing
  `);
});

describe('floats that are no numbers', () => {
  edges(`
    .float nan, -nan, +nan => ffffff7fffffffffffffff7f
    .double nan, -nan => ffffffffffffff7fffffffffffffffff
    .float inf, -infinity, +Inf => 0000807f000080ff0000807f
    .double -inf => 000000000000f0ff
    .float infi => refused
  `);
});

describe('floats at the edge of their format', () => {
  edges(`
    .float 3.4028235677973362e38, 3.4028235677973366e38 => ffff7f7fffff7f7f
    .float 3.4028235677973367e38 => 0000807f more
    .float -3.4028236e38 => 000080ff more
    .float 3.403e38 => refused
    .float 1e39 => refused
    .float 1e100000 => refused
    .double 1.7976931348623157e308, 1.7976931348623158e308 => ffffffffffffef7fffffffffffffef7f
    .double 1.7976931348623159e308 => 000000000000f07f more
    .double 1.7976931348623160e308 => refused
    .float 1.17549435e-38, 9.87654321e-40, 7.1e-46 => 000080002ec10a0001000000
    .float 7e-46 => 00000000 more
    .float -1e-47 => 00000080 more
    .float 1e-48 => refused
    .double 2.2250738585072011e-308, 5e-324 => ffffffffffff0f000100000000000000
    .double 2.4e-324 => 0000000000000000 more
    .double 1e-325 => refused
    .double 1e-100000 => refused
    .double 0.0e-100000 => 0000000000000000
  `);
});

describe('a half', () => {
  edges(`
    .float 16777217, 16777219, 16777216.99 => 0100804b0200804b0000804b
    .double 9007199254740993, 1e23 => 0100000000004043f74ae1c7022db544
  `);
});

it('tells which number is lost, and where', () => {
  const { warnings, errors } = assemble([{ name: 'a.S', text: '\t.float 1, 0f-3.4028236e38\n\t.double 2.4e-324\n\t.float 0e1e39' }]);
  expect([...warnings, ...errors].map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
    '1:14: -3.4028236e38 is rounded to infinity in 32 bits',
    '2:10: 2.4e-324 is rounded to zero in 64 bits',
    '3:11: 1e39 is too large for 32 bits',
  ]);
});

/** Numbers of up to 17 digits and every power: GNU as's own arithmetic keeps some fifty bits of them. */
it.skipIf(!hasGnuAs)(`any float is what GNU as makes of it ${missingTools}`, () => {
  let state = 7;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  const number = (lowest: number, span: number): string =>
    `${below(2) ? '-' : ''}${below(10)}.${below(100_000_000)}${below(9) ? '' : '5'}e${lowest + below(span)}`;
  const lines = Array.from({ length: 400 }, (_, i) => (i % 2 ? `.float ${number(-44, 82)}` : `.double ${number(-320, 627)}`));
  const theirs = gnuAnswers(lines);
  const wrong = ourAnswers(lines).flatMap(({ bytes }, i) =>
    bytes === theirs[i].bytes ? [] : [`${lines[i]}: ${theirs[i].bytes}, ours ${bytes}`],
  );
  expect(wrong).toEqual([]);
});
