import type { Expr, FieldName, Register, Segment, Size } from '../ir/nodes.ts';
import type { Code } from './encoder.ts';
import type { Lowering } from './lower.ts';
import type { Homes } from './places.ts';

/** How a back end gives abstract operands their meaning. */
export interface Binding {
  /** Pushes a register's value, zero-extended. */
  getRegister(code: Code, register: Register, size: Size): void;
  setRegister(code: Code, register: Register, size: Size, value: () => void): void;
  /** A 32-bit word of the CPU state, among them those of the lazy flags. */
  getState(code: Code, offset: number): void;
  setState(code: Code, offset: number, value: () => void): void;
  field(code: Code, name: FieldName): void;
  /** Pushes the effective address of the memory operand. */
  address(code: Code): void;
  /** Whether the segment is known to need neither base nor check. */
  isFlat(segment: Segment): boolean;
  /** Pushes the segment register's number. */
  segment(code: Code, segment: Segment): void;
  /** CS has base 0 and no limit. */
  readonly codeFlat: boolean;
  /** Stores EIP_START and EIP, as helpers expect them, and, unless the helper stands `apart`, whatever else is not in memory. */
  beforeCall(code: Code, apart: boolean): void;
  /** Takes back what the helper may have changed, unless it stands apart. */
  afterCall(apart: boolean): void;
  /** A way in TypeScript has been taken: code may have been written, and pages forgotten. Leaves the stack as it is. */
  cameBack(code: Code): void;
  /** Pushes the flags word, computed. */
  flagsWord(code: Code): void;
  /** Pushes a condition as 0 or 1; `scratch` is an i32 local. */
  condition(code: Code, cc: number, scratch: number): void;
  /** Told of every change of the lazy flags, before it: the new FLAGS_OP, or null where it is not known; `left` pushes the left operand. */
  flagsChange(code: Code, op: number | null, left: (() => void) | null): void;
  /** Replaces CF and OF in its own way, or returns false. */
  carryOverflow(code: Code, carry: () => void, overflow: () => void): boolean;
  /** The TLB in force, where it is known. */
  readonly tlbBase: number | null;
  /** A field's value where it is known when code is made. */
  constant(name: FieldName): number | null;
  /** Leaves the instruction with a fault in FAULT_VECTOR. */
  fault(code: Code): void;
  /** Ends the instruction at another EIP. */
  jump(code: Code, target: Expr, lowering: Lowering): void;
  /** Ends the instruction where a helper has set EIP. */
  finish(code: Code): void;
  /** Index of a helper or slow path among the module's functions. */
  helper(name: string): number;
  /** Nobody sees the lazy flags that the instruction leaves. */
  readonly flagsDie: boolean;
  /** What it keeps in locals of the function; null: nothing. */
  readonly homes: Homes | null;
}
