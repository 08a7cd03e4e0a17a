import type { Cpu } from '../memory/cpu.ts';
import { GP, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { CR4_TSD } from '../state/register_bits.ts';
import type { CpuState } from '../state/state.ts';
import { requireRing0 } from './flag_rules.ts';

/** Identification, time and the odds and ends of ring 0. */

/**
 * CPUID leaf 1, EAX: family 5, model 2, stepping 12, a Pentium. Family 5 keeps kernels from touching the MSRs of later ones; CMOV
 * is announced all the same, and kernels look at its bit.
 */
const CPU_SIGNATURE = 0x52c;
/** CPUID leaf 1, EDX: FPU, PSE, TSC, CX8, PGE, CMOV. No VME, DE, MSR, PAE, MCE, APIC, SEP, MMX, FXSR. */
export const CPU_FEATURES = (1 << 0) | (1 << 3) | (1 << 4) | (1 << 8) | (1 << 13) | (1 << 15);

/** CPUID, any ring. Leaves beyond the highest give that one's values, as Intel's processors do. */
export function cpuid(cpu: Cpu): void {
  const s = cpu.state;
  if (s.eax === 0) {
    s.eax = 1;
    // "GenuineIntel"
    s.ebx = 0x756e6547;
    s.edx = 0x49656e69;
    s.ecx = 0x6c65746e;
  } else {
    s.eax = CPU_SIGNATURE;
    s.ebx = 0;
    s.ecx = 0;
    s.edx = CPU_FEATURES;
  }
}

/** What RDTSC reads: retired instructions, each worth the machine's rate, plus its offset. */
export function timeStamp(s: CpuState): number {
  return Math.floor(s.instructions * s.f64[L.TSC_RATE >> 3] + s.f64[L.TSC_OFFSET >> 3]);
}

/** RDTSC. @throws #GP(0) outside ring 0 with CR4.TSD */
export function rdtsc(cpu: Cpu): void {
  const s = cpu.state;
  if ((s.cr4 & CR4_TSD) !== 0 && s.cpl !== 0) throw fault(GP, 0);
  const count = timeStamp(s);
  s.eax = count >>> 0;
  s.edx = Math.floor(count / 0x1_0000_0000) >>> 0;
}

/** RDMSR: no register is announced, so every number is #GP(0), in ring 0 too. */
export function rdmsr(_cpu: Cpu): void {
  throw fault(GP, 0);
}
/** WRMSR: see {@link rdmsr}. */
export function wrmsr(_cpu: Cpu): void {
  throw fault(GP, 0);
}

/** INVD, WBINVD: there are no caches to speak of. @throws #GP(0) outside ring 0 */
export function invd(cpu: Cpu): void {
  requireRing0(cpu);
}

/** HLT: the run loop sees {@link L.HALTED} once it has retired. @throws #GP(0) outside ring 0 */
export function hlt(cpu: Cpu): void {
  requireRing0(cpu);
  cpu.state.u32[L.HALTED >> 2] = 1;
}
