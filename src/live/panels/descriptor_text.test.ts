/** Descriptors taken apart, against the machine's own reading of them; gates, against the manual. */
import { describe, expect, test } from 'vitest';
import { parseDescriptor } from '../../machine/protection/descriptors.ts';
import { dice } from '../../world/views/testing/random_tables.ts';
import { decode, decodeGate, kindOf, ringOf, selectorText, tellReach } from './descriptor_text.ts';

test('random descriptors: base, limit and ring as the machine reads them', () => {
  const random = dice(7);
  for (let n = 0; n < 2000; n++) {
    const [low, high] = [Math.floor(random() * 2 ** 32), Math.floor(random() * 2 ** 32)];
    const { base, limit, attr } = parseDescriptor(0, 0, low, high);
    expect(decode([low, high])).toMatchObject({ base, limit, ring: ringOf(attr), kind: kindOf(attr), present: (attr & 0x80) !== 0 });
  }
});

describe('what a descriptor is', () => {
  test.each([
    [0xc09b, 'code'],
    [0xc09a, 'code, never used'],
    [0xc093, 'data'],
    [0xc091, 'data, read-only'],
    [0xc097, 'data, expands down'],
    [0xc09f, 'code, conforming'],
    [0x809b, '16-bit code'],
    [0xc099, 'code, not to be read'],
    [0x0089, 'TSS, free'],
    [0x008b, 'TSS, busy'],
    [0x0082, 'LDT'],
    [0x0013, 'not present'],
    [0, 'nothing loaded'],
  ])('%x is %s', (attributes, words) => expect(kindOf(attributes)).toBe(words));
});

test('a gate has a selector and an offset in two halves', () => {
  expect(decodeGate([0x00611234, 0xc010ef00])).toEqual({ present: true, kind: 'trap gate', selector: 0x61, offset: 0xc0101234 });
});

test.each([
  [0x61, 'GDT 12, ring 1'],
  [0x7b, 'GDT 15, ring 3'],
  [0x0c, 'LDT 1, ring 0'],
  [3, 'null'],
])('selector %x is %s', (selector, words) => expect(selectorText(selector)).toBe(words));

test('who may not raise a vector meets its number in the error code', () => {
  const gate = { index: 3, at: null, asked: [0, 0], real: [0, 0], route: 'host', reach: 0 } as const;
  expect(tellReach(gate)).toContain('error code 26');
});
