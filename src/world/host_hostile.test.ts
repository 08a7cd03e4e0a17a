/**
 * Guests that make random hypercalls. Whatever they ask, the Host survives: the world ends by itself or runs out of
 * time, never by an exception, and every page comes back.
 */
import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const BASE = 0x100000;
const DATA = 0x108000;
const CALLS = 40;

/** A generator of random words (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** An ELF file with one segment at {@link BASE}. */
function elf(code: Uint8Array): Uint8Array {
  const file = new Uint8Array(0x1000 + code.length);
  const words = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  words.setUint32(16, 0x00030002, true);
  [1, BASE, 52, 0, 0, 0x00200034, 1].forEach((word, i) => words.setUint32(20 + 4 * i, word, true));
  [1, 0x1000, BASE, BASE, code.length, code.length, 7, 0x1000].forEach((word, i) => words.setUint32(52 + 4 * i, word, true));
  file.set(code, 0x1000);
  return file;
}

/** LGUEST_INIT, then calls with arguments that are sometimes sensible, between which it touches memory here and there. */
function hostileGuest(seed: number): Uint8Array {
  const random = generator(seed);
  const code = new Uint8Array(0xa000);
  const words = new DataView(code.buffer);
  let at = 0;
  const emit = (...bytes: number[]): void => { code.set(bytes, at); at += bytes.length; };
  const move = (opcode: number, value: number): void => { emit(opcode, 0, 0, 0, 0); words.setUint32(at - 4, value, true); };
  const call = (...[eax, edx, ebx, ecx]: number[]): void => {
    move(0xb8, eax);
    move(0xba, edx);
    move(0xbb, ebx);
    move(0xb9, ecx);
    emit(0xcd, 0x1f);
  };
  const pick = <T>(...from: T[]): T => from[random() % from.length];
  const word = (): number => pick(
    0, 1, 2, 3, 32, 0x61, 0x69, 0x7b, random() % 1024, BASE, DATA, 0x1ff000, 0x200000, 0xc0000000, 0xffc00000, 0xffffffff, random(), random() & 0x1fffff,
    (random() & 0x1ff000) | (random() & 0xfff), 0x8e00, 0x8f00, 0xc010ef00,
  ) >>> 0;

  move(0xbc, BASE + 0xa000);
  call(1, DATA, 0, 0);
  const kinds = [0, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17];
  for (let i = 0; i < CALLS; i++) {
    call(random() % 40 === 0 ? word() : pick(...kinds), word(), word(), word());
    if (random() % 3 === 0) { move(0xa1, word()); }
    if (random() % 5 === 0) { emit(0x8e, pick(0xd8, 0xc0, 0xe8)); }
    if (random() % 7 === 0) { emit(...pick([0xcd, 0x80], [0x0f, 0x0b], [0xcc], [0xfa], [0x9d], [0xf4], [0xe4, 0x60], [0xcf])); }
  }
  call(2, BASE, 1, 0);
  const data = DATA - BASE;
  for (let i = 0; i < 64; i++) code[data + 0x14 + i] = random() % 8 === 0 && seed % 3 === 0 ? 0 : 0xff;
  for (let i = 0; i < 256; i++) words.setUint32(data + 0x54 + 4 * i, i % 4 === 0 ? pick(...kinds) : word(), true);
  words.setUint32(data + 0x460, word(), true);
  words.setUint32(data + 0x464, word(), true);
  words.setUint32(data + 0x468, pick(0xc0000000, 0xc0000000, 0, 0xffc00000, word()), true);
  words.setUint32(data + 0x46c, seed % 16 === 0 ? word() : 0x80, true);
  return elf(code);
}

function run(image: Uint8Array, seed: number): string {
  const world = World.create({ argv: ['2', 'k'], files: (path) => (path === 'k' ? image : undefined), keepEvents: false, seed });
  const stop = world.run(200_000);
  return stop.reason === 'panicked' ? `panic: ${stop.message}` : stop.reason;
}

describe('the Host survives', () => {
  test('a hundred and fifty Guests with random hypercalls', () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      const end = run(hostileGuest(seed), seed);
      expect(['exited', 'limit', 'idle'], `seed ${seed}: ${end}`).toContain(end);
      ends.add(end);
    }
    expect(ends).toContain('exited');
  });

  test('thirty Guests of random bytes', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = generator(seed);
      const end = run(elf(Uint8Array.from({ length: 0x2000 }, random)), seed);
      expect(['exited', 'limit', 'idle'], `seed ${seed}: ${end}`).toContain(end);
    }
  });
});
