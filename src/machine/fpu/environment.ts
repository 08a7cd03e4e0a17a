import type { FpuCpu } from './memory.ts';

/** The state after reset and FNINIT. */
export function resetFpu(cpu: FpuCpu): void { void cpu; }
