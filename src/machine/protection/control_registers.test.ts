import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import * as L from '../state/layout.ts';
import { clts, lmsw, moveFromControl, moveToControl, smsw } from './control_registers.ts';
import { breakpointsHit } from '../memory/watchpoints.ts';
import { moveFromDebug, moveToDebug, reportDebug } from './debug.ts';
import { bench, outcome, ring, rows } from '../proofs/testing.ts';

/** CR0-CR4 and DR0-DR7, written and read back. */

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
});

describe('control registers', () => {
  it.each(
    rows(`
    0 | 80010031 | ok     | 80010031
    0 | 00000001 | ok     | 11       | ET reads as one
    0 | 7ffeffc1 | ok     | 60040011 | what is not defined is ignored
    0 | 80000000 | #GP(0) |          | PG without PE
    0 | 00000030 | #GP(0) |          | no real mode
    0 | 20000001 | #GP(0) |          | NW without CD
    2 | 12345678 | ok     | 12345678
    3 | 12345fff | ok     | 12345018
    4 | 94       | ok     | 94       | TSD PSE PGE
    4 | 1        | #GP(0) |          | VME
    4 | 8        | #GP(0) |          | DE
    4 | 20       | #GP(0) |          | PAE
    4 | 200      | #GP(0) |          | OSFXSR
    1 | 0        | #UD    |
    5 | 0        | #UD    |
    7 | 0        | #UD    |
  `),
  )('MOV CR%s, %s: %s, reads back %s', (register, value, want, back) => {
    const before = [0, 2, 3, 4].map((n) => moveFromControl(cpu, n));
    expect(outcome(() => moveToControl(cpu, Number(register), parseInt(value, 16)))).toBe(want);
    if (want === 'ok') expect(moveFromControl(cpu, Number(register)).toString(16)).toBe(back);
    else expect([0, 2, 3, 4].map((n) => moveFromControl(cpu, n))).toEqual(before);
  });

  it('LMSW sets PE but never clears it, CLTS clears TS, SMSW reads in any ring', () => {
    lmsw(cpu, 0xfffe);
    expect(cpu.state.cr0).toBe(0x3f);
    clts(cpu);
    ring(cpu, 3);
    expect(smsw(cpu)).toBe(0x37);
  });
});

describe('debug registers', () => {
  it('have their fixed bits, and DR4 and DR5 are DR6 and DR7', () => {
    moveToDebug(cpu, 6, 0);
    moveToDebug(cpu, 5, 0xffffdfff);
    expect([moveFromDebug(cpu, 4), moveFromDebug(cpu, 7)]).toEqual([0xffff0ff0, 0xffff07ff]);
    moveToDebug(cpu, 3, 0x1234);
    expect(moveFromDebug(cpu, 3)).toBe(0x1234);
  });
  it('under general detect raise #DB and set BD', () => {
    moveToDebug(cpu, 7, 0x2000);
    expect(outcome(() => moveFromDebug(cpu, 0))).toBe('#DB');
    expect(cpu.state.u32[(L.DR >> 2) + 6] & 0x2000).toBe(0x2000);
  });
  // DR7 | DR0 | access, address, size | hit
  it.each(
    rows(`
    00000001 | 1000 | x 1000 1 | 1
    00000001 | 1000 | x 0fff 1 | 0
    00000001 | 1000 | w 1000 4 | 0
    00010001 | 1000 | w 1000 1 | 1
    00010001 | 1000 | r 1000 1 | 0
    00010001 | 1000 | w 0ffd 4 | 1
    00010001 | 1000 | w 0ffc 4 | 0
    000d0002 | 1002 | w 1003 1 | 1
    000f0002 | 1002 | r 1000 1 | 1
    000f0002 | 1002 | r 1004 4 | 0
    000f0000 | 1000 | r 1000 4 | 0
  `),
  )('DR7 %s, DR0 %s, %s: %s', (control, address, access, want) => {
    moveToDebug(cpu, 0, parseInt(address, 16));
    moveToDebug(cpu, 7, parseInt(control, 16));
    const [kind, at, size] = access.split(' ');
    cpu.state.u32[L.DEBUG_PENDING >> 2] = breakpointsHit(cpu, parseInt(at, 16), Number(size), 'rwx'.indexOf(kind));
    reportDebug(cpu);
    expect(moveFromDebug(cpu, 6) & 1).toBe(Number(want));
  });
});
