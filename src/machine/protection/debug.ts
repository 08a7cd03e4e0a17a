import type { Cpu } from '../memory/cpu.ts';
import { DB, fault } from '../state/fault.ts';
import { RF } from '../state/flags.ts';
import * as L from '../state/layout.ts';
import { requireRing0 } from './flag_rules.ts';

/** Debug registers, breakpoints and single step (Intel SDM vol. 3, 17.2). CR4.DE is not offered: DR4 and DR5 are DR6 and DR7, and there are no I/O breakpoints. */

/** DR6: breakpoint hit 0-3, debug register access, single step, task switch. */
export const DR6_BD = 1 << 13;
export const DR6_BS = 1 << 14;
export const DR6_BT = 1 << 15;
/** DR7: general detect. */
export const DR7_GD = 1 << 13;
/** Bits that read as ones or zeros whatever is written. */
const DR6_ONES = 0xffff0ff0;
const DR6_ZEROS = 0x1000;
const DR7_ONES = 0x400;
const DR7_ZEROS = 0xd800;

/** Debug registers as RESET leaves them. */
export function resetDebug(cpu: Cpu): void {
  for (let i = 0; i < 8; i++) cpu.state.u32[(L.DR >> 2) + i] = 0;
  cpu.state.u32[(L.DR >> 2) + 6] = DR6_ONES;
  cpu.state.u32[(L.DR >> 2) + 7] = DR7_ONES;
}

function checkAccess(cpu: Cpu): void {
  requireRing0(cpu);
  const at = L.DR >> 2;
  const u32 = cpu.state.u32;
  if ((u32[at + 7] & DR7_GD) !== 0) {
    u32[at + 6] |= DR6_BD;
    throw fault(DB);
  }
}

/** MOV to a debug register. @throws #GP(0) outside ring 0, #DB with general detect */
export function moveToDebug(cpu: Cpu, register: number, value: number): void {
  checkAccess(cpu);
  const u32 = cpu.state.u32;
  const at = L.DR >> 2;
  if (register < 4) u32[at + register] = value;
  else if ((register & 1) === 0) u32[at + 6] = ((value & ~DR6_ZEROS) | DR6_ONES) >>> 0;
  else u32[at + 7] = ((value & ~DR7_ZEROS) | DR7_ONES) >>> 0;
  cpu.flushTlb();
}

/** MOV from a debug register. @throws #GP(0) outside ring 0, #DB with general detect */
export function moveFromDebug(cpu: Cpu, register: number): number {
  checkAccess(cpu);
  return cpu.state.u32[(L.DR >> 2) + (register < 4 ? register : 6 + (register & 1))];
}

/** Notes a single-step trap in DR6; the caller then delivers vector 1 with EIP at the next instruction. */
export function singleStep(cpu: Cpu): void {
  cpu.state.u32[(L.DR >> 2) + 6] |= DR6_BS;
}

/**
 * Whether any breakpoint is enabled. Then the run loop goes one instruction at a time, and pages with a data breakpoint stay out of
 * the TLB, so that every access to them comes through TypeScript, and so to {@link watch}.
 */
export function breakpointsEnabled(cpu: Cpu): boolean {
  return (cpu.state.u32[(L.DR >> 2) + 7] & 0xff) !== 0;
}

/** Looks at a data access of the program; a hit becomes a trap after the instruction. */
export function watch(cpu: Cpu, linear: number, size: number, write: boolean): void {
  if (breakpointsEnabled(cpu) && breakpointHit(cpu, linear, size, write ? 1 : 0)) cpu.state.u32[L.DEBUG_PENDING >> 2] = 1;
}

/** Whether a page holds an enabled data breakpoint. */
export function pageWatched(cpu: Cpu, linear: number): boolean {
  const u32 = cpu.state.u32;
  const control = u32[(L.DR >> 2) + 7];
  for (let i = 0; i < 4; i++) {
    if (((control >> (2 * i)) & 3) !== 0 && ((control >>> (16 + 4 * i)) & 1) !== 0 && ((u32[(L.DR >> 2) + i] ^ linear) & 0xfffff000) === 0)
      return true;
  }
  return false;
}

/** The instruction breakpoint at EIP, before the instruction: true when vector 1 is due. EFLAGS.RF keeps it away. */
export function fetchBreakpoint(cpu: Cpu): boolean {
  const s = cpu.state;
  return (s.u32[L.EFLAGS >> 2] & RF) === 0 && breakpointHit(cpu, (s.segment(L.CS, L.SEG_BASE) + s.eip) >>> 0, 1, 2);
}

/**
 * Matches an access against the enabled breakpoints and notes hits in DR6.
 *
 * @param access 0 data read, 1 data write, 2 instruction fetch (size 1, before the instruction: a fault, unless EFLAGS.RF)
 * @returns whether vector 1 is due
 */
export function breakpointHit(cpu: Cpu, linear: number, size: number, access: number): boolean {
  const u32 = cpu.state.u32;
  const at = L.DR >> 2;
  const control = u32[at + 7];
  let hit = false;
  for (let i = 0; i < 4; i++) {
    if (((control >> (2 * i)) & 3) === 0) continue;
    const condition = (control >>> (16 + 4 * i)) & 3;
    const length = ((control >>> (18 + 4 * i)) & 3) + 1;
    if (access === 2 ? condition !== 0 : !(condition === 3 || (condition === 1 && access === 1))) continue;
    // Breakpoint addresses are aligned to their length by ignoring low bits.
    const address = length === 1 || access === 2 ? u32[at + i] : (u32[at + i] & ~(length - 1)) >>> 0;
    if (linear < address + (access === 2 ? 1 : length) && address < linear + size) {
      u32[at + 6] |= 1 << i;
      hit = true;
    }
  }
  return hit;
}
