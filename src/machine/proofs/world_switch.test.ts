import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { moveToControl } from '../protection/control_registers.ts';
import { EXCEPTION, EXTERNAL, deliver, iret32, softwareInterrupt } from '../protection/interrupts.ts';
import { readV32, writeV32 } from '../protection/operands.ts';
import { moveToSegment } from '../protection/segments.ts';
import { currentStack, pop, push } from '../protection/stack.ts';
import { lgdt32, lidt32, ltr, str } from '../protection/tables.ts';
import { callFarMemory32 } from '../protection/transfers.ts';
import { bench, descriptor, outcome, peek, poke, poke16, stackWords, where } from './testing.ts';

/**
 * The path that matters most here, walked by hand: a hypervisor enters a guest from ring 0 through its own GDT, IDT, TSS and
 * page tables, the guest traps back, and everything lands where the next step looks for it. What lies at the same linear address
 * is two different physical pages in the two address spaces.
 */

const HOST_ROOT = 0x20000;
const GUEST_ROOT = 0x22000;
/** The pages both worlds see, at 0xFFC00000: text, then registers (another page in each world), then state (read-only to the guest's world). */
const TEXT = 0xffc00000;
const REGISTERS = 0xffc01000;
const STATE = 0xffc02000;
const HOST_COPY = 0x41000;
const GUEST_COPY = 0x42000;
const STATE_PAGE = 0x43000;
const HOST_GDT = 0x1000;
const GUEST_GDT = STATE + 0x100;
const GUEST_IDT = STATE + 0x400;
const GUEST_TSS = STATE + 0xd00;
/** Where the CPU's frame ends: the register block, 18 words at the end of its page. */
const BLOCK_END = REGISTERS + 0x1000;
const BLOCK = BLOCK_END - 18 * 4;

let cpu: Cpu;

function setDescriptor(physical: number, text: string): void {
  const [low, high] = descriptor(text);
  poke(cpu, physical, low);
  poke(cpu, physical + 4, high);
}

beforeEach(() => {
  cpu = bench();
  // Host: identity for 1 MiB, and the shared pages. Guest: user pages at 0x00800000 …, and the shared pages.
  poke(cpu, HOST_ROOT, 0x21003);
  for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | 3);
  poke(cpu, HOST_ROOT + 0xffc, 0x24003);
  poke(cpu, GUEST_ROOT + 0xffc, 0x25003);
  poke(cpu, GUEST_ROOT + 8, 0x26007);
  [TEXT, 0x40000, 0x40000, REGISTERS, HOST_COPY, GUEST_COPY, STATE, STATE_PAGE, STATE_PAGE].forEach((_, i, all) => {
    if (i % 3 !== 0) return;
    const slot = ((all[i] >>> 12) & 0x3ff) * 4;
    poke(cpu, 0x24000 + slot, all[i + 1] | 3);
    poke(cpu, 0x25000 + slot, all[i + 2] | (all[i] === REGISTERS ? 3 : 1));
  });
  for (let page = 0; page < 16; page++) poke(cpu, 0x26000 + page * 4, (0x50000 + page * 4096) | 7);

  // The same selectors in both GDTs: 50, 58 the switcher's code and data, 60-78 the guest's, 80 the TSS. All marked accessed.
  for (const table of [HOST_GDT, STATE_PAGE + 0x100]) {
    for (const [at, text] of [
      [0x50, 'code dpl0 r a'],
      [0x58, 'data dpl0 w a'],
      [0x60, 'code dpl1 r a'],
      [0x68, 'data dpl1 w a'],
      [0x70, 'code dpl3 r a'],
      [0x78, 'data dpl3 w a'],
    ] as const) {
      setDescriptor(table + at, text);
    }
  }
  setDescriptor(HOST_GDT + 0x80, 'tss32 dpl0 base=4000 limit=67');
  setDescriptor(STATE_PAGE + 0x180, `tss32 dpl0 base=${GUEST_TSS.toString(16)} limit=67`);
  poke(cpu, STATE_PAGE + 0xd04, BLOCK_END);
  poke(cpu, STATE_PAGE + 0xd08, 0x58);
  poke(cpu, STATE_PAGE + 0xd0c, 0x801000);
  poke(cpu, STATE_PAGE + 0xd10, 0x69);
  poke16(cpu, STATE_PAGE + 0xd66, 0x68);
  // Guest-time IDT: everything to the switcher's stubs, but 0x80 straight into ring 1 of the guest.
  for (let vector = 0; vector < 256; vector++)
    setDescriptor(STATE_PAGE + 0x400 + vector * 8, `int32 dpl0 to=50:${(TEXT + 0x100 + vector).toString(16)}`);
  setDescriptor(STATE_PAGE + 0x400 + 0x80 * 8, 'trap32 dpl3 to=61:800400');
  // Pseudo-descriptors, and the far pointer to the text.
  poke16(cpu, 0x7000, 0xff);
  poke(cpu, 0x7002, HOST_GDT);
  poke16(cpu, 0x7010, 0xff);
  poke(cpu, 0x7012, GUEST_GDT);
  poke16(cpu, 0x7020, 0x7ff);
  poke(cpu, 0x7022, GUEST_IDT);
  poke(cpu, 0x7030, TEXT);
  poke16(cpu, 0x7034, 0x50);

  const s = cpu.state;
  s.cr3 = HOST_ROOT;
  s.cr0 = 0x80010031;
  lgdt32(cpu, L.DS, 0x7000);
  ltr(cpu, 0x80);
  for (const segment of [L.DS, L.ES, L.SS]) moveToSegment(cpu, segment, 0x58);
  moveToSegment(cpu, L.FS, 0);
  moveToSegment(cpu, L.GS, 0);
  s.esp = 0x10000;
  s.eip = 0x1234;
  s.eflags = 0x46;
});

/** The way in, as far as the IRET; `frame` is what it will pop. */
function wayIn(segments: number[], frame: number[]): void {
  const s = cpu.state;
  [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, ...segments, 256, 0, ...frame].forEach((value, i) =>
    poke(cpu, GUEST_COPY + (BLOCK & 0xfff) + i * 4, value),
  );
  callFarMemory32(cpu, L.DS, 0x7030);
  s.esp = BLOCK;
  lgdt32(cpu, L.DS, 0x7010);
  lidt32(cpu, L.DS, 0x7020);
  ltr(cpu, 0x80);
  writeV32(cpu, L.DS, HOST_GDT + 0x84, readV32(cpu, L.DS, HOST_GDT + 0x84) & ~0x200);
  moveToControl(cpu, 3, GUEST_ROOT);
  const stack = currentStack(cpu);
  for (const register of [0, 3, 1, 2, 6, 7, 5]) s.setGpr(register, pop(cpu, stack, 4));
  s.esp = stack.esp;
  for (const segment of [L.GS, L.FS, L.DS, L.ES]) {
    moveToSegment(cpu, segment, readV32(cpu, L.SS, s.esp));
    s.esp += 4;
  }
  s.esp += 8;
}

/** The way back, after the stub has pushed `words`. */
function wayBack(words: number[]): void {
  const s = cpu.state;
  const stack = currentStack(cpu);
  for (const word of words) push(cpu, stack, word, 4);
  for (const segment of [L.ES, L.DS, L.FS, L.GS]) push(cpu, stack, s.selector(segment), 4);
  for (const register of [5, 7, 6, 2, 1, 3, 0]) push(cpu, stack, s.gpr(register), 4);
  s.esp = stack.esp;
  moveToSegment(cpu, L.DS, 0x58);
  moveToControl(cpu, 3, HOST_ROOT);
  writeV32(cpu, L.DS, GUEST_GDT + 0x84, readV32(cpu, L.DS, GUEST_GDT + 0x84) & ~0x200);
  lgdt32(cpu, L.DS, 0x7000);
  s.esp = 0x10000 - 8;
  ltr(cpu, 0x80);
}

describe.each([
  ['ring 1', [0, 0, 0x68, 0x68], [0x800100, 0x61, 0x202, 0x802000, 0x69], 1],
  ['ring 3', [0, 0x7b, 0x7b, 0x7b], [0x800100, 0x73, 0x202, 0x802000, 0x7b], 3],
] as const)('a world switch into %s', (_name, segments, frame, cpl) => {
  beforeEach(() => wayIn([...segments], [...frame]));

  it("arrives with the guest's registers, flags and segments", () => {
    iret32(cpu);
    const s = cpu.state;
    expect(where(cpu)).toBe(`${frame[1].toString(16)}:800100 ${frame[4].toString(16)}:802000`);
    expect([s.cpl, s.eflags, s.eax, s.ebp]).toEqual([cpl, 0x202, 0x11, 0x77]);
    expect([L.GS, L.FS, L.DS, L.ES].map((segment) => s.selector(segment))).toEqual([...segments]);
    expect((peek(cpu, STATE_PAGE + 0x184) >>> 8) & 0xff).toBe(0x8b);
    expect((peek(cpu, HOST_GDT + 0x84) >>> 8) & 0xff).toBe(0x89);
  });

  it.each([
    ['a fault', 13, EXCEPTION, 0x18],
    ['an interrupt', 32, EXTERNAL, -1],
  ] as const)('is left by %s, the frame in the registers page, and entered again', (_what, vector, kind, error) => {
    for (let round = 0; round < 3; round++) {
      iret32(cpu);
      cpu.state.eax = 0x1000 + round;
      cpu.state.eip = 0x800200 + round;
      expect(deliver(cpu, vector, kind, error)).toBe(true);
      expect(cpu.state.cpl).toBe(0);
      expect(cpu.state.eip).toBe(TEXT + 0x100 + vector);
      const words = [0x800200 + round, frame[1], kind === EXCEPTION ? 0x10202 : 0x202, 0x802000, frame[4]];
      expect(cpu.state.esp).toBe(BLOCK_END - (error < 0 ? 20 : 24));
      for (const [i, word] of words.entries()) expect(peek(cpu, GUEST_COPY + 0x1000 - 20 + i * 4)).toBe(word);
      wayBack(error < 0 ? [0, vector] : [vector]);
      expect(where(cpu)).toBe(`50:${(TEXT + 0x100 + vector).toString(16)} 58:fff8`);
      expect(stackWords(cpu, 2)).toBe(round === 0 ? '1234 8' : '1234 50');
      expect([peek(cpu, GUEST_COPY + (BLOCK & 0xfff)), str(cpu)]).toEqual([0x1000 + round, 0x80]);
      cpu.state.esp = 0x10000;
      cpu.state.eip = 0x1234;
      wayIn([...segments], [...frame]);
    }
  });

  it('may not write the state page', () => {
    iret32(cpu);
    expect(outcome(() => writeV32(cpu, L.DS, STATE, 0))).toBe(cpl === 3 ? '#PF(7)' : '#PF(3)');
  });
});

describe('inside the guest', () => {
  it('ring 3 traps straight into ring 1, on the stack that the TSS names now, interrupts still on', () => {
    wayIn([0, 0x7b, 0x7b, 0x7b], [0x800100, 0x73, 0x202, 0x802000, 0x7b]);
    iret32(cpu);
    cpu.state.eip = 0x800102;
    softwareInterrupt(cpu, 0x80);
    expect(where(cpu)).toBe('61:800400 69:800fec');
    expect(cpu.state.eflags).toBe(0x202);
    expect([0, 4, 8, 12, 16].map((at) => peek(cpu, 0x50fec + at))).toEqual([0x800102, 0x73, 0x202, 0x802000, 0x7b]);
    // Ring 1's IRET cannot turn interrupts off, nor keep ring 3 from its own data.
    poke(cpu, 0x50fec + 8, 0x46);
    iret32(cpu);
    expect([where(cpu), cpu.state.eflags, cpu.state.selector(L.DS)]).toEqual(['73:800102 7b:802000', 0x246, 0x7b]);
  });

  it('an unmapped ring 1 stack is a page fault of a supervisor write, which goes to ring 0', () => {
    wayIn([0, 0x7b, 0x7b, 0x7b], [0x800100, 0x73, 0x202, 0x802000, 0x7b]);
    poke(cpu, 0x26000, 0);
    iret32(cpu);
    cpu.state.eip = 0x800102;
    expect(outcome(() => softwareInterrupt(cpu, 0x80))).toBe('#PF(2)');
    expect(cpu.state.cr2).toBe(0x800ffc);
    expect(where(cpu)).toBe('73:800102 7b:802000');
  });
});

describe('faults of the switcher itself', () => {
  it('a bad segment at its POP is delivered on the same stack, over the unwound block', () => {
    expect(outcome(() => wayIn([0, 0x10, 0x68, 0x68], [0x800100, 0x61, 0x202, 0x802000, 0x69]))).toBe('#GP(10)');
    const at = cpu.state.esp;
    expect(at).toBe(BLOCK + 8 * 4);
    deliver(cpu, 13, EXCEPTION, 0x10);
    expect(cpu.state.esp).toBe(at - 16);
    expect(peek(cpu, GUEST_COPY + 0x1000 - 6 * 4 - 4)).toBe(256);
  });

  it('LTR after the page tables have changed cannot write the busy bit', () => {
    lgdt32(cpu, L.DS, 0x7010);
    moveToControl(cpu, 3, GUEST_ROOT);
    expect(outcome(() => ltr(cpu, 0x80))).toBe('#PF(3)');
    expect(cpu.state.cr2).toBe(GUEST_GDT + 0x85);
  });
});
