import * as L from '../state/layout.ts';
import { CR0_PG, CR4_PSE } from '../state/register_bits.ts';
import type { CpuState } from '../state/state.ts';
import { PTE_P, PTE_PS } from './page_bits.ts';

/**
 * Where a linear address lies in physical memory by the page tables as they stand, for looking at a machine from outside: no rights are checked, nothing is
 * cached, no accessed bit is set. Null where nothing is mapped, or the tables lead out of memory.
 */
export function lookUpLinear(state: CpuState, ramBytes: number, linear: number): number | null {
  const word = (physical: number): number => (physical + 4 <= ramBytes ? state.u32[(L.RAM + physical) >> 2] : 0);
  if ((state.cr0 & CR0_PG) === 0) return linear < ramBytes ? linear : null;
  const directory = word(((state.cr3 & 0xfffff000) >>> 0) | ((linear >>> 22) * 4));
  if ((directory & PTE_P) === 0) return null;
  const large = (directory & PTE_PS) !== 0 && (state.cr4 & CR4_PSE) !== 0;
  const entry = large ? directory : word(((directory & 0xfffff000) >>> 0) + ((linear >>> 12) & 0x3ff) * 4);
  if ((entry & PTE_P) === 0) return null;
  const physical = large ? ((entry & 0xffc00000) | (linear & 0x3fffff)) >>> 0 : ((entry & 0xfffff000) | (linear & 0xfff)) >>> 0;
  return physical < ramBytes ? physical : null;
}

/** Bytes at an offset in the code segment, as many as are mapped, up to `count`. */
export function readCode(state: CpuState, ramBytes: number, offset: number, count: number): Uint8Array {
  return readLinear(state, ramBytes, (state.segment(L.CS, L.SEG_BASE) + offset) >>> 0, count);
}

/** Bytes at a linear address, likewise. */
export function readLinear(state: CpuState, ramBytes: number, linear: number, count: number): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) {
    const physical = lookUpLinear(state, ramBytes, (linear + i) >>> 0);
    if (physical === null) break;
    bytes.push(state.u8[L.RAM + physical]);
  }
  return Uint8Array.from(bytes);
}
