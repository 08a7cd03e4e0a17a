import { describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { iret16, iret32, softwareInterrupt } from './interrupts.ts';
import { gdt, outcome, peek, poke, poke16, rows, where } from '../proofs/testing.ts';
import { prepared } from './testing/gates.ts';

/** IRET: to the same ring, outwards, refused. */

describe('IRET', () => {
  /** Pushes a frame, top first, on the current stack. */
  function frame(cpu: Cpu, words: string, size = 4): void {
    const values = words.split(' ').map((word) => parseInt(word, 16));
    cpu.state.esp -= values.length * size;
    values.forEach((value, i) => (size === 4 ? poke : poke16)(cpu, cpu.state.segment(L.SS, L.SEG_BASE) + cpu.state.esp + i * size, value));
  }

  // ring | EFLAGS | frame: EIP CS EFLAGS [ESP SS] | outcome | where | EFLAGS after
  it.each(
    rows(`
    0 | 2    | 4000 8 246             | ok | 8:4000 10:10000   | 246   | 0 to 0
    0 | 2    | 4000 19 246 5000 21    | ok | 19:4000 21:5000   | 246   | 0 to 1
    0 | 2    | 4000 3b 3246 5000 43   | ok | 3b:4000 43:5000   | 3246  | 0 to 3, IOPL with it
    0 | 2    | 4000 3b 240ed7 5000 43 | ok | 3b:4000 43:5000   | 240ed7 | every flag from ring 0
    1 | 202  | 4000 3b 46 5000 43     | ok | 3b:4000 43:5000   | 246   | 1 to 3: IF stays
    1 | 202  | 4000 19 3046           | ok | 19:4000 21:12000  | 246   | 1 to 1: IF and IOPL stay
    1 | 2    | 4000 19 202            | ok | 19:4000 21:12000  | 2     | and stay off
    1 | 1202 | 4000 19 46             | ok | 19:4000 21:12000  | 1046  | IOPL 1: IF moves
    3 | 202  | 4000 3b 7046           | ok | 3b:4000 43:16000  | 4246  | NT may be set by anyone
    0 | 2    | 4000 3b 20246 5000 43  | #GP(0)  | -            | 2     | VM: not offered
    1 | 202  | 4000 19 20246          | ok | 19:4000 21:12000  | 246   | VM is ignored outside ring 0
    1 | 202  | 4000 8 246             | #GP(8)  | -            | 202   | inward
    3 | 202  | 4000 19 246            | #GP(18) | -            | 202   | inward
    0 | 2    | 4000 0 246             | #GP(0)  | -            | 2     | null CS
    0 | 2    | 4000 10 246            | #GP(10) | -            | 2     | data
    0 | 2    | 4000 48 246            | #GP(48) | -            | 2     | a TSS
    0 | 2    | 4000 f8 246            | #GP(f8) | -            | 2     | empty
    0 | 2    | 4000 100 246           | #GP(100) | -           | 2     | beyond the GDT
    0 | 2    | 4000 68 246            | #NP(68) | -            | 2     | not present
    0 | 2    | 4000 9 246 5000 21     | #GP(8)  | -            | 2     | DPL is not RPL
    0 | 2    | 4000 61 246 5000 21    | ok | 61:4000 21:5000   | 246   | conforming, DPL below RPL
    0 | 2    | 4000 72 246 5000 21    | #GP(70) | -            | 2     | conforming, DPL above RPL
    0 | 2    | 2000 78 246            | #GP(0)  | -            | 2     | EIP beyond the limit
    0 | 2    | 4000 3b 246 5000 0     | #GP(0)  | -            | 2     | null SS
    0 | 2    | 4000 3b 246 5000 40    | #GP(40) | -            | 2     | SS RPL
    0 | 2    | 4000 3b 246 5000 21    | #GP(20) | -            | 2     | SS of another ring
    0 | 2    | 4000 3b 246 5000 9b    | #GP(98) | -            | 2     | SS read-only
    0 | 2    | 4000 3b 246 5000 a3    | #SS(a0) | -            | 2     | SS not present
    0 | 2    | 4000 3b 246 5000 3b    | #GP(38) | -            | 2     | SS is code
  `),
  )('ring %s, EFLAGS %s, %s: %s %s', (cpl, flags, words, want, place, after) => {
    const cpu = prepared(Number(cpl), parseInt(flags, 16));
    gdt(cpu, '  98 data dpl3\n  a0 data dpl3 w np\n');
    frame(cpu, words);
    const before = where(cpu);
    expect(outcome(() => iret32(cpu))).toBe(want);
    expect(where(cpu)).toBe(want === 'ok' ? place : before);
    expect(cpu.state.eflags.toString(16)).toBe(after);
    expect(cpu.state.cpl).toBe(cpu.state.selector(L.CS) & 3);
  });

  it('outward nulls the data segments that the new ring may not use', () => {
    // In ring 0 the registers hold: DS inner data, ES outer data, FS conforming code, GS readable code of ring 0.
    for (const [cs, ss, kept] of [
      [0x19, 0x21, '0 43 63 0'],
      [0x3b, 0x43, '0 43 63 0'],
    ]) {
      const cpu = prepared(0);
      for (const [segment, selector] of [
        [L.DS, 0x10],
        [L.ES, 0x43],
        [L.FS, 0x63],
        [L.GS, 0x08],
      ] as const) {
        cpu.state.setSegment(segment, L.SEG_SELECTOR, selector);
        const at = 0x1000 + (selector & 0xf8);
        cpu.state.setSegment(segment, L.SEG_ATTR, (peek(cpu, at + 4) >>> 8) & 0xf0ff);
      }
      frame(cpu, `4000 ${cs.toString(16)} 202 5000 ${ss.toString(16)}`);
      iret32(cpu);
      expect([L.DS, L.ES, L.FS, L.GS].map((segment) => cpu.state.selector(segment).toString(16)).join(' ')).toBe(kept);
      expect(cpu.state.segment(L.DS, L.SEG_ATTR)).toBe(0);
    }
  });

  it('with words leaves the upper halves alone', () => {
    const cpu = prepared(0, 0x200002);
    cpu.state.eip = 0x51234;
    frame(cpu, '4000 3b 246 5000 43', 2);
    iret16(cpu);
    expect(where(cpu)).toBe('3b:4000 43:5000');
    expect(cpu.state.eflags).toBe(0x200246);
  });

  it('undoes what each ring transition did', () => {
    for (const [cpl, vector] of [
      [3, 0x81],
      [1, 0x82],
      [3, 0x80],
      [1, 0x80],
      [0, 0x20],
    ]) {
      const cpu = prepared(cpl);
      const before = where(cpu) + cpu.state.eflags;
      softwareInterrupt(cpu, vector);
      expect(where(cpu)).not.toBe(before);
      iret32(cpu);
      expect(where(cpu) + cpu.state.eflags).toBe(before);
    }
  });

  it('faults of the stack pages leave it restartable', () => {
    const cpu = prepared(0);
    for (let page = 0; page < 256; page++) poke(cpu, 0x21000 + page * 4, page === 0x10 ? 0 : (page * 4096) | 3);
    poke(cpu, 0x20000, 0x21007);
    cpu.state.cr3 = 0x20000;
    cpu.state.cr0 = 0x80010031;
    cpu.state.esp = 0xfff8;
    const before = where(cpu);
    expect(outcome(() => iret32(cpu))).toBe('#PF(0)');
    expect(cpu.state.cr2).toBe(0x10000);
    expect(where(cpu)).toBe(before);
  });
});
