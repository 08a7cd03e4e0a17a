import { expect, test } from 'vitest';
import type { SymbolTable } from '../protocol.ts';
import { addressMeant, nameOf, withNames } from './symbols.ts';

const SYMBOLS: SymbolTable = { addresses: Uint32Array.of(0xc0100000, 0xc0101000), names: ['start_kernel', 'add'] };

test.each([
  ['call   0xc0101000', 'call   0xc0101000 <add>'],
  ['jne    0xc0100010', 'jne    0xc0100010 <start_kernel+0x10>'],
  ['movl   $0x1,%eax', 'movl   $0x1,%eax'],
  ['call   0xd0000000', 'call   0xd0000000'],
])('%s', (text, named) => {
  expect(withNames(SYMBOLS, text)).toBe(named);
  expect(withNames(null, text)).toBe(text);
});

test.each<[string, number | null]>([
  ['add', 0xc0101000],
  ['start_kernel+0x4', 0xc0100004],
  ['0xc0100001', 0xc0100001],
  ['c0100001', 0xc0100001],
  ['nothing', null],
])('“%s” is an instruction at %i', (text, address) => expect(addressMeant(SYMBOLS, text)).toBe(address));

test('without names there are addresses', () => {
  expect(nameOf(null, 0xc0100000)).toBeNull();
  expect(addressMeant(null, 'start_kernel')).toBeNull();
  expect(addressMeant(null, '0x1000')).toBe(0x1000);
});
