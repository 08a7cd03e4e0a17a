import { describe, expect, test } from 'vitest';
import { current, getUser32, putUser32 } from '#hostos';
import { lgread32 } from '#tangled/host/core.ts';
import {
  checkSyscallVector,
  copyTraps,
  deliverTrap,
  guestSetStack,
  initInterrupts,
  loadGuestIdtEntry,
  maybeDoInterrupt,
  setupDefaultIdtEntries,
} from '#tangled/host/interrupts_and_traps.ts';
import { LGUEST_DATA, lguestModule, lguestPages, readReg, REG, RO_STATE, writeReg } from '#tangled/host/lg.ts';
import { guestPa } from '#tangled/host/page_tables.ts';
import { guestEntry, paint, shadow, testGuest } from './testing.ts';
import type { TestGuest } from './testing.ts';

const HANDLER = 0xc0123456;
const INTERRUPT = 0x8e00;
const TRAP = 0x8f00;

/** A Guest in its kernel, with a stack page at 0xC0100000 (Guest page 0x21), followed by another, and a program's stack elsewhere. */
function guest(registers: Partial<Record<keyof typeof REG, number>> = {}): TestGuest {
  const it = testGuest();
  paint(it, 'c0100 21 rwu\nc0101 22 rwu\n200 23 rwu');
  it.lg.lguestData = it.lg.memBase + 0x3000;
  it.cpu.esp1 = 0xc0101000;
  it.cpu.ss1 = 0x69;
  const all = { cs: 0x61, ss: 0x69, eip: 0xc0111111, esp: 0xc0100800, eflags: 0x246, errcode: 0xe, ...registers };
  for (const [name, value] of Object.entries(all)) writeReg(it.cpu, REG[name as keyof typeof REG], value);
  return it;
}

function gate(it: TestGuest, vector: number, attributes: number): void {
  loadGuestIdtEntry(it.cpu, vector, HANDLER & 0xffff, (HANDLER & 0xffff0000) | attributes);
}

function data({ cpu, lg }: TestGuest, field: keyof typeof LGUEST_DATA, value?: number): number {
  if (value !== undefined) putUser32(cpu.mm, lg.lguestData + LGUEST_DATA[field], value);
  return getUser32(cpu.mm, lg.lguestData + LGUEST_DATA[field])!;
}

/** Words of the stack that ends in the Guest's page 0x21, from ESP up to where it began. */
function frame({ cpu }: TestGuest, top: number): number[] {
  const words = [];
  for (let at = readReg(cpu, REG.esp); at < top; at += 4) words.push(lgread32(cpu, 0x21000 + (at & 0xfff)));
  return words;
}

describe('a frame on the Guest’s stack', () => {
  const PROGRAM = { cs: 0x73, ss: 0x7b, eip: 0x8048000, esp: 0x200100 };
  test.each([
    {
      name: 'of the kernel, interrupts on',
      registers: {},
      vector: 6,
      type: INTERRUPT,
      enabled: 0x200,
      words: [0xc0111111, 0x61, 0x246],
      after: 0,
    },
    {
      name: 'of the kernel, interrupts off',
      registers: {},
      vector: 6,
      type: INTERRUPT,
      enabled: 0,
      words: [0xc0111111, 0x61, 0x46],
      after: 0,
    },
    {
      name: 'through a trap gate, which leaves the flag',
      registers: {},
      vector: 6,
      type: TRAP,
      enabled: 0x200,
      words: [0xc0111111, 0x61, 0x246],
      after: 0x200,
    },
    {
      name: 'with an error code',
      registers: {},
      vector: 14,
      type: TRAP,
      enabled: 0x200,
      words: [0xe, 0xc0111111, 0x61, 0x246],
      after: 0x200,
    },
    {
      name: 'of a program',
      registers: PROGRAM,
      vector: 3,
      type: TRAP,
      enabled: 0x200,
      words: [0x8048000, 0x73, 0x246, 0x200100, 0x7b],
      after: 0x200,
    },
    {
      name: 'of a program, with an error code',
      registers: PROGRAM,
      vector: 13,
      type: INTERRUPT,
      enabled: 0x202,
      words: [0xe, 0x8048000, 0x73, 0x246, 0x200100, 0x7b],
      after: 0,
    },
  ])('$name', ({ registers, vector, type, enabled, words, after }) => {
    const it = guest(registers);
    gate(it, vector, type);
    data(it, 'irqEnabled', enabled);
    expect(deliverTrap(it.cpu, vector)).toBe(true);
    expect(frame(it, 'cs' in registers ? 0xc0101000 : 0xc0100800)).toEqual(words);
    expect(readReg(it.cpu, REG.eip)).toBe(HANDLER);
    expect([REG.cs, REG.ss, REG.eflags].map((register) => readReg(it.cpu, register))).toEqual([0x61, 0x69, 0x246]);
    expect(data(it, 'irqEnabled')).toBe(after);
    expect(it.lg.dead).toBeNull();
  });

  /** Intel SDM vol. 3, table 6-1 and section 6.12.1: what the processor itself would do at this gate. */
  test('has an error code for the vectors that have one on silicon', () => {
    const pushed = [...Array(32).keys()].filter((vector) => {
      const it = guest();
      if ([2, 8, 15, 31].includes(vector)) it.cpu.arch.idt[2 * vector + 1] = INTERRUPT;
      else gate(it, vector, INTERRUPT);
      deliverTrap(it.cpu, vector);
      return readReg(it.cpu, REG.esp) === 0xc0100800 - 16;
    });
    expect(pushed).toEqual([8, 10, 11, 12, 13, 14, 17]);
  });

  const FLAGS = { CF: 1, TF: 0x100, DF: 0x400, OF: 0x800, NT: 0x4000, RF: 0x10000, AC: 0x40000, ID: 0x200000 };
  test.each(Object.entries(FLAGS))('keeps %s; the handler begins without TF, NT and RF', (name, flag) => {
    for (const registers of [{}, PROGRAM]) {
      const it = guest({ ...registers, eflags: 0x202 | flag });
      gate(it, 6, TRAP);
      data(it, 'irqEnabled', 0x200);
      deliverTrap(it.cpu, 6);
      expect(frame(it, 'cs' in registers ? 0xc0101000 : 0xc0100800)[2]).toBe(0x202 | flag);
      expect(readReg(it.cpu, REG.eflags)).toBe(0x202 | (['TF', 'NT', 'RF'].includes(name) ? 0 : flag));
    }
  });

  test.each<[string, string, number, string[], string | null]>([
    ['leaves its marks on the page', 'c0100 21 rwu', 0xc0100800, ['21 rwuad'], null],
    ['may reach the top of a page, with nothing above', 'c0100 21 rwu\nc0101 22 -', 0xc0101000, ['21 rwuad', '22 -'], null],
    ['may go over a page’s end into one that lies elsewhere', 'c0100 25 rw\nc0101 24 rw', 0xc0101008, ['25 rwad', '24 rwad'], null],
    ['is not written where the Guest may not write', 'c0100 21 ru', 0xc0100800, ['21 ru'], 'bad stack page 0xc01007fc'],
    ['is not written where there is nothing', 'c0100 21 wu', 0xc0100800, ['21 wu'], 'bad stack page 0xc01007fc'],
    ['ends where nothing is mapped', 'c0100 21 wu\nc0101 22 rwu', 0xc0101008, ['21 wu', '22 rwuad'], 'bad stack page 0xc0100ffc'],
  ])('%s', (_, picture, esp, after, dead) => {
    const it = guest({ esp });
    paint(it, picture);
    gate(it, 6, TRAP);
    deliverTrap(it.cpu, 6);
    expect(after.map((_entry, i) => guestEntry(it, 0xc0100 + i))).toEqual(after);
    expect(it.lg.dead).toBe(dead);
    if (dead !== null) return;
    const words = [0, 4, 8].map((at) => lgread32(it.cpu, guestPa(it.cpu, readReg(it.cpu, REG.esp) + at)));
    expect(words).toEqual([0xc0111111, 0x61, 0x46]);
  });

  test.each([[5], [255], [256]])('is not made for trap %i without a gate', (vector) => {
    const it = guest();
    expect(deliverTrap(it.cpu, vector)).toBe(false);
    expect(readReg(it.cpu, REG.esp)).toBe(0xc0100800);
  });
});

describe('a virtual interrupt', () => {
  const start = { irqs: 1, blocked: 0, enabled: 0x200, halted: false, gate: true, window: [0, 0] };
  test.each([
    { name: 'arrives', left: 0, arrives: true },
    { name: 'waits while masked', blocked: 1, left: 1, arrives: false },
    { name: 'is the lowest that is not masked', irqs: 0b1011, blocked: 0b0001, left: 0b1001, arrives: true },
    { name: 'waits while the flag is off', enabled: 0, left: 1, arrives: false },
    { name: 'arrives whatever bit of the flag’s word is set', enabled: 2, left: 0, arrives: true },
    { name: 'waits in the window', window: [0xc0111110, 0xc0111112], left: 1, arrives: false },
    { name: 'arrives right behind the window', window: [0xc0111100, 0xc0111111], left: 0, arrives: true },
    { name: 'wakes a halted Guest, flag or no flag', enabled: 0, halted: true, left: 0, arrives: true },
    { name: 'waits for a gate', gate: false, left: 1, arrives: false },
    { name: 'is not made of nothing', irqs: 0, left: 0, arrives: false },
    { name: 'may be number 31', irqs: 0x80000000, left: 0, arrives: true },
  ])('$name', (wanted) => {
    const { irqs, blocked, enabled, halted, gate: hasGate, window, left, arrives } = { ...start, ...wanted };
    const it = guest();
    for (let vector = 0x20; hasGate && vector < 0x40; vector++) gate(it, vector, INTERRUPT);
    data(it, 'blockedInterrupts', blocked);
    data(it, 'irqEnabled', enabled);
    [it.lg.noirqStart, it.lg.noirqEnd] = window;
    Object.assign(it.cpu, { irqsPending: irqs, halted });
    maybeDoInterrupt(it.cpu);
    expect(it.cpu.irqsPending >>> 0).toBe(left);
    expect(readReg(it.cpu, REG.eip) === HANDLER).toBe(arrives);
    expect(it.cpu.halted).toBe(false);
    expect(it.lg.dead).toBeNull();
  });

  test('does not come before the Guest has introduced itself', () => {
    const it = guest();
    it.lg.lguestData = 0;
    it.cpu.irqsPending = 1;
    maybeDoInterrupt(it.cpu);
    expect(it.cpu.irqsPending).toBe(1);
  });
});

describe('a gate of the Guest’s', () => {
  test.each([
    {
      name: 'is trimmed to what does no harm',
      vector: 0,
      low: 0x00105678,
      high: 0xc012ffff,
      kept: [0x00615678, 0xc012efff & ~0xff],
      dead: null,
    },
    { name: 'that is not present is none', vector: 0, low: 0x00105678, high: 0xc0120e00, kept: [0, 0], dead: null },
    { name: 'for the NMI is ignored', vector: 2, low: 1, high: 0x8e00, kept: [0, 0], dead: null },
    { name: 'for the double fault is ignored', vector: 8, low: 1, high: 0x8e00, kept: [0, 0], dead: null },
    { name: 'for 15 is ignored', vector: 15, low: 1, high: 0x8e00, kept: [0, 0], dead: null },
    { name: 'for the hypercall is ignored', vector: 31, low: 1, high: 0x8e00, kept: [0, 0], dead: null },
    { name: 'of another type is deadly', vector: 0, low: 1, high: 0x8500, kept: null, dead: 'bad IDT type 5' },
    { name: 'beyond the table is deadly', vector: 256, low: 1, high: 0x8e00, kept: null, dead: 'setting IDT entry 256' },
  ])('$name', ({ vector, low, high, kept, dead }) => {
    const it = testGuest();
    loadGuestIdtEntry(it.cpu, vector, low, high);
    if (kept) expect([...it.cpu.arch.idt.slice(2 * vector, 2 * vector + 2)]).toEqual(kept.map((word) => word >>> 0));
    expect(it.lg.dead).toBe(dead);
  });
});

test('trap gates of the right vectors go into the real table, and leave it when they are gone', () => {
  const it = testGuest();
  const pages = lguestPages(0);
  const { defaultIdtEntries: def } = lguestModule();
  const word = (n: number): number => current.machine.ram.read32(pages.statePage + RO_STATE.guestIdt + 4 * n) >>> 0;
  setupDefaultIdtEntries(pages, def);
  expect([word(0), word(1)]).toEqual([0x00500100, 0xffc08e00]);
  expect([word(62), word(63)]).toEqual([0x0050017c, 0xffc0ae00]);

  const direct = (): number[] => [...Array(256).keys()].filter((vector) => word(2 * vector) >>> 16 === 0x61);
  for (let vector = 0; vector < 256; vector++) gate(it, vector, vector === 0x80 ? 0xef00 : vector === 3 ? 0xee00 : TRAP);
  copyTraps(it.cpu, pages, def);
  expect(direct()).toEqual([0, 1, 4, 5, 6, 9, 10, 11, 12, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 0x80]);
  expect([word(0x100), word(0x101)]).toEqual([0x00613456, 0xc012ef00]);
  gate(it, 0, INTERRUPT);
  copyTraps(it.cpu, pages, def);
  expect([word(0), word(1)]).toEqual([0x00500100, 0xffc08e00]);
});

describe('the kernel’s stack', () => {
  test('is pinned at once, both pages of it', () => {
    const it = testGuest();
    paint(it, 'c0100 21 rwu\nc0101 22 rwu\nc0102 23 rwu');
    guestSetStack(it.cpu, 0x69, 0xc0102000, 2);
    expect(shadow(it)).toEqual(['c0100 21 rwuad', 'c0101 22 rwuad']);
    expect([it.cpu.ss1, it.cpu.esp1, it.lg.dead]).toEqual([0x69, 0xc0102000, null]);
  });
  test.each([
    ['of ring 0', 0x68, 1, 'bad stack segment 0x68'],
    ['of ring 3', 0x7b, 1, 'bad stack segment 0x7b'],
    ['of three pages', 0x69, 3, 'bad stack pages 3'],
    ['of all the pages in the world', 0x69, 0xffffffff, 'bad stack pages 4294967295'],
    ['where nothing is mapped', 0x69, 1, 'bad stack page 0xc0101fff'],
  ])('%s is deadly', (_, segment, pages, reason) => {
    const it = testGuest();
    guestSetStack(it.cpu, segment, 0xc0102000, pages);
    expect(it.lg.dead).toBe(reason);
  });
});

test('system calls have vector 0x80, or the one the module was told, if the Host does not need it', () => {
  const it = guest();
  const judged = [0x80, 0x81].map((vector) => {
    data(it, 'syscallVec', vector);
    return checkSyscallVector(it.cpu);
  });
  expect(judged).toEqual([true, false]);
  lguestModule().syscallVector = 0x81;
  expect(checkSyscallVector(it.cpu)).toBe(true);
  expect(
    [0x80, 0x81, 0x20, 0x1f, 256].map((vector) => {
      lguestModule().syscallVector = vector;
      return initInterrupts();
    }),
  ).toEqual([0, 0, -16, -16, -16]);
});
