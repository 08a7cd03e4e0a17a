import type { Cpu } from '../memory/cpu.ts';
import { DB, fault } from '../state/fault.ts';
import { RF } from '../state/flags.ts';
import * as L from '../state/layout.ts';
import { DR6_BD, DR6_HITS, DR7_GD } from '../state/register_bits.ts';
import { breakpointsHit } from '../memory/watchpoints.ts';
import { requireRing0 } from './flag_rules.ts';

/** Debug registers and instruction breakpoints (Intel SDM vol. 3, 17.2). CR4.DE is not offered: DR4 and DR5 are DR6 and DR7, and there are no I/O breakpoints. */

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

/** The breakpoints on the instruction at EIP, before it: B0-B3, not zero when vector 1 is due. EFLAGS.RF keeps them away. */
export function fetchBreakpoints(cpu: Cpu): number {
  const s = cpu.state;
  return (s.u32[L.EFLAGS >> 2] & RF) === 0 ? breakpointsHit(cpu, (s.segment(L.CS, L.SEG_BASE) + s.eip) >>> 0, 1, 2) : 0;
}

/**
 * A debug exception is delivered, and everything that is pending with it: DR6 tells of all. B0-B3 of an earlier one go (SDM vol. 3, 17.2.3: some debug
 * exceptions clear them); the other bits stay until software clears them.
 */
export function reportDebug(cpu: Cpu): void {
  const { u32 } = cpu.state;
  const at = (L.DR >> 2) + 6;
  u32[at] = (u32[at] & ~DR6_HITS) | u32[L.DEBUG_PENDING >> 2];
  u32[L.DEBUG_PENDING >> 2] = 0;
}
