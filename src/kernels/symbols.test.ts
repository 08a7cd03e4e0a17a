import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOP } from '../../scripts/lib/paths.mjs';
import { addressNamed, nameAt, symbolsOfElf, symbolsOfMap } from './symbols.ts';

const MAP =
  'c0100000 T _text\nc0100000 T startup_32\nc0100100 t helper\nc0123456 T schedule\t[sched]\n00000000 A phys\nnonsense\nc0200000 D jiffies\n';

describe('a System.map', () => {
  const table = symbolsOfMap(MAP)!;

  test.each<[number, string | null]>([
    [0xc0100000, '_text'],
    [0xc0100012, '_text+0x12'],
    [0xc0100100, 'helper'],
    [0xc0123457, 'schedule+0x1'],
    [0xc0300000, null],
  ])('%i is %s', (address, name) => expect(nameAt(table, address)).toBe(name));

  test.each<[string, number | null]>([
    ['schedule', 0xc0123456],
    [' schedule+0x10 ', 0xc0123466],
    ['startup_32+4', 0xc0100004],
    ['nobody', null],
    ['', null],
    ['c0100000', null],
  ])('“%s” is at %i', (name, address) => expect(addressNamed(table, name)).toBe(address));

  test.each(['', 'no map\nat all'])('“%s” is none', (text) => expect(symbolsOfMap(text)).toBeNull());
});

describe('an ELF file', () => {
  test('has its names: the kernel of this book', () => {
    const table = symbolsOfElf(readFileSync(`${TOP}/.tangled/guests/puppy.elf`))!;
    const address = addressNamed(table, 'start_kernel')!;
    expect(address).toBeGreaterThan(0xc0100000);
    expect(nameAt(table, address)).toBe('start_kernel');
    expect([...table.addresses]).toEqual([...table.addresses].sort((a, b) => a - b));
  });

  test.each([
    ['too short', new Uint8Array(20)],
    ['something else', new Uint8Array(100).fill(7)],
    ['cut off before its sections', readFileSync(`${TOP}/.tangled/guests/puppy.elf`).subarray(0, 2000)],
  ])('has none where it is %s', (_, file) => expect(symbolsOfElf(file)).toBeNull());
});
