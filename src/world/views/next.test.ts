import { describe, expect, it } from 'vitest';
import { viewNext } from './next.ts';

/** A processor at the beginning of some bytes, behind which nothing is mapped. */
const at = (eip: number, ...bytes: number[]): Parameters<typeof viewNext>[0] =>
  ({ machine: { cpu: { eip }, readCode: (_: number, count: number) => Uint8Array.from(bytes.slice(0, count)) } }) as never;

// What stands there is as `objdump -d` has it.
describe('what comes next', () => {
  it.each<[string, Parameters<typeof viewNext>[0], string[]]>([
    ['as far as anything is mapped', at(0xc0001000, 0x90, 0xcd, 0x1f, 0xf4), ['c0001000 nop', 'c0001001 int    $0x1f', 'c0001003 hlt']],
    ['with the end of what is mapped in the middle of one', at(0x1000, 0x90, 0xe8, 0x01), ['1000 nop', '1001 (bad)', '1002 (bad)']],
    ['round the end of the address space', at(0xffffffff, 0x90, 0x90), ['ffffffff nop', '0 nop']],
    ['nothing where nothing is mapped', at(0x1000), []],
  ])('%s', (_what, sight, expected) => {
    expect(viewNext(sight).code.map(({ address, text }) => `${address.toString(16)} ${text}`)).toEqual(expected);
  });

  it('is one instruction and six behind it', () => {
    expect(viewNext(at(0x1000, ...Array.from({ length: 120 }, () => 0x90))).code).toHaveLength(7);
  });
});
