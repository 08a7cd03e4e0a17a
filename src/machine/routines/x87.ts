import * as L from '../state/layout.ts';
import { CR0_EM, CR0_TS } from '../state/register_bits.ts';
import { TLB_ADDEND, TLB_READ_TAG, TLB_WRITE_TAG } from '../memory/tlb.ts';
import { BIAS, C1, CONDITION, EXP, PE, SIGN } from '../fpu/scratch.ts';
import type { Expr, Local } from '../ir/nodes.ts';
import type { Routine } from './routine.ts';

/** Control word as it is nearly always: all exceptions masked, 64 bits of precision, rounding to nearest. */
const MASKS = 0x3f;
const PRECISION = 0x300;
export const ROUNDING = 0xc00;
/** The integer bit, as an i64. */
export const TOP_BIT = -(2 ** 63);
/** Segment and pop of the word that describes the instruction, see {@link executeFpu} of fpu/. */
const SEGMENT_SHIFT = 11;

/** A number: its significand (i64, with the integer bit) and the word of sign and biased exponent. */
export interface Float {
  readonly m: Local;
  readonly se: Local;
}

/**
 * The short way of an x87 instruction, in parts: what holds where no exception can be unmasked and operands are normal numbers (or zeros, where it
 * says so). What it does is what fpu/ does, to the bit; anything else it leaves to it, untouched.
 */
export class Short {
  readonly r: Routine;
  readonly #top: Local;

  /** @param rounds the result depends on precision and rounding, which must be the usual ones */
  constructor(r: Routine, rounds: boolean) {
    this.r = r;
    const control = r.read(L.FPU_CONTROL);
    const wanted = rounds ? MASKS | PRECISION : MASKS;
    const mask = rounds ? MASKS | PRECISION | ROUNDING : MASKS;
    r.giveUpIf(r.or(r.and(r.read(L.CR0), CR0_EM | CR0_TS), r.xor(r.and(control, mask), wanted)));
    this.#top = r.read(L.FPU_TOP);
  }

  get bits(): Local {
    return this.r.parameter(0);
  }

  /** Number of the physical register that is ST(i); of the one below for -1. */
  physical(i: Expr | number): Local {
    const { r } = this;
    return r.let(r.and(r.add(this.#top, i), 7));
  }
  /** ST(i) of the instruction's own i. */
  operandRegister(): Local {
    return this.physical(this.r.and(this.bits, 7));
  }
  demandInUse(...registers: Local[]): void {
    const { r } = this;
    r.giveUpIf(registers.map((p): Expr => r.read(p, L.FPU_EMPTY, 1)).reduce((a, b) => r.or(a, b)));
  }
  /** What a physical register holds. */
  get(p: Local): Float {
    const { r } = this;
    const at = r.let(r.shl(p, 4));
    return { m: r.read(at, L.FPU_REG, 8), se: r.read(at, L.FPU_REG + 8) };
  }
  /** Fills a physical register, which is in use already. */
  put(p: Local, m: Expr | number, se: Expr | number): void {
    const { r } = this;
    const at = r.let(r.shl(p, 4));
    r.write(at, m, L.FPU_REG, 8);
    r.write(at, se, L.FPU_REG + 8);
  }
  /** Takes ST(0), number `p`, off the stack. */
  pop(p: Local): void {
    const { r } = this;
    r.write(p, 1, L.FPU_EMPTY, 1);
    r.write(L.FPU_TOP, r.and(r.add(p, 1), 7));
  }
  /** Pushes, where there is room: makes sure of that, gives what does it. */
  room(): (m: Expr | number, se: Expr | number) => void {
    const { r } = this;
    const p = this.physical(-1);
    r.giveUpIf(r.not(r.read(p, L.FPU_EMPTY, 1)));
    return (m, se) => {
      this.put(p, m, se);
      r.write(p, 0, L.FPU_EMPTY, 1);
      r.write(L.FPU_TOP, p);
    };
  }

  exponent({ se }: Float): Expr {
    return this.r.and(se, EXP);
  }
  isNormal(x: Float): Expr {
    const { r } = this;
    return r.and(r.op('lt_s', x.m, 0), r.op('lt_u', r.sub(this.exponent(x), 1), EXP - 1));
  }
  isZero({ m, se }: Float): Expr {
    const { r } = this;
    return r.and(r.unary('eqz', m), r.not(r.and(se, EXP)));
  }
  demandNormal(...operands: Float[]): void {
    const { r } = this;
    r.giveUpIf(r.not(operands.map((x) => this.isNormal(x)).reduce((a, b) => r.and(a, b))));
  }
  demandNormalOrZero(...operands: Float[]): void {
    const { r } = this;
    r.giveUpIf(r.not(operands.map((x): Expr => r.or(this.isNormal(x), this.isZero(x))).reduce((a, b) => r.and(a, b))));
  }

  /** Memory offset of the operand, which must lie in one page of a flat segment that the TLB knows. */
  place(bytes: number, write: boolean): Local {
    const { r } = this;
    const segment = r.and(r.shr(this.bits, SEGMENT_SHIFT), 7);
    r.giveUpIf(r.not(r.read(r.mul(segment, L.SEG_SIZE), L.SEG + (write ? L.SEG_FLAT_WRITE : L.SEG_FLAT_READ))));
    const linear = r.parameter(1);
    const entry = r.let(r.add(r.read(L.TLB_BASE), r.and(r.shr(linear, 8), (L.TLB_ENTRIES - 1) * L.TLB_ENTRY)));
    r.giveUpIf(r.ne(r.read(entry, write ? TLB_WRITE_TAG : TLB_READ_TAG), r.and(r.add(linear, bytes - 1), -4096)));
    return r.let(r.add(linear, r.read(entry, TLB_ADDEND)));
  }
  /** A single or double from memory, widened: a normal number or zero. */
  real(size: 4 | 8): Float {
    const { r } = this;
    const raw = r.read(this.place(size, false), 0, size);
    const wide = size === 8 ? raw : r.let(r.wide(raw));
    const [fraction, exponents, bias] = size === 8 ? [52, 0x7ff, 1023] : [23, 0xff, 127];
    const e = r.let(r.and(r.wrap(r.shr(wide, fraction)), exponents));
    const rest = r.let(r.shl(wide, 63 - fraction));
    const zero = r.let(r.not(e));
    r.giveUpIf(r.or(r.eq(e, exponents), r.and(zero, r.ne(r.shl(rest, 1), 0))));
    const sign = r.shl(r.and(r.wrap(r.shr(wide, size * 8 - 1)), 1), 15);
    return {
      m: r.let(r.select(zero, 0, r.or(rest, TOP_BIT))),
      se: r.let(r.or(sign, r.select(zero, 0, r.add(e, BIAS - bias)))),
    };
  }
  /** A signed integer as a number. @param value i64 */
  integer(value: Expr): Float {
    const { r } = this;
    const v = r.let(value);
    const negative = r.let(r.op('lt_s', v, 0));
    const magnitude = r.let(r.select(negative, r.sub(r.const64(0), v), v));
    const n = r.let(r.unary('clz', magnitude));
    const sign = r.shl(negative, 15);
    return {
      m: r.let(r.shl(magnitude, n)),
      se: r.let(r.select(r.unary('eqz', magnitude), 0, r.or(sign, r.sub(r.const(BIAS + 63), r.wrap(n))))),
    };
  }

  /** Enters C1 and the precision exception, and nothing else. */
  status(flags: Expr | number): void {
    const { r } = this;
    r.write(L.FPU_STATUS, r.or(r.and(r.read(L.FPU_STATUS), ~C1), flags));
  }
  condition(codes: Expr): void {
    const { r } = this;
    r.write(L.FPU_STATUS, r.or(r.and(r.read(L.FPU_STATUS), ~(C1 | CONDITION)), codes));
  }
  /** Ends the instruction: it becomes the last one that the environment tells of. */
  done(inMemory: boolean): void {
    const { r } = this;
    r.write(L.FPU_IP, r.read(L.EIP_START));
    r.write(L.FPU_CS, r.read(L.SEG + L.CS * L.SEG_SIZE, L.SEG_SELECTOR));
    r.write(L.FPU_OPCODE, r.and(this.bits, 0x7ff));
    if (inMemory) {
      r.write(L.FPU_DP, r.parameter(1));
      r.write(L.FPU_DS, r.read(r.mul(r.and(r.shr(this.bits, SEGMENT_SHIFT), 7), L.SEG_SIZE), L.SEG + L.SEG_SELECTOR));
    }
    r.return(0);
  }
}

/** Where a significand ends: what follows it, as a fraction of 2^64, with a sticky lowest bit. */
export interface Unrounded {
  readonly negative: Expr;
  readonly exponent: Local;
  readonly m: Local;
  readonly rest: Local;
}

/** Rounds to nearest even, at 64 bits: gives the result and the flags that go with it. Gives up at an exponent out of range. */
export function rounded(s: Short, { negative, exponent, m, rest }: Unrounded): { m: Local; se: Local; flags: Local } {
  const { r } = s;
  const flags = r.let(0);
  r.if(r.ne(rest, 0), () => {
    r.assign(flags, PE);
    r.if(r.and(r.op('lt_s', rest, 0), r.or(r.ne(rest, TOP_BIT), r.wrap(r.and(m, 1)))), () => {
      r.assign(flags, PE | C1);
      r.assign(m, r.add(m, 1));
      r.if(r.unary('eqz', m), () => {
        r.assign(m, TOP_BIT);
        r.assign(exponent, r.add(exponent, 1));
      });
    });
  });
  r.giveUpIf(r.op('ge_u', r.sub(exponent, 1), EXP - 1));
  return { m, se: r.let(r.or(r.select(negative, SIGN, 0), exponent)), flags };
}
