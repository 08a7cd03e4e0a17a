import { describe, expect, it } from 'vitest';
import { viewMemory } from './memory.ts';
import type { MemorySight } from './memory.ts';

/** A processor whose registers are 0 but for some; a byte's value is its address's lowest; nothing is mapped from `end` on, nor below 4096. */
const sight = (registers: Partial<MemorySight['machine']['cpu']>, end = 0x10000): MemorySight => ({
  machine: {
    cpu: { eax: 0, ebx: 0, ecx: 0, edx: 0, esi: 0, edi: 0, ebp: 0, esp: 0, ...registers },
    readLinear: (address, count) =>
      address < 4096 ? new Uint8Array() : Uint8Array.from({ length: Math.max(0, Math.min(count, end - address)) }, (_, n) => address + n),
  },
});

describe('the memory to which registers point', () => {
  it('is four words before that, and twelve from there on, lowest byte first', () => {
    const [{ register, address, words }] = viewMemory(sight({ esp: 0x2010 }));
    expect([register, address, words.length]).toEqual(['esp', 0x2000, 16]);
    expect(words.slice(0, 2)).toEqual([0x03020100, 0x07060504]);
  });

  it.each<[string, Parameters<typeof sight>, (number | null)[]]>([
    ['a pointer to no word’s beginning: from the word that it is in', [{ esi: 0x2013 }], [0x2000, 0x03020100]],
    ['nothing mapped before it', [{ edi: 0x1000 }], [0xff0, null]],
  ])('%s', (_what, given, expected) => {
    const [{ address, words }] = viewMemory(sight(...given));
    expect([address, words[0]]).toEqual(expected);
  });

  it('leaves out what points to nothing', () => {
    expect(viewMemory(sight({ esp: 0x20000, ebp: 0x10002, eax: 0xffffffff })).map(({ register }) => register)).toEqual([]);
    expect(viewMemory(sight({ ebp: 0x3000, eax: 0x3000 })).map(({ register }) => register)).toEqual(['ebp', 'eax']);
  });
});
