import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';

describe('a paged program', () => {
  const segmentsOf = (text: string): string[] => {
    const done = assemble([{ name: 'a', text }], { base: 0x08048000, paged: true });
    expect(done.errors).toEqual([]);
    const elf = new DataView(done.elf().buffer);
    const words = (at: number, fields: number[]): string => fields.map((field) => elf.getUint32(at + field, true).toString(16)).join(' ');
    const segments = Array.from({ length: elf.getUint16(44, true) }, (_, i) => words(52 + 32 * i, [4, 8, 16, 20, 24, 28]));
    return [words(0, [24]), ...segments, `${elf.byteLength.toString(16)}`];
  };

  // Entry; of each segment its place in the file, address, size in the file and in memory, rights, alignment; length of the file.
  it.each([
    ['code alone', '_start: ret', ['8048074', '0 8048000 75 75 5 1000', '75']],
    ['constants with the code', '_start: ret\n.section .rodata\n.byte 1', ['8048074', '0 8048000 76 76 5 1000', '76']],
    ['data on a page of their own', '_start: ret\n.data\n.byte 1', ['8048074', '0 8048000 75 75 5 1000', '75 8049075 1 1 6 1000', '76']],
    ['aligned data', '_start: ret\n.data\n.balign 16\n.byte 1', ['8048074', '0 8048000 75 75 5 1000', '80 8049080 1 1 6 1000', '81']],
    [
      'room behind them',
      '_start: ret\n.data\n.byte 1\n.bss\n.skip 9',
      ['8048074', '0 8048000 75 75 5 1000', '75 8049075 1 a 6 1000', '76'],
    ],
    ['room alone', '_start: ret\n.bss\n.skip 9', ['8048074', '0 8048000 75 75 5 1000', '75 8049075 0 9 6 1000', '75']],
    [
      'a page that is just full',
      '_start: .skip 3980\n.data\n.byte 1',
      ['8048074', '0 8048000 1000 1000 5 1000', '1000 8049000 1 1 6 1000', '1001'],
    ],
  ])('has %s', (_, text, wanted) => {
    expect(segmentsOf(text)).toEqual(wanted);
  });
});
