import type { Cpu } from '../memory/cpu.ts';
import { GP, fault } from '../state/fault.ts';
import { AC, CF, AF, DF, ID, IF, IOPL, NT, OF, PF, RF, SF, TF, VM, ZF } from '../state/flags.ts';
import * as L from '../state/layout.ts';
import { CR0_AM } from '../state/register_bits.ts';

/** Who may change which flag: POPF, IRET, CLI, STI (Intel SDM vol. 2; vol. 3, 2.3). */

/** Flags that POPF and IRET change at any privilege level. */
const ANY_RING = CF | PF | AF | ZF | SF | TF | DF | OF | NT;

/** @throws #GP(0) outside ring 0 */
export function requireRing0(cpu: Cpu): void {
  if (cpu.state.cpl !== 0) throw fault(GP, 0);
}

/** EFLAGS.IOPL, 0-3. */
export function ioplOf(cpu: Cpu): number {
  return (cpu.state.u32[L.EFLAGS >> 2] >> 12) & 3;
}

/**
 * Holds external interrupts back until the instruction after this one has retired, as STI does (SDM vol. 2, STI: maskable interrupts, nothing else).
 *
 * @param debug debug exceptions as well, as MOV SS and POP SS do (SDM vol. 3, 6.8.3)
 */
export function inhibitInterrupts(cpu: Cpu, debug: boolean): void {
  const s = cpu.state;
  s.f64[L.INHIBIT_UNTIL >> 3] = s.instructions + 2;
  if (debug) s.f64[L.DEBUG_HELD_UNTIL >> 3] = s.instructions + 2;
}

/**
 * Takes flags from an image as POPF and IRET do: IF moves only where CPL ≤ IOPL, IOPL only in ring 0, the rest silently stay.
 * VM, VIF and VIP never change: virtual-8086 mode and its extensions are not offered.
 *
 * @param size of the image: 2 leaves the upper half alone
 * @param cpl the privilege level the rules are applied for
 * @param extra further flags to take (IRET: RF)
 */
export function loadFlags(cpu: Cpu, image: number, size: number, cpl: number, extra: number): void {
  const s = cpu.state;
  let mask = ANY_RING;
  if (size === 4) mask |= AC | ID | extra;
  if (cpl <= ioplOf(cpu)) mask |= IF;
  if (cpl === 0) mask |= IOPL;
  const before = s.eflags;
  s.eflags = (before & ~(mask | RF)) | (image & mask);
  // Alignment checking keeps user pages out of the TLB: see alignment.ts.
  if (((before ^ image) & mask & AC) !== 0 && (s.cr0 & CR0_AM) !== 0) cpu.flushTlb();
}

/** What PUSHF pushes: VM and RF read as zero. */
export function pushfImage(cpu: Cpu): number {
  return (cpu.state.eflags & ~(VM | RF)) >>> 0;
}

export function popf16(cpu: Cpu, image: number): void {
  loadFlags(cpu, image, 2, cpu.state.cpl, 0);
}
export function popf32(cpu: Cpu, image: number): void {
  loadFlags(cpu, image, 4, cpu.state.cpl, 0);
}

/** CLI. @throws #GP(0) where CPL > IOPL */
export function cli(cpu: Cpu): void {
  const s = cpu.state;
  if (s.cpl > ioplOf(cpu)) throw fault(GP, 0);
  s.u32[L.EFLAGS >> 2] &= ~IF;
}

/** STI: where it turns IF on, interrupts stay away until the next instruction has retired. @throws #GP(0) where CPL > IOPL */
export function sti(cpu: Cpu): void {
  const s = cpu.state;
  if (s.cpl > ioplOf(cpu)) throw fault(GP, 0);
  if ((s.u32[L.EFLAGS >> 2] & IF) === 0) inhibitInterrupts(cpu, false);
  s.u32[L.EFLAGS >> 2] |= IF;
}
