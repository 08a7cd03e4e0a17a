import type { CpuState } from '../state/state.ts';
import type { FpuCpu } from './memory.ts';

/**
 * What an instruction form does.
 *
 * @param i register forms: the register number in the low three bits; memory forms: the segment
 * @param offset memory forms: the effective offset
 */
export type Execute = (cpu: FpuCpu, s: CpuState, i: number, offset: number, size16: boolean) => void;

/** An entry of the dispatch tables. */
export interface Form {
  readonly execute: Execute;
  /** Reports a pending exception before it executes. */
  readonly waits: boolean;
  /** A control instruction: leaves the instruction and operand pointers alone. */
  readonly control: boolean;
}

/** An arithmetic, data or compare instruction. */
export function form(execute: Execute): Form {
  return { execute, waits: true, control: false };
}
/** A control instruction that waits (FLDCW, FINCSTP …). */
export function control(execute: Execute): Form {
  return { execute, waits: true, control: true };
}
/** A control instruction that does not wait (FNSTCW, FNINIT …). */
export function immediate(execute: Execute): Form {
  return { execute, waits: false, control: true };
}
