/**
 * Guests that make random hypercalls. Whatever they ask, the Host survives: the world ends by itself or runs out of
 * time, never by an exception, and every page comes back.
 */
import { describe, expect, test } from 'vitest';
import { freePages, within } from '#hostos';
import type { Kernel } from '#hostos';
import { program } from '#lguest';
import { World } from '#world';

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

/**
 * LGUEST_INIT and a gate for every exception; then calls whose arguments are mostly sensible, between which the Guest touches memory, loads segments
 * and executes what it may not. Its handler forgets the trap and goes on behind the instruction.
 */
function hostileGuest(seed: number): Uint8Array {
  const random = generator(seed);
  const code = new Uint8Array(0xa000);
  const words = new DataView(code.buffer);
  let at = 0;
  const pick = <T>(...from: T[]): T => from[random() % from.length];
  const rarely = (usual: number, never: number): number => (random() % 60 === 0 ? never : usual) >>> 0;
  const emit = (...bytes: number[]): void => {
    code.set(bytes, at);
    at += bytes.length;
  };
  const emit32 = (word: number): void => {
    words.setUint32(at, word, true);
    at += 4;
  };
  const move = (opcode: number, word: number): void => {
    emit(opcode);
    emit32(word);
  };
  const call = (...[eax, edx, ebx, ecx]: number[]): void => {
    move(0xb8, eax);
    move(0xba, edx);
    move(0xbb, ebx);
    move(0xb9, ecx);
    emit(0xcd, 0x1f);
  };
  const inside = (): number => (random() & 0x1fffff) >>> 0;
  const anywhere = (): number => pick(0, 1, 0x1ff000, 0x200000, 0xc0000000, 0xffbff000, 0xffc00000, 0xffffffff, random(), inside());
  const directory = (): number => rarely(pick(0x1ff000, 0x150000, 0x151000, 0x152000, 0x153000), anywhere());

  // Where to go on after a trap, and the handler: MOV ESP, JMP through that word.
  const resume = DATA + 0x700;
  const gdt = DATA + 0x800;
  emit(0xeb, 11);
  const handler = BASE + at;
  move(0xbc, BASE + 0xa000);
  emit(0xff, 0x25);
  emit32(resume);
  const risky = (...bytes: number[]): void => {
    emit(0xc7, 0x05);
    emit32(resume);
    const target = at;
    at += 4;
    emit(...bytes);
    words.setUint32(target, BASE + at, true);
  };

  move(0xbc, BASE + 0xa000);
  call(1, DATA, 0, 0);
  // Four more directories like the first.
  for (const copy of [0x150000, 0x151000, 0x152000, 0x153000]) {
    emit(0x8b, 0x35);
    emit32(DATA + 0x45c);
    move(0xbf, copy);
    move(0xb9, 1024);
    emit(0xf3, 0xa5);
  }
  for (let vector = 0; vector < 32; vector++)
    call(6, vector, 0x00610000 | (handler & 0xffff), (handler & 0xffff0000) | pick(0x8e00, 0x8f00));
  const kinds: (() => number[])[] = [
    () => [0, 0, 0, 0],
    () => [3, rarely(gdt, anywhere()), rarely(pick(20, 32), anywhere()), 0],
    () => [4, directory(), 0, 0],
    () => [5, random() % 2, 0, 0],
    () => [6, rarely(32 + (random() % 224), anywhere()), random(), rarely((random() & 0xffff60ff) | pick(0x8e00, 0x8f00, 0xe00), random())],
    () => [7, rarely(0x69, anywhere()), pick(BASE + 0xa000, BASE + 0x9000), rarely(random() % 3, anywhere())],
    () => [8, pick(0, 8), 0, 0],
    () => [9, pick(0, 100, 1000, random()), 0, 0],
    () => [
      14,
      directory(),
      rarely(pick(0x160000 + (random() & 0x6ffff), 0x400000 | (random() & 0x7fffffff), 0xc0000000 + inside()), anywhere()),
      rarely(inside() & ~0x198, random()),
    ],
    () => [15, directory(), random() % 1100, 0],
    () => [16, rarely(0x140000, anywhere()), random(), 0],
    () => [17, rarely(0x140000 + (random() % 4096), anywhere()), 0, 0],
  ];
  for (let i = 0; i < CALLS; i++) {
    call(...(random() % 200 === 0 ? [anywhere(), random(), random(), random()] : pick(...kinds)()));
    if (random() % 3 === 0)
      risky(
        pick(0xa1, 0xa3),
        ...new Uint8Array(Uint32Array.of(pick(0x160000 + (random() & 0x6ffff), 0x160000 + (random() & 0x6ffff), anywhere())).buffer),
      );
    if (random() % 5 === 0) risky(0xb8, random() & 0xff, 0, 0, 0, 0x8e, pick(0xe0, 0xe8));
    if (random() % 4 === 0)
      risky(...pick([0xcd, 0x80], [0x0f, 0x0b], [0xcc], [0xfa], [0xf4], [0xe4, 0x60], [0xed], [0x0f, 0x20, 0xc0], [0x9d]));
  }
  call(2, BASE, 1, 0);
  const data = DATA - BASE;
  for (let i = 0; i < 64; i++) words.setUint32(data + 0x800 + 4 * i, random(), true);
  [0xcfbb00, 0xcfb300, 0xcffb00, 0xcff300].forEach((high, i) => {
    words.setUint32(data + 0x800 + 8 * (12 + i), 0xffff, true);
    words.setUint32(data + 0x804 + 8 * (12 + i), high, true);
  });
  for (let i = 0; i < 64; i++) code[data + 0x14 + i] = seed % 3 === 0 && random() % 8 === 0 ? 0 : 0xff;
  for (let i = 0; i < 64; i++) {
    const [nr, arg1, arg2, arg3] = pick(...kinds)();
    [nr, arg2, arg3, arg1].forEach((word, n) => words.setUint32(data + 0x54 + 16 * i + 4 * n, word, true));
  }
  words.setUint32(data, pick(0, 0x200), true);
  words.setUint32(data + 0x460, anywhere(), true);
  words.setUint32(data + 0x464, anywhere(), true);
  words.setUint32(data + 0x468, rarely(pick(0xc0000000, 0xc0000000, 0x400000, 0), anywhere()), true);
  words.setUint32(data + 0x46c, rarely(0x80, anywhere()), true);
  return elf(code);
}

function run(image: Uint8Array, seed: number): string {
  let host: Kernel | undefined;
  const install = (kernel: Kernel): void => program.install((host = kernel));
  const world = World.create({
    program: { ...program, install },
    argv: ['2', 'k'],
    files: (path) => (path === 'k' ? image : undefined),
    keepEvents: false,
    seed,
  });
  const free = (): number => within(host as Kernel, freePages);
  const before = free();
  const stop = world.run(200_000);
  if (stop.reason === 'exited' && free() !== before) return `${before - free()} pages lost`;
  return stop.reason === 'panicked' ? `panic: ${stop.message}` : stop.reason;
}

describe('the Host survives', () => {
  test('sixty Guests with random hypercalls', () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const end = run(hostileGuest(seed), seed);
      expect(['exited', 'limit', 'idle'], `seed ${seed}: ${end}`).toContain(end);
      ends.add(end);
    }
    expect(ends).toContain('exited');
  });

  test('fifteen Guests of random bytes', () => {
    for (let seed = 1; seed <= 15; seed++) {
      const random = generator(seed);
      const end = run(elf(Uint8Array.from({ length: 0x2000 }, random)), seed);
      expect(['exited', 'limit', 'idle'], `seed ${seed}: ${end}`).toContain(end);
    }
  });
});
