import type { Cpu } from '../memory/cpu.ts';
import { GP, UD, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { requireRing0 } from './flag_rules.ts';

import {
  CR0_AM,
  CR0_CD,
  CR0_EM,
  CR0_ET,
  CR0_MP,
  CR0_NE,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR0_WP,
  CR3_BITS,
  CR4_PGE,
  CR4_PSE,
  CR4_TSD,
} from '../state/register_bits.ts';

/** MOV to and from CR0-CR4, and what else changes them (Intel SDM vol. 3, 2.5). */

/** CR0's bits; writes to others are ignored, ET always reads as one. */
const CR0_BITS = CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;
/** CR4's bits: what CPUID announces. Setting any other is #GP(0). */
const CR4_BITS = CR4_TSD | CR4_PSE | CR4_PGE;

/**
 * MOV to CR0, CR2, CR3 or CR4. PE cannot be cleared: there is no real mode to go to.
 *
 * @throws #UD no such register; #GP(0) outside ring 0, PG without PE, NW without CD, reserved bits of CR4
 */
export function moveToControl(cpu: Cpu, register: number, value: number): void {
  requireRing0(cpu);
  const s = cpu.state;
  value >>>= 0;
  switch (register) {
    case 0:
      setCr0(cpu, value);
      break;
    case 2:
      s.cr2 = value;
      break;
    case 3:
      s.cr3 = (value & CR3_BITS) >>> 0;
      cpu.rootChanged();
      break;
    case 4: {
      if ((value & ~CR4_BITS) !== 0) throw fault(GP, 0);
      const changed = s.cr4 ^ value;
      s.cr4 = value;
      if ((changed & (CR4_PSE | CR4_PGE)) !== 0) cpu.flushTlb();
      break;
    }
    default:
      throw fault(UD);
  }
}

function setCr0(cpu: Cpu, value: number): void {
  const s = cpu.state;
  if ((value & CR0_PE) === 0 || ((value & CR0_NW) !== 0 && (value & CR0_CD) === 0)) throw fault(GP, 0);
  const changed = s.cr0 ^ value;
  s.cr0 = ((value & CR0_BITS) | CR0_ET) >>> 0;
  if ((changed & (CR0_PG | CR0_WP | CR0_AM)) !== 0) cpu.flushTlb();
}

/** MOV from CR0, CR2, CR3 or CR4. @throws #UD, #GP(0) */
export function moveFromControl(cpu: Cpu, register: number): number {
  requireRing0(cpu);
  const s = cpu.state;
  switch (register) {
    case 0:
      return s.cr0;
    case 2:
      return s.cr2;
    case 3:
      return s.cr3;
    case 4:
      return s.cr4;
    default:
      throw fault(UD);
  }
}

/** LMSW: the low four bits of CR0, of which PE can only be set. */
export function lmsw(cpu: Cpu, value: number): void {
  requireRing0(cpu);
  const s = cpu.state;
  setCr0(cpu, ((s.cr0 & ~0xe) | (value & 0xf)) >>> 0);
}

export function smsw(cpu: Cpu): number {
  return cpu.state.cr0;
}

export function clts(cpu: Cpu): void {
  requireRing0(cpu);
  cpu.state.cr0 &= ~CR0_TS;
}

/**
 * INVLPG: drops the translation of the page, a global one too. The address meets no segment check.
 * A 4 MiB page may be cached in many pieces, so with CR4.PSE everything goes; the manual allows more to go than asked for.
 */
export function invlpg(cpu: Cpu, segment: number, offset: number): void {
  requireRing0(cpu);
  if ((cpu.state.cr4 & CR4_PSE) !== 0) cpu.tlb.flush();
  else cpu.flushTlbPage((cpu.state.segment(segment, L.SEG_BASE) + offset) >>> 0);
}
