import type { Cpu } from './cpu.ts';
import * as L from '../state/layout.ts';
import { DR7_ENABLED } from '../state/register_bits.ts';

/** Breakpoints as memory accesses meet them (Intel SDM vol. 3, 17.2.5). */

/**
 * Whether any breakpoint is enabled. Then the run loop goes one instruction at a time, and pages with a data breakpoint stay out of
 * the TLB, so that every access to them comes through TypeScript, and so to {@link watch}.
 */
export function breakpointsEnabled(cpu: Cpu): boolean {
  return (cpu.state.u32[(L.DR >> 2) + 7] & DR7_ENABLED) !== 0;
}

/** Looks at a data access of the program; a hit becomes a trap after the instruction. */
export function watch(cpu: Cpu, linear: number, size: number, write: boolean): void {
  if (breakpointsEnabled(cpu)) cpu.state.u32[L.DEBUG_PENDING >> 2] |= breakpointsHit(cpu, linear, size, write ? 1 : 0);
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

/**
 * The enabled breakpoints that an access meets.
 *
 * @param access 0 data read, 1 data write, 2 instruction fetch (size 1, before the instruction: a fault, unless EFLAGS.RF)
 * @returns B0-B3 as DR6 will have them; not zero: vector 1 is due
 */
export function breakpointsHit(cpu: Cpu, linear: number, size: number, access: number): number {
  const u32 = cpu.state.u32;
  const at = L.DR >> 2;
  const control = u32[at + 7];
  let hits = 0;
  for (let i = 0; i < 4; i++) {
    if (((control >> (2 * i)) & 3) === 0) continue;
    const condition = (control >>> (16 + 4 * i)) & 3;
    const length = ((control >>> (18 + 4 * i)) & 3) + 1;
    if (access === 2 ? condition !== 0 : !(condition === 3 || (condition === 1 && access === 1))) continue;
    // Breakpoint addresses are aligned to their length by ignoring low bits.
    const address = length === 1 || access === 2 ? u32[at + i] : (u32[at + i] & ~(length - 1)) >>> 0;
    if (linear < address + (access === 2 ? 1 : length) && address < linear + size) hits |= 1 << i;
  }
  return hits;
}
