import { describe, expect, test } from 'vitest';
import { callerOf, callersOf } from './callers.ts';
import type { Calling } from './callers.ts';

/** Code at 0x1000: bytes in hexadecimal, by address. Stack: words from `esp` on. */
interface Case {
  readonly code: Readonly<Record<number, string>>;
  readonly eip: number;
  readonly esp: number;
  readonly stack: readonly number[];
  readonly ebp?: number;
}

function callingOf({ code, eip, esp, stack, ebp = 0 }: Case): Calling {
  const memory = new Map<number, number>();
  for (let at = 0x1000; at < 0x1100; at++) memory.set(at, 0x90);
  for (const [at, text] of Object.entries(code))
    text.split(' ').forEach((byte, n) => memory.set(Number(at) + n, Number.parseInt(byte, 16)));
  stack.forEach((word, n) => [0, 8, 16, 24].forEach((shift, byte) => memory.set(esp + 4 * n + byte, (word >>> shift) & 0xff)));
  const bytes = (address: number, count: number): Uint8Array => {
    const found: number[] = [];
    for (let at = address; at < address + count && memory.has(at); at++) found.push(memory.get(at) ?? 0);
    return Uint8Array.from(found);
  };
  const word = (address: number): number | null => {
    const four = bytes(address, 4);
    return four.length < 4 ? null : new DataView(four.buffer).getUint32(0, true);
  };
  return { registers: { eip, esp, ebp, cs: 0x61 }, word, bytes };
}

/** A call at 0x1020 that leads to 0x1080. */
const CALL = { 0x1020: 'e8 5b 00 00 00' };

describe('who called', () => {
  test.each<[string, Case, object | null]>([
    [
      'the word on top',
      { code: CALL, eip: 0x1080, esp: 0x8000, stack: [0x1025, 0, 0] },
      { address: 0x1025, slot: 0x8000, call: 0x1020, frame: 0 },
    ],
    [
      'below what was pushed since',
      { code: CALL, eip: 0x1084, esp: 0x8000, stack: [7, 0x1081, 0x1025, 0] },
      { address: 0x1025, slot: 0x8008 },
    ],
    ['a call that led elsewhere is none', { code: { 0x1020: 'e8 9b 00 00 00' }, eip: 0x1080, esp: 0x8000, stack: [0x1025] }, null],
    [
      'an indirect call',
      { code: { 0x1020: 'ff 15 00 20 00 00' }, eip: 0x1080, esp: 0x8000, stack: [0x1026] },
      { address: 0x1026, call: 0x1020 },
    ],
    ['one by a register', { code: { 0x1020: 'ff d0' }, eip: 0x1080, esp: 0x8000, stack: [0x1022] }, { call: 0x1020 }],
    [
      'what a trap interrupted',
      { code: {}, eip: 0x1080, esp: 0x8000, stack: [5, 0x1033, 0x61, 0x202] },
      { address: 0x1033, slot: 0x8004, call: null },
    ],
    [
      'by frame pointer',
      { code: CALL, eip: 0x1090, esp: 0x8000, ebp: 0x8010, stack: [0x1025, 1, 2, 3, 0x8020, 0x1025] },
      { slot: 0x8014, frame: 0x8020 },
    ],
    [
      'before the frame is made',
      { code: { ...CALL, 0x1080: '55 89 e5' }, eip: 0x1080, esp: 0x8000, ebp: 0x8010, stack: [0x1025, 0, 0, 0, 0, 0x1025] },
      { slot: 0x8000, frame: 0x8010 },
    ],
    [
      'half way',
      { code: { ...CALL, 0x1080: '55 89 e5' }, eip: 0x1081, esp: 0x8000, ebp: 0x8010, stack: [0x8010, 0x1025, 0, 0, 0, 0x1025] },
      { slot: 0x8004, frame: 0x8010 },
    ],
    ['nobody', { code: CALL, eip: 0x1080, esp: 0x8000, stack: [1, 2, 3] }, null],
  ])('%s', (_, one, expected) => {
    const found = callerOf(callingOf(one));
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });

  test('and who called that, by linked frames', () => {
    const calling = callingOf({
      code: { ...CALL, 0x1040: 'e8 3b 00 00 00' },
      eip: 0x1090,
      esp: 0x8000,
      ebp: 0x8000,
      stack: [0x8010, 0x1045, 0, 0, 0, 0x1025],
    });
    expect(callersOf(calling, 9).map(({ address }) => address)).toEqual([0x1045, 0x1025]);
  });
});
