import {
  BIAS,
  C1,
  CONTROL,
  EXP,
  FLAGS,
  INTEGER_BIT,
  OE,
  PC,
  PE,
  RC,
  RC_DOWN,
  RC_UP,
  RC_ZERO,
  R_HI,
  R_LO,
  R_SE,
  SIGN,
  T_EXT,
  T_HI,
  T_LO,
  UE,
  setInfinity,
  setZero,
  x,
} from './scratch.ts';

/** What {@link roundAt} reports: the value was not exact, its magnitude was increased, and a carry left the top. */
const INEXACT = 1;
export const ROUNDED_UP = 2;
export const CARRY = 4;

/** Precision field for results of full width. */
export const PC_24 = 0x000;
export const PC_53 = 0x200;
const PC_64 = 0x300;

/** Amount by which an unmasked overflow or underflow biases the exponent (Intel SDM vol. 1, 8.5.4). */
const WRAP = 24576;

/**
 * Rounds the 96-bit significand T to a precision, into R's significand.
 *
 * @param precision PC_24, PC_53 or PC_64 (the reserved value counts as 64)
 * @param mode the rounding field (RC) of the control word
 * @param sign 0 or SIGN
 * @returns INEXACT | ROUNDED_UP | CARRY; after a carry the significand is zero
 */
export function roundAt(precision: number, mode: number, sign: number): number {
  let hi = x[T_HI];
  let lo = x[T_LO];
  let half: boolean;
  let rest: boolean;
  let odd: boolean;
  let step: number;
  const ext = x[T_EXT];
  if (precision === PC_24) {
    half = (hi & 0x80) !== 0;
    rest = ((hi & 0x7f) | lo | ext) !== 0;
    odd = (hi & 0x100) !== 0;
    hi &= ~0xff;
    lo = 0;
    step = 0;
  } else if (precision === PC_53) {
    half = (lo & 0x400) !== 0;
    rest = ((lo & 0x3ff) | ext) !== 0;
    odd = (lo & 0x800) !== 0;
    lo &= ~0x7ff;
    step = 0x800;
  } else {
    half = ext < 0;
    rest = (ext & 0x7fff_ffff) !== 0;
    odd = (lo & 1) !== 0;
    step = 1;
  }
  x[R_HI] = hi;
  x[R_LO] = lo;
  if (!half && !rest) return 0;
  const up = mode === 0 ? half && (rest || odd) : mode === (sign !== 0 ? RC_DOWN : RC_UP);
  if (!up) return INEXACT;
  if (step !== 0) {
    lo = (lo + step) | 0;
    if (lo === 0) hi = (hi + 1) | 0;
  } else hi = (hi + 0x100) | 0;
  x[R_HI] = hi;
  x[R_LO] = lo;
  return (hi | lo) === 0 ? INEXACT | ROUNDED_UP | CARRY : INEXACT | ROUNDED_UP;
}

/** Shifts T right by `n` > 0 places, collecting what falls out in the lowest bit. */
export function shiftRightSticky(n: number): void {
  let hi = x[T_HI];
  let lo = x[T_LO];
  let ext = x[T_EXT];
  let sticky = 0;
  if (n >= 96) {
    sticky = hi | lo | ext;
    hi = 0;
    lo = 0;
    ext = 0;
    n = 0;
  }
  while (n >= 32) {
    sticky |= ext;
    ext = lo;
    lo = hi;
    hi = 0;
    n -= 32;
  }
  if (n !== 0) {
    sticky |= ext << (32 - n);
    ext = (ext >>> n) | (lo << (32 - n));
    lo = (lo >>> n) | (hi << (32 - n));
    hi >>>= n;
  }
  x[T_HI] = hi;
  x[T_LO] = lo;
  x[T_EXT] = ext | (sticky !== 0 ? 1 : 0);
}

/**
 * Rounds the normalised significand T with this sign and biased exponent by the control word, into R, with the
 * exceptions and C1 in FLAGS. The exponent may lie outside its 15 bits.
 */
export function roundPack(sign: number, exp: number): void {
  if ((x[CONTROL] & (PC | RC)) === PC_64 && exp > 0 && exp < EXP - 1) {
    const ext = x[T_EXT];
    let lo = x[T_LO];
    let hi = x[T_HI];
    if (ext !== 0) {
      x[FLAGS] |= PE;
      if (ext < 0 && (ext !== INTEGER_BIT || (lo & 1) !== 0)) {
        x[FLAGS] |= C1;
        lo = (lo + 1) | 0;
        if (lo === 0) {
          hi = (hi + 1) | 0;
          if (hi === 0) {
            hi = INTEGER_BIT;
            exp++;
          }
        }
      }
    }
    x[R_LO] = lo;
    x[R_HI] = hi;
    x[R_SE] = sign | exp;
    return;
  }
  roundPackAny(sign, exp);
}

function roundPackAny(sign: number, exp: number): void {
  const control = x[CONTROL];
  const precision = control & PC;
  const mode = control & RC;
  let how = roundAt(precision, mode, sign);
  let flags = 0;
  if (exp <= 0) {
    // Tiny is judged after rounding as if the exponent had no bound.
    const tiny = exp < 0 || (how & CARRY) === 0;
    if (tiny && (control & UE) === 0) {
      flags = UE;
      exp += WRAP;
      // Only FSCALE goes so far: beyond the wrap the masked result is delivered.
      if (exp <= 0) {
        x[FLAGS] |= UE | PE;
        setZero(sign);
        return;
      }
    } else {
      shiftRightSticky(1 - exp);
      how = roundAt(precision, mode, sign);
      if (how !== 0) x[FLAGS] |= PE | (tiny ? UE : 0) | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
      x[R_SE] = sign | (x[R_HI] < 0 ? 1 : 0);
      return;
    }
  }
  if ((how & CARRY) !== 0) {
    x[R_HI] = INTEGER_BIT;
    exp++;
  }
  if (exp >= EXP) {
    if ((control & OE) !== 0) {
      overflow(sign, precision, mode);
      return;
    }
    flags = OE;
    exp -= WRAP;
    if (exp >= EXP) {
      x[FLAGS] |= OE | PE | C1;
      setInfinity(sign);
      return;
    }
  }
  if ((how & INEXACT) !== 0) flags |= PE;
  if ((how & ROUNDED_UP) !== 0) flags |= C1;
  x[FLAGS] |= flags;
  x[R_SE] = sign | (exp & EXP);
}

/** The masked response to overflow (Intel SDM vol. 1, table 4-10). */
function overflow(sign: number, precision: number, mode: number): void {
  x[FLAGS] |= OE | PE;
  if (mode === RC_ZERO || mode === (sign !== 0 ? RC_UP : RC_DOWN)) {
    x[R_HI] = precision === PC_24 ? -0x100 : -1;
    x[R_LO] = precision === PC_24 ? 0 : precision === PC_53 ? -0x800 : -1;
    x[R_SE] = sign | (EXP - 1);
  } else {
    x[FLAGS] |= C1;
    setInfinity(sign);
  }
}

/**
 * Rounds the value at `at` (normalised, with this exponent) to an integer by the rounding mode: T is shifted so that
 * the unit lies in the lowest bit of R's significand.
 *
 * @returns as {@link roundAt}; the magnitude must be below 2^64
 */
export function roundToInteger(at: number, exp: number): number {
  x[T_HI] = x[at + 1];
  x[T_LO] = x[at];
  x[T_EXT] = 0;
  const shift = BIAS + 63 - exp;
  if (shift > 0) shiftRightSticky(shift);
  return roundAt(PC_64, x[CONTROL] & RC, x[at + 2] & SIGN);
}
