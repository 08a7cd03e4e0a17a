import type { Cpu } from './cpu.ts';
import { AC } from '../state/flags.ts';
import * as L from '../state/layout.ts';
import { CR0_AM } from '../state/register_bits.ts';

/** Alignment checking (Intel SDM vol. 3, 6.15, vector 17). The x87's operands of eight bytes and more are held to four. */

/**
 * Whether data accesses must be aligned: ring 3, CR0.AM and EFLAGS.AC. Then user pages stay out of the TLB, so that every
 * access comes through TypeScript and is looked at.
 */
export function alignmentChecked(cpu: Cpu): boolean {
  const u32 = cpu.state.u32;
  return u32[L.CPL >> 2] === 3 && (u32[L.CR0 >> 2] & CR0_AM) !== 0 && (u32[L.EFLAGS >> 2] & AC) !== 0;
}

/** Whether an access is due for #AC(0). Sizes that are no power of two never are. */
export function misaligned(cpu: Cpu, linear: number, size: number): boolean {
  return (linear & (size - 1)) !== 0 && (size & (size - 1)) === 0 && alignmentChecked(cpu);
}
