import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import {
  arpl,
  lar16,
  lar32,
  lgdt16,
  lgdt32,
  lidt32,
  lldt,
  lsl16,
  lsl32,
  ltr,
  sgdt16,
  sgdt32,
  sidt32,
  sldt,
  str,
  verr,
  verw,
} from './tables.ts';
import { GDT, bench, gdt, outcome, peek, peek16, poke, poke16, ring, rows } from '../proofs/testing.ts';
import { DESCRIPTORS } from './testing/descriptors.ts';

/** GDTR, IDTR, LDTR, TR, and what LAR, LSL, VERR, VERW and ARPL say. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('descriptor-table registers', () => {
  it('LGDT and LIDT take six bytes, 24 bits of base with 16-bit operands; SGDT and SIDT give them back', () => {
    poke16(cpu, 0x7002, 0x17f);
    poke(cpu, 0x7004, 0x89abcdef);
    lidt32(cpu, L.DS, 0x7002);
    lgdt32(cpu, L.DS, 0x7002);
    expect([cpu.state.gdtBase, cpu.state.gdtLimit, cpu.state.idtBase, cpu.state.idtLimit]).toEqual([0x89abcdef, 0x17f, 0x89abcdef, 0x17f]);
    sgdt32(cpu, L.DS, 0x7102);
    expect([peek16(cpu, 0x7102), peek(cpu, 0x7104)]).toEqual([0x17f, 0x89abcdef]);
    sgdt16(cpu, L.DS, 0x7202);
    expect(peek(cpu, 0x7204)).toBe(0x00abcdef);
    lgdt16(cpu, L.DS, 0x7002);
    expect(cpu.state.gdtBase).toBe(0xabcdef);
    ring(cpu, 3);
    sidt32(cpu, L.DS, 0x7302);
    expect(peek(cpu, 0x7304)).toBe(0x89abcdef);
  });

  // instruction, selector | outcome
  it.each(
    rows(`
    ltr 58  | ok
    ltr 60  | ok
    ltr 48  | #GP(48)  | busy
    ltr 0   | #GP(0)   | null
    ltr 5c  | #GP(5c)  | in the LDT
    ltr 100 | #GP(100) | beyond the GDT
    ltr 10  | #GP(10)  | data
    ltr 70  | #GP(70)  | an LDT
    ltr 68  | #NP(68)  | not present
    lldt 70 | ok
    lldt 0  | ok
    lldt 3  | ok
    lldt 58 | #GP(58)  | a TSS
    lldt 74 | #GP(74)  | in the LDT
    lldt 100 | #GP(100) | beyond the GDT
    lldt 78 | #NP(78)  | not present
  `),
  )('%s: %s', (what, want) => {
    gdt(cpu, DESCRIPTORS);
    const [name, selector] = what.split(' ');
    const value = parseInt(selector, 16);
    const before = name === 'ltr' ? str(cpu) : sldt(cpu);
    expect(outcome(() => (name === 'ltr' ? ltr : lldt)(cpu, value))).toBe(want);
    expect(name === 'ltr' ? str(cpu) : sldt(cpu)).toBe(want === 'ok' ? value : before);
  });

  it('LTR marks the TSS busy in memory; clearing that by hand makes it available again', () => {
    gdt(cpu, DESCRIPTORS);
    ltr(cpu, 0x58);
    expect((peek(cpu, GDT + 0x5c) >>> 8) & 0xff).toBe(0x8b);
    expect(outcome(() => ltr(cpu, 0x58))).toBe('#GP(58)');
    poke(cpu, GDT + 0x5c, peek(cpu, GDT + 0x5c) & ~0x200);
    expect(outcome(() => ltr(cpu, 0x58))).toBe('ok');
  });

  it('LTR into a read-only GDT page is #PF, and TR stays', () => {
    gdt(cpu, DESCRIPTORS);
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, (page * 4096) | (page === 1 ? 1 : 3));
    poke(cpu, 0x20000, 0x21003);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    expect(outcome(() => ltr(cpu, 0x58))).toBe('#PF(3)');
    expect(str(cpu)).toBe(0x48);
  });
});

describe('asking about a selector', () => {
  const ZF = 0x40;
  // ring | selector | LAR | LSL | VERR VERW
  it.each(
    rows(`
    0 | 10  | c09300   | ffffffff | rw
    0 | 8   | c09b00   | ffffffff | r-
    3 | 10  | -        | -        | --
    3 | 43  | c0f300   | ffffffff | rw
    0 | 13  | -        | -        | --
    1 | c1  | 40b200   | fff      | rw
    1 | c3  | -        | -        | --
    3 | 90  | 409e00   | 12345    | r-
    3 | 93  | 409e00   | 12345    | r-
    3 | 9b  | c0f800   | ffffffff | --
    3 | a3  | c0f000   | 123fff   | r-
    3 | b3  | c07200   | ffffffff | rw
    0 | 58  | 8900     | 67       | --
    0 | 48  | 8b00     | 67       | --
    3 | 58  | -        | -        | --
    0 | 60  | 8100     | 2b       | --
    0 | 70  | 8200     | f        | --
    3 | 83  | ec00     | -        | --
    3 | ab  | e500     | -        | --
    3 | 8b  | -        | -        | --
    3 | bb  | -        | -        | --
    0 | 0   | -        | -        | --
    0 | 100 | -        | -        | --
  `),
  )('ring %s, %s: LAR %s, LSL %s, %s', (cpl, text, access, limit, rights) => {
    gdt(cpu, DESCRIPTORS);
    ring(cpu, Number(cpl));
    const selector = parseInt(text, 16);
    const zero = (): boolean => (cpu.state.eflags & ZF) !== 0;
    // The bench's own loads set no Accessed bits; the two that a ring loads by name have them from here on.
    for (const at of [0x0c, 0x14, 0x44]) poke(cpu, GDT + at, peek(cpu, GDT + at) | 0x100);
    const a = lar32(cpu, selector, 0xdeadbeef);
    expect(zero() ? a.toString(16) : '-').toBe(access);
    if (!zero()) expect(a).toBe(0xdeadbeef);
    const half = lar16(cpu, selector, 0xdeadbeef);
    expect(half).toBe(zero() ? (0xdead0000 | (a & 0xffff)) >>> 0 : 0xdeadbeef);
    const l = lsl32(cpu, selector, 0xdeadbeef);
    expect(zero() ? l.toString(16) : '-').toBe(limit);
    expect(lsl16(cpu, selector, 0xdeadbeef)).toBe(zero() ? (0xdead0000 | (l & 0xffff)) >>> 0 : 0xdeadbeef);
    verr(cpu, selector);
    const r = zero() ? 'r' : '-';
    verw(cpu, selector);
    expect(r + (zero() ? 'w' : '-')).toBe(rights);
  });

  it('ARPL raises the RPL, never lowers it', () => {
    for (let d = 0; d < 4; d++)
      for (let s = 0; s < 4; s++) {
        expect(arpl(cpu, 0x1230 | d, 0x4560 | s)).toBe(0x1230 | Math.max(d, s));
        expect((cpu.state.eflags & ZF) !== 0).toBe(d < s);
      }
  });
});
