/**
 * Hostile machine code, on the real path: through the Switcher, the processor's own tables, traps that go straight to the Guest, and back. Tables of hypercalls
 * that a loop of the Guest works through, noise in ring 1 and ring 3, descriptors that promise ring 0. The Host must stay in charge.
 */
import { describe, expect, test } from 'vitest';
import { current, sysRead } from '#hostos';
import { LHCALL } from '#tangled/host/lg.ts';
import { loadGuestIdtEntry } from '#tangled/host/interrupts_and_traps.ts';
import { reasonOf } from './deaths.ts';
import { Dice, effort } from '#testing';
import { checkInvariants, watch } from './invariants.ts';
import type { Watch } from './invariants.ts';
import { mapped, randomCall, randomWord, scribble } from './malice.ts';
import { buildStage, closeGuest, hypercall, KERNEL, LAYOUT, openGuest, PAGE, place, poke, realAddress, REG, writeReg } from './stage.ts';
import type { Puppet, Stage } from './stage.ts';

/** Two pages of the Guest that hold what it runs, and reads as its table of calls. */
const NOISE = 0x60;
const CALLS = 0x70;
const STACK_TOP = KERNEL + (LAYOUT.stack + 2) * PAGE;

/** Loads EAX, EDX, EBX, ECX from ESI on, 16 bytes further each time, and makes the call: for ever. */
const LOOP = [0x8b, 0x06, 0x8b, 0x56, 0x04, 0x8b, 0x5e, 0x08, 0x8b, 0x4e, 0x0c, 0x83, 0xc6, 0x10, 0xcd, 0x1f, 0xeb, 0xee];

/** At 0x40 behind it: forgets the trap and goes on there. */
const RESUME = [0xbc, ...new Uint8Array(Uint32Array.of(STACK_TOP).buffer), 0xeb, -0x47 & 0xff];

/** Reads the Guest's file as a Launcher does, until it is dead or has had its share; then a break gets it out. Looks at the invariants at every return. */
function run(puppet: Puppet, seen: Watch, instructions: number): void {
  const { cpu, lg, task, fd } = puppet;
  const { machine } = current;
  const end = machine.cpu.instructions + instructions;
  for (let reads = 0; lg.dead === null && machine.cpu.instructions < end && reads < 1000; reads++) {
    current.limit = end;
    sysRead(fd, 4);
    if (task.state === 'interruptible') {
      task.state = 'running';
      cpu.irqsPending |= 2;
      if (reads % 4 === 3) cpu.halted = false;
    }
    if (!cpu.entered) checkInvariants(seen, puppet, reads % 8 === 0);
  }
  if (cpu.entered) {
    // The next tick at the latest gives the processor back.
    cpu.breakOut = true;
    current.limit = machine.cpu.instructions + 250_000;
    sysRead(fd, 4);
    expect(cpu.entered, 'the Guest keeps the processor').toBe(false);
  }
  checkInvariants(seen, puppet);
}

/** A Guest with gates for (almost) everything, each leading into its noise. */
function open(dice: Dice, always?: number): Puppet {
  const puppet = openGuest();
  hypercall(puppet, LHCALL.LGUEST_INIT, LAYOUT.data * PAGE);
  hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
  hypercall(puppet, LHCALL.SET_STACK, 0x69, STACK_TOP, 2);
  for (let vector = 0; vector < 64; vector++) {
    const handler = always ?? KERNEL + NOISE * PAGE + dice.below(2 * PAGE);
    if (!dice.oneIn(20))
      loadGuestIdtEntry(
        puppet.cpu,
        vector,
        0x610000 | (handler & 0xffff),
        (handler & 0xffff0000) | dice.pick([0x8e00, 0x8f00, 0xee00, 0xef00]),
      );
  }
  loadGuestIdtEntry(puppet.cpu, 0x80, 0x610000 | 0x6000, ((KERNEL + NOISE * PAGE) & 0xffff0000) | 0xef00);
  return puppet;
}

function pokeBytes(puppet: Puppet, address: number, bytes: ArrayLike<number>): void {
  for (let i = 0; i < bytes.length; i++) current.machine.ram.write8(realAddress(puppet, address + i), bytes[i]);
}

/** Instructions that matter here, between random ones: traps, segments, ports, privileged ones, far jumps, returns. */
const WORDS: readonly (readonly number[])[] = [
  [0xcd, 0x1f],
  [0xcd, 0x80],
  [0xcc],
  [0xce],
  [0x0f, 0x0b],
  [0xf4],
  [0xfa],
  [0xfb],
  [0xcf],
  [0xcb],
  [0x9c],
  [0x9d],
  [0x1e],
  [0x1f],
  [0x07],
  [0x17],
  [0x0f, 0xa1],
  [0x0f, 0xa9],
  [0x8e, 0xd8],
  [0x8e, 0xc0],
  [0x8e, 0xd0],
  [0x8e, 0xe0],
  [0x8e, 0xe8],
  [0x0f, 0x20, 0xc0],
  [0x0f, 0x22, 0xc0],
  [0x0f, 0x22, 0xd8],
  [0x0f, 0x01, 0x10],
  [0x0f, 0x01, 0x18],
  [0x0f, 0x00, 0xd8],
  [0x0f, 0x00, 0xd0],
  [0x0f, 0x06],
  [0x0f, 0x32],
  [0x0f, 0x30],
  [0xe4, 0x60],
  [0xed],
  [0x66, 0xef],
  [0x6c],
  [0xf3, 0xa4],
  [0xf3, 0xab],
  [0xd9, 0xe8],
  [0x9b],
  [0xdd, 0x06],
  [0x0f, 0xa2],
  [0x0f, 0x31],
  [0x60],
  [0x61],
  [0xc8, 0x10, 0, 2],
  [0x0f, 0xc7, 0x0e],
  [0xff, 0x1e],
  [0xff, 0x2e],
];

/** A page of code. */
function noise(dice: Dice): Uint8Array {
  const bytes = dice.bytes(PAGE);
  if (dice.oneIn(4)) return bytes;
  for (let at = 0; at < PAGE - 8; ) {
    const action = dice.below(8);
    if (action < 3) {
      const word = dice.pick(WORDS);
      bytes.set(word, at);
      at += word.length;
    } else if (action < 5) {
      // A register gets something that may be an address, a selector, a number of a call.
      const value = dice.pick([randomWord(dice), mapped(dice), dice.below(256), dice.pick([0x50, 0x58, 0x61, 0x69, 0x73, 0x7b, 0x80])]);
      bytes.set([0xb8 + dice.below(8), value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24], at);
      at += 5;
    } else if (action < 6) {
      const value = dice.oneIn(2)
        ? mapped(dice)
        : dice.pick([0xffc00000, 0xffc01000, 0xffc01fb8, 0xffc02000, 0xffc02888]) + 4 * dice.below(64);
      bytes.set([dice.pick([0xa1, 0xa3]), value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24], at);
      at += 5;
    } else {
      at += 1 + dice.below(4);
    }
  }
  return bytes;
}

/** Tallies ends; throws with the seed where something broke. */
function each(count: number, live: (dice: Dice, seed: number) => Puppet, stage: Stage): Record<string, number> {
  const ends: Record<string, number> = {};
  for (let seed = 0; seed < count; seed++) {
    current.data.random.state = seed + 1;
    try {
      const puppet = live(new Dice(seed), seed);
      const { dead } = puppet.lg;
      const end = dead === null ? 'alive' : reasonOf(dead);
      if (end === null) throw new Error(`nobody knows this reason: ${dead}`);
      ends[end] = (ends[end] ?? 0) + 1;
      closeGuest(stage, puppet);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return ends;
}

describe('the Host survives, on the real path,', () => {
  const stage = buildStage({ seed: 11 });
  const seen = watch();

  test('Guests that work through tables of random calls', () => {
    const before = stage.hypercalls;
    const ends = each(
      400 * effort(),
      (dice) => {
        const puppet = open(dice, KERNEL + LAYOUT.code * PAGE + 0x40);
        pokeBytes(puppet, LAYOUT.code * PAGE, LOOP);
        pokeBytes(puppet, LAYOUT.code * PAGE + 0x40, RESUME);
        for (let n = 0; n < 4096; n++) if (n % 4 === 0) poke(puppet, CALLS * PAGE + 4 * n, randomCall(dice));
        place(puppet, { eip: KERNEL + LAYOUT.code * PAGE, esp: STACK_TOP });
        writeReg(puppet.cpu, REG.esi, KERNEL + CALLS * PAGE);
        run(puppet, seen, 40_000);
        return puppet;
      },
      stage,
    );
    process.stdout.write(`hostile tables: ${JSON.stringify({ calls: stage.hypercalls - before, checks: seen.checks, ends })}\n`);
    expect(Object.keys(ends).length).toBeGreaterThan(3);
  });

  test.each([
    ['ring 1', false],
    ['ring 3', true],
  ] as const)('noise in %s', (_, user) => {
    const ends = each(
      250 * effort(),
      (dice) => {
        const puppet = open(dice);
        pokeBytes(puppet, NOISE * PAGE, noise(dice));
        pokeBytes(puppet, (NOISE + 1) * PAGE, noise(dice));
        if (dice.oneIn(3)) scribble(puppet, dice, dice.pick([LAYOUT.directory, LAYOUT.kernel, LAYOUT.identity]));
        if (dice.oneIn(3)) {
          scribble(puppet, dice, LAYOUT.gdt);
          hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
        }
        place(puppet, { eip: (user ? 0 : KERNEL) + NOISE * PAGE + dice.below(PAGE), esp: user ? 0x50000 : STACK_TOP, user });
        for (const register of [REG.eax, REG.ebx, REG.ecx, REG.edx, REG.esi, REG.edi, REG.ebp])
          writeReg(puppet.cpu, register, randomWord(dice));
        if (dice.oneIn(8)) writeReg(puppet.cpu, REG.eflags, (dice.word() & 0x0cd5) | 0x202);
        run(puppet, seen, 20_000);
        return puppet;
      },
      stage,
    );
    process.stdout.write(`hostile noise: ${JSON.stringify({ checks: seen.checks, ends })}\n`);
  });

  const le = (word: number): number[] => [...new Uint8Array(Uint32Array.of(word).buffer)];
  /** GDT entry 20, and the selectors that name it. */
  const ENTRY = 20;
  const TSS_PAGE = 0x50;

  test.each<[string, [number, number], number[], RegExp]>([
    ['a far jump into the Switcher’s code segment', [0, 0], [0xea, ...le(0xffc00000), 0x50, 0], /^unhandled trap 13 .*\(0x50\)/],
    ['the Switcher’s data segment for a stack', [0, 0], [0xb8, ...le(0x58), 0x8e, 0xd0], /^unhandled trap 13 .*\(0x58\)/],
    ['a return to ring 0', [0, 0], [0x6a, 0, 0x6a, 0x50, 0x68, ...le(0xffc00000), 0xcf], /^unhandled trap 13 .*\(0x50\)/],
    ['a call gate', [0x500000, 0xffc0ec00], [0x9a, ...le(0), 0xa3, 0], /^unhandled trap 13 .*\(0xa0\)/],
    ['a 16-bit call gate, which the Host makes a task gate', [0x500000, 0xe400], [0x9a, ...le(0), 0xa3, 0], /^unhandled trap (10|13) /],
    ['a task gate to the Switcher’s own TSS', [0x800000, 0xe500], [0xea, ...le(0), 0xa3, 0], /^unhandled trap 13 .*\(0x80\)/],
    [
      'a task of the Guest’s own that would begin in ring 0',
      [(TSS_PAGE << 28) | 0x67, 0xe900 | (TSS_PAGE >>> 4)],
      [0xea, ...le(0), 0xa3, 0],
      /^unhandled trap 14 .*\(0xffc02/,
    ],
    [
      'calling that task',
      [(TSS_PAGE << 28) | 0x67, 0xe900 | (TSS_PAGE >>> 4)],
      [0x9a, ...le(0), 0xa3, 0],
      /^unhandled trap 14 .*\(0xffc02/,
    ],
    ['conforming code of ring 0', [0xffff, 0xcf9e00], [0xea, ...le(KERNEL + NOISE * PAGE), 0xa0, 0], /^unhandled trap 6 /],
    ['an interrupt gate, left in the GDT', [0x500000, 0xffc0ee00], [0x9a, ...le(0), 0xa3, 0], /^unhandled trap 13 .*\(0xa0\)/],
    ['the task register', [0, 0], [0xb8, ...le(0x80), 0x0f, 0x00, 0xd8], /^unhandled trap 13 .*\(0x0\)/],
    ['another page directory', [0, 0], [0x0f, 0x22, 0xd8], /^unhandled trap 13 .*\(0x0\)/],
    ['a write to the Switcher’s text', [0, 0], [0xa3, ...le(0xffc00000)], /^unhandled trap 14 .*\(0xffc00000\)/],
    ['a write to the processor’s GDT', [0, 0], [0xa3, ...le(0xffc02888)], /^unhandled trap 14 .*\(0xffc02888\)/],
    ['the stack in the Switcher’s state', [0, 0], [0xbc, ...le(0xffc02900), 0x50], /^unhandled trap 14 .*\(0xffc028fc\)/],
    [
      'a hypercall’s gate from the program',
      [0, 0],
      [0x6a, 0x7b, 0x68, ...le(0x50000), 0x6a, 2, 0x6a, 0x73, 0x68, ...le((NOISE + 1) * PAGE), 0xcf],
      /^unhandled trap 13 .*\(0xfa\)/,
    ],
  ])('%s: no', (_, [low, high], code, reason) => {
    const puppet = openGuest();
    hypercall(puppet, LHCALL.LGUEST_INIT, LAYOUT.data * PAGE);
    poke(puppet, LAYOUT.gdt * PAGE + 8 * ENTRY, [low, high]);
    hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
    hypercall(puppet, LHCALL.SET_STACK, 0x69, STACK_TOP, 2);
    // A task state whose EIP, CS, SS, DS and CR3 the Guest would love to see loaded.
    poke(puppet, TSS_PAGE * PAGE + 0x1c, [current.data.boot.pageDirectory, KERNEL + NOISE * PAGE, 2]);
    poke(puppet, TSS_PAGE * PAGE + 0x48, [0x58, 0x50, 0x58, 0x58]);
    pokeBytes(puppet, LAYOUT.code * PAGE, code);
    pokeBytes(puppet, NOISE * PAGE, [0x0f, 0x0b]);
    pokeBytes(puppet, (NOISE + 1) * PAGE, [0xcd, 0x1f]);
    place(puppet, { eip: KERNEL + LAYOUT.code * PAGE, esp: STACK_TOP });
    run(puppet, seen, 20_000);
    expect(puppet.lg.dead).toMatch(reason);
    closeGuest(stage, puppet);
  });

  test('a handler that faults before its first instruction, on a stack without end: the clock goes on, and the Host gets its processor back', () => {
    const puppet = openGuest();
    hypercall(puppet, LHCALL.LGUEST_INIT, LAYOUT.data * PAGE);
    // 64 KB from 0x80000 on, 16-bit: the stack pointer wraps inside.
    poke(puppet, LAYOUT.gdt * PAGE + 8 * ENTRY, [0xffff, 0x00b308 | 0]);
    hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
    loadGuestIdtEntry(puppet.cpu, 6, 0x610000 | (LAYOUT.code * PAGE + 16), KERNEL | 0x8f00);
    pokeBytes(puppet, LAYOUT.code * PAGE, [0xb8, ...le(8 * ENTRY + 1), 0x8e, 0xd0, 0x0f, 0x0b]);
    pokeBytes(puppet, LAYOUT.code * PAGE + 16, [0x0f, 0x0b]);
    place(puppet, { eip: KERNEL + LAYOUT.code * PAGE, esp: STACK_TOP });
    const before = current.machine.cpu.instructions;
    run(puppet, seen, 150_000);
    expect(puppet.lg.dead).toBeNull();
    expect(current.machine.cpu.instructions - before).toBeGreaterThan(140_000);
    closeGuest(stage, puppet);
  });
});
