import type { CpuState } from '../state.ts';

/** The part of the CPU that the floating-point unit works on. */
export interface FpuCpu {
  readonly state: CpuState;
}
