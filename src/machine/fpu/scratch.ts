/**
 * The unit's working registers.
 *
 * An operand is three 32-bit words: low and high half of the 64-bit significand (integer bit explicit, bit 31 of the
 * high word) and the word of sign (bit 15) and biased exponent (bits 0-14). They pass between functions in this one
 * array, because a 32-bit quantity that leaves a compiled JavaScript function as a number may cost an allocation.
 * One for all: nothing in it outlives an instruction.
 */
export const x = new Int32Array(32);

/** First and second operand, result, and the unrounded result: 96 bits in HI:LO:EXT with a sticky lowest bit. */
export const A_LO = 0;
export const A_HI = 1;
export const A_SE = 2;
export const B_LO = 4;
export const B_HI = 5;
export const B_SE = 6;
export const R_LO = 8;
export const R_HI = 9;
export const R_SE = 10;
export const T_EXT = 12;
export const T_LO = 13;
export const T_HI = 14;
/** Status word bits raised by the instruction: exceptions, C1 for "rounded up". */
export const FLAGS = 16;
/** The control word in force, precision replaced where the instruction ignores it. */
export const CONTROL = 17;
/** Second result of an instruction that has two. */
export const Q_LO = 20;

/** Status word (Intel SDM vol. 1, 8.1.3). */
export const IE = 1;
export const DE = 2;
export const ZE = 4;
export const OE = 8;
export const UE = 16;
export const PE = 32;
export const SF = 64;
export const ES = 128;
export const C0 = 0x100;
export const C1 = 0x200;
export const C2 = 0x400;
export const C3 = 0x4000;
export const BUSY = 0x8000;
export const CONDITION = C0 | C1 | C2 | C3;

/** Control word (8.1.5): precision and rounding fields, and rounding's values. */
export const PC = 0x300;
export const RC = 0xc00;
export const RC_DOWN = 0x400;
export const RC_UP = 0x800;
export const RC_ZERO = 0xc00;

/** Sign and exponent word. */
export const SIGN = 0x8000;
export const EXP = 0x7fff;
export const BIAS = 0x3fff;
/** The integer bit in the high word, as an i32. */
export const INTEGER_BIT = -0x8000_0000;
/** The quiet bit of a NaN in the high word. */
export const QUIET = 0x4000_0000;

/** Classes of an 80-bit pattern. Pseudo-denormals count as denormal. */
export const ZERO = 0;
export const NORMAL = 1;
export const DENORMAL = 2;
export const INFINITY = 3;
export const QNAN = 4;
export const SNAN = 5;
export const UNSUPPORTED = 6;

/** Class of the operand at `at` (0 for A, 4 for B, 8 for R). */
export function classify(at: number): number {
  const lo = x[at];
  const hi = x[at + 1];
  const exp = x[at + 2] & EXP;
  if (exp === 0) return (lo | hi) === 0 ? ZERO : DENORMAL;
  if (hi >= 0) return UNSUPPORTED;
  if (exp !== EXP) return NORMAL;
  if (lo === 0 && hi === INTEGER_BIT) return INFINITY;
  return (hi & QUIET) !== 0 ? QNAN : SNAN;
}

/** The result becomes the real indefinite, the default quiet NaN. */
export function setIndefinite(): void {
  x[R_LO] = 0;
  x[R_HI] = INTEGER_BIT | QUIET;
  x[R_SE] = SIGN | EXP;
}

/** The result becomes a zero of this sign (0 or SIGN). */
export function setZero(sign: number): void {
  x[R_LO] = 0;
  x[R_HI] = 0;
  x[R_SE] = sign;
}

/** The result becomes an infinity of this sign. */
export function setInfinity(sign: number): void {
  x[R_LO] = 0;
  x[R_HI] = INTEGER_BIT;
  x[R_SE] = sign | EXP;
}

/** The result becomes one of this sign. */
export function setOne(sign: number): void {
  x[R_LO] = 0;
  x[R_HI] = INTEGER_BIT;
  x[R_SE] = sign | BIAS;
}

/** Copies an operand. */
export function copy(to: number, from: number): void {
  x[to] = x[from];
  x[to + 1] = x[from + 1];
  x[to + 2] = x[from + 2];
}

/** The invalid operation exception with its masked result. */
export function invalid(): void {
  x[FLAGS] |= IE;
  setIndefinite();
}

/** Shifts the (denormal) significand at `at` until its integer bit is set; returns the exponent that goes with it. */
export function normalize(at: number): number {
  const exp = x[at + 2] & EXP;
  return shiftUp(at, exp === 0 ? 1 : exp);
}

/** Shifts the significand at `at`, which is not zero, until its integer bit is set; `exp` was its exponent. Returns the one that it has now. */
export function shiftUp(at: number, exp: number): number {
  let lo = x[at];
  let hi = x[at + 1];
  if (hi === 0) {
    hi = lo;
    lo = 0;
    exp -= 32;
  }
  const n = Math.clz32(hi);
  if (n !== 0) {
    hi = (hi << n) | (lo >>> (32 - n));
    lo <<= n;
    exp -= n;
  }
  x[at] = lo;
  x[at + 1] = hi;
  return exp;
}

/**
 * The result of an operation on a NaN or an unsupported pattern (Intel SDM vol. 1, table 4-7): of two NaNs the one
 * with the larger significand, of two equal ones the positive one; of a signalling and a quiet one the quiet one.
 *
 * @param a class of A
 * @param b class of B; ZERO for an operation with one operand
 */
export function propagate(a: number, b: number): void {
  if (a === UNSUPPORTED || b === UNSUPPORTED) {
    invalid();
    return;
  }
  if (a === SNAN || b === SNAN) x[FLAGS] |= IE;
  const aNan = a === SNAN || a === QNAN;
  const bNan = b === SNAN || b === QNAN;
  let second = !aNan;
  if (aNan && bNan) {
    if (a !== b) second = b === QNAN;
    else if (x[A_HI] !== x[B_HI]) second = x[B_HI] >>> 0 > x[A_HI] >>> 0;
    else if (x[A_LO] !== x[B_LO]) second = x[B_LO] >>> 0 > x[A_LO] >>> 0;
    else second = x[A_SE] > x[B_SE];
  }
  copy(R_LO, second ? B_LO : A_LO);
  x[R_HI] |= QUIET;
}
