/**
 * The micro-operations in which every simple instruction is written: plain data, no knowledge of WebAssembly.
 *
 * Expressions are pure: they read only constants, fields of the decoded instruction and locals. Whatever reads or
 * changes the machine is a statement, so that order is explicit. A statement that faults ends the instruction; those before it have happened, so
 * definitions put whatever can fault before the first change of a register.
 */

export type Type = 'i32' | 'i64';

/** Operators with two operands of one type; comparisons give an i32 of 0 or 1. Shift counts are taken modulo the width. */
export type Binary =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div_s'
  | 'div_u'
  | 'rem_s'
  | 'rem_u'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr_s'
  | 'shr_u'
  | 'rotl'
  | 'rotr'
  | 'eq'
  | 'ne'
  | 'lt_s'
  | 'lt_u'
  | 'gt_s'
  | 'gt_u'
  | 'le_s'
  | 'le_u'
  | 'ge_s'
  | 'ge_u';

/** `wrap` i64 to i32; `extend_u`, `extend_s` i32 to i64; `extend8_s`, `extend16_s` within i32; the rest within their type. */
export type Unary = 'eqz' | 'clz' | 'ctz' | 'popcnt' | 'extend8_s' | 'extend16_s' | 'wrap' | 'extend_u' | 'extend_s';

/**
 * What differs between two instructions of one form: `imm`, `imm2`; `next`: EIP of the next instruction; `target`: EIP of a relative
 * branch (not yet cut to 16 bits); `segment`: number of the memory operand's segment register.
 */
export type FieldName = 'imm' | 'imm2' | 'next' | 'target' | 'segment';

export interface Local {
  readonly k: 'local';
  readonly type: Type;
  readonly id: number;
}
export type Expr =
  | Local
  | { readonly k: 'const'; readonly type: Type; readonly value: number }
  | { readonly k: 'field'; readonly type: 'i32'; readonly name: FieldName }
  | { readonly k: 'binary'; readonly type: Type; readonly op: Binary; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'unary'; readonly type: Type; readonly op: Unary; readonly a: Expr }
  | { readonly k: 'select'; readonly type: Type; readonly condition: Expr; readonly a: Expr; readonly b: Expr };

/** A general register: one that the instruction's fields name, or a fixed byte address in the register file (AH is 1, ECX 4). */
export type Register = { readonly slot: 'rm' | 'reg' } | { readonly at: number };
/** Bytes of an access. */
export type Size = 1 | 2 | 4 | 8;
/** A segment register: the memory operand's, or a fixed one. */
export type Segment = 'operand' | number;

export type Statement =
  /** Evaluates an expression; the same local may be set again. */
  | { readonly k: 'set'; readonly local: Local; readonly value: Expr }
  /** Zero-extends. */
  | { readonly k: 'getRegister'; readonly local: Local; readonly register: Register; readonly size: Size }
  | { readonly k: 'setRegister'; readonly register: Register; readonly size: Size; readonly value: Expr }
  /** A 32-bit word of the CPU state, by its offset in layout.ts. */
  | { readonly k: 'getState'; readonly local: Local; readonly offset: number }
  | { readonly k: 'setState'; readonly offset: number; readonly value: Expr }
  /** Effective address of the memory operand, cut to the address size. */
  | { readonly k: 'address'; readonly local: Local }
  /** May fault. Zero-extends. */
  | { readonly k: 'load'; readonly local: Local; readonly segment: Segment; readonly offset: Expr; readonly size: Size }
  /** May fault, and then nothing is stored. */
  | { readonly k: 'store'; readonly segment: Segment; readonly offset: Expr; readonly size: Size; readonly value: Expr }
  /** May fault: translates for read and write; gives a handle for `peek` and `poke`, which cannot fault. */
  | { readonly k: 'access'; readonly local: Local; readonly segment: Segment; readonly offset: Expr; readonly size: Size }
  | { readonly k: 'peek'; readonly local: Local; readonly access: Local; readonly size: Size }
  /** The end of an access; at most one on a path. */
  | { readonly k: 'poke'; readonly access: Local; readonly size: Size; readonly value: Expr }
  /** Sets all six arithmetic flags, lazily: `kind` is one of `LAZY_*` (flags.ts). */
  | {
      readonly k: 'lazyFlags';
      readonly kind: number;
      readonly size: Size;
      readonly result: Expr;
      readonly source: Expr;
      readonly carry: Expr | null;
    }
  /** Replaces CF and OF (each 0 or 1), keeps the other four. */
  | { readonly k: 'carryOverflow'; readonly carry: Expr; readonly overflow: Expr }
  /** All flags, computed. */
  | { readonly k: 'getFlags'; readonly local: Local }
  /** The whole flags word; ends laziness. */
  | { readonly k: 'setFlags'; readonly value: Expr }
  /** Condition code 0-15 as 0 or 1. */
  | { readonly k: 'condition'; readonly local: Local; readonly cc: number }
  | { readonly k: 'if'; readonly condition: Expr; readonly then: readonly Statement[]; readonly otherwise: readonly Statement[] }
  /** May fault: #GP(0) when the target lies beyond CS's limit. */
  | { readonly k: 'checkTarget'; readonly target: Expr }
  /** Sets EIP; the last statement on its path, and the instruction ends its block. */
  | { readonly k: 'jump'; readonly target: Expr }
  /**
   * Calls a helper by name. May fault. `jumps`: the helper may have changed EIP, modes or interruptibility, so the
   * block ends and EIP stands as the helper left it. `apart`: it neither reads nor changes general registers and arithmetic flags.
   */
  | {
      readonly k: 'call';
      readonly local: Local | null;
      readonly helper: string;
      readonly a: Expr;
      readonly b: Expr;
      readonly jumps: boolean;
      readonly apart: boolean;
    }
  /** Ends the block after a helper that jumps; the last statement on its path. */
  | { readonly k: 'finish' }
  | { readonly k: 'raise'; readonly vector: number; readonly error: number };

/** One instruction's semantics for one shape. */
export interface Definition {
  readonly statements: readonly Statement[];
  /** Type of each local, by id. */
  readonly locals: readonly Type[];
}
