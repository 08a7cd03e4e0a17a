import {
  A_HI,
  A_LO,
  A_SE,
  BIAS,
  B_HI,
  B_LO,
  B_SE,
  C1,
  CONTROL,
  EXP,
  FLAGS,
  IE,
  INFINITY,
  INTEGER_BIT,
  NORMAL,
  OE,
  PE,
  QUIET,
  RC,
  RC_DOWN,
  RC_UP,
  RC_ZERO,
  R_HI,
  R_LO,
  SIGN,
  SNAN,
  T_EXT,
  T_HI,
  T_LO,
  UE,
  UNSUPPORTED,
  ZERO,
  classify,
  normalize,
  shiftUp,
  x,
} from './scratch.ts';
import { CARRY, PC_24, PC_53, ROUNDED_UP, roundAt, roundToInteger, shiftRightSticky } from './round.ts';

/**
 * Between the 80-bit format and those of memory. Widening is exact (a signalling NaN stays signalling and a
 * single or double denormal becomes a normal number; {@link isDenormalSingle} and {@link isDenormalDouble} tell of them).
 */

/** Widens a single into the operand at `at`. */
export function fromSingle(at: number, word: number): void {
  const sign = (word >>> 16) & SIGN;
  const exp = (word >>> 23) & 0xff;
  const fraction = word & 0x7f_ffff;
  x[at] = 0;
  if (exp === 0) {
    if (fraction === 0) {
      x[at + 1] = 0;
      x[at + 2] = sign;
      return;
    }
    const n = Math.clz32(fraction);
    x[at + 1] = fraction << n;
    x[at + 2] = sign | (BIAS - 126 + 8 - n);
  } else {
    x[at + 1] = INTEGER_BIT | (fraction << 8);
    x[at + 2] = sign | (exp === 0xff ? EXP : exp + BIAS - 127);
  }
}

/** Widens a double (two words) into the operand at `at`. */
export function fromDouble(at: number, lo: number, hi: number): void {
  const sign = (hi >>> 16) & SIGN;
  const exp = (hi >>> 20) & 0x7ff;
  let high = ((hi & 0xf_ffff) << 11) | (lo >>> 21);
  let low = lo << 11;
  if (exp === 0) {
    if ((high | low) === 0) {
      x[at] = 0;
      x[at + 1] = 0;
      x[at + 2] = sign;
      return;
    }
    let e = BIAS - 1022;
    if (high === 0) {
      high = low;
      low = 0;
      e -= 32;
    }
    const n = Math.clz32(high);
    if (n !== 0) {
      high = (high << n) | (low >>> (32 - n));
      low <<= n;
    }
    x[at] = low;
    x[at + 1] = high;
    x[at + 2] = sign | (e - n);
  } else {
    x[at] = low;
    x[at + 1] = high | INTEGER_BIT;
    x[at + 2] = sign | (exp === 0x7ff ? EXP : exp + BIAS - 1023);
  }
}

/** A single denormal: widening it raises the denormal exception. */
export function isDenormalSingle(word: number): boolean {
  return (word & 0x7f80_0000) === 0 && (word & 0x7f_ffff) !== 0;
}
/** A double denormal. */
export function isDenormalDouble(lo: number, hi: number): boolean {
  return (hi & 0x7ff0_0000) === 0 && ((hi & 0xf_ffff) | lo) !== 0;
}

/** Widens a signed 64-bit integer into the operand at `at`. */
export function fromInteger(at: number, lo: number, hi: number): void {
  const sign = hi < 0 ? SIGN : 0;
  if (sign !== 0) {
    lo = -lo | 0;
    hi = (~hi + (lo === 0 ? 1 : 0)) | 0;
  }
  x[at] = lo;
  x[at + 1] = hi;
  x[at + 2] = (lo | hi) === 0 ? 0 : sign | normalizeInteger(at);
}

/** Narrows A to a single: the word in x[R_LO], exceptions in FLAGS. */
export function toSingle(): void {
  const kind = classify(A_LO);
  const sign = (x[A_SE] & SIGN) << 16;
  if (kind !== NORMAL && narrowSpecial(kind)) {
    x[R_LO] = kind === ZERO ? sign : sign | 0x7f80_0000 | ((x[R_HI] >>> 8) & 0x7f_ffff);
    if (kind === UNSUPPORTED) x[R_LO] = 0xffc0_0000 | 0;
    return;
  }
  const exp = roundTo(PC_24, 127);
  x[R_LO] = sign | (exp << 23) | ((x[R_HI] >>> 8) & 0x7f_ffff);
}

/** Narrows A to a double: words in x[R_LO] and x[R_HI], exceptions in FLAGS. */
export function toDouble(): void {
  const kind = classify(A_LO);
  const sign = (x[A_SE] & SIGN) << 16;
  let exp = 0x7ff;
  if (kind !== NORMAL && narrowSpecial(kind)) {
    if (kind === ZERO) {
      x[R_LO] = 0;
      x[R_HI] = sign;
      return;
    }
    if (kind === UNSUPPORTED) {
      x[R_LO] = 0;
      x[R_HI] = 0xfff8_0000 | 0;
      return;
    }
  } else exp = roundTo(PC_53, 1023);
  const hi = x[R_HI];
  const lo = x[R_LO];
  x[R_LO] = (hi << 21) | (lo >>> 11);
  x[R_HI] = sign | (exp << 20) | ((hi >>> 11) & 0xf_ffff);
}

/** Puts the significand of a NaN, infinity or zero into R; false for a denormal, which is a number to round. */
function narrowSpecial(kind: number): boolean {
  if (kind < INFINITY && kind !== ZERO) return false;
  if (kind === SNAN || kind === UNSUPPORTED) x[FLAGS] |= IE;
  x[R_LO] = x[A_LO];
  x[R_HI] = kind === SNAN ? x[A_HI] | QUIET : x[A_HI];
  return true;
}

/**
 * Rounds A to a memory format.
 *
 * @returns the biased exponent in that format; the significand is R's
 */
function roundTo(precision: number, bias: number): number {
  const sign = x[A_SE] & SIGN;
  const mode = x[CONTROL] & RC;
  const max = 2 * bias + 1;
  let exp = normalize(A_LO) - BIAS + bias;
  x[T_HI] = x[A_HI];
  x[T_LO] = x[A_LO];
  x[T_EXT] = 0;
  let how = roundAt(precision, mode, sign);
  if (exp <= 0) {
    const tiny = exp < 0 || (how & CARRY) === 0;
    shiftRightSticky(1 - exp);
    how = roundAt(precision, mode, sign);
    if (how !== 0) x[FLAGS] |= PE | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
    if (tiny && (how !== 0 || (x[CONTROL] & UE) === 0)) x[FLAGS] |= UE;
    return x[R_HI] < 0 ? 1 : 0;
  }
  if ((how & CARRY) !== 0) {
    x[R_HI] = INTEGER_BIT;
    exp++;
  }
  if (exp >= max) {
    x[FLAGS] |= OE | PE;
    if (mode === RC_ZERO || mode === (sign !== 0 ? RC_UP : RC_DOWN)) {
      x[R_HI] = -1;
      x[R_LO] = -1;
      return max - 1;
    }
    x[FLAGS] |= C1;
    x[R_HI] = INTEGER_BIT;
    x[R_LO] = 0;
    return max;
  }
  if (how !== 0) x[FLAGS] |= PE | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
  return exp;
}

/**
 * Converts A to a signed integer of 16, 32 or 64 bits in x[R_LO], x[R_HI]; out of range is an invalid operation with
 * the integer indefinite.
 */
export function toInteger(bits: 16 | 32 | 64): void {
  const kind = classify(A_LO);
  if (kind === ZERO) {
    x[R_LO] = 0;
    x[R_HI] = 0;
    return;
  }
  const negative = (x[A_SE] & SIGN) !== 0;
  let fits = kind < INFINITY;
  if (fits) {
    const exp = normalize(A_LO);
    fits = exp < BIAS + 64;
    if (fits) {
      const how = roundToInteger(A_LO, exp);
      const hi = x[R_HI];
      const lo = x[R_LO];
      if ((how & CARRY) !== 0) fits = false;
      else if (bits === 64) fits = hi >= 0 || (negative && hi === INTEGER_BIT && lo === 0);
      else {
        const limit = bits === 32 ? 0x8000_0000 : 0x8000;
        fits = hi === 0 && (lo >>> 0 < limit || (negative && lo >>> 0 === limit));
      }
      if (fits) {
        if (how !== 0) x[FLAGS] |= PE | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
        if (negative) {
          x[R_LO] = -lo | 0;
          x[R_HI] = (~hi + (lo === 0 ? 1 : 0)) | 0;
        }
        return;
      }
    }
  }
  x[FLAGS] |= IE;
  x[R_LO] = bits === 64 ? 0 : bits === 32 ? INTEGER_BIT : 0x8000;
  x[R_HI] = INTEGER_BIT;
}

const BCD_LIMIT = 1_000_000_000_000_000_000n;

/** The 64-bit significand at `at` as a number without bound. */
export function significand(at: number): bigint {
  return (BigInt(x[at + 1] >>> 0) << 32n) | BigInt(x[at] >>> 0);
}

/** Puts a non-negative integer below 2^64 into two words at `at`. */
export function setWords(at: number, value: bigint): void {
  x[at] = Number(value & 0xffff_ffffn) | 0;
  x[at + 1] = Number(value >> 32n) | 0;
}

/** Converts A to packed decimal: 80 bits in R, exceptions in FLAGS. */
export function toDecimal(): void {
  const kind = classify(A_LO);
  const sign = x[A_SE] & SIGN;
  if (kind < INFINITY) {
    let value = 0n;
    let how = 0;
    let fits = true;
    if (kind !== ZERO) {
      const exp = normalize(A_LO);
      fits = exp < BIAS + 60;
      if (fits) {
        how = roundToInteger(A_LO, exp);
        value = significand(R_LO);
        fits = value < BCD_LIMIT;
      }
    }
    if (fits) {
      if (how !== 0) x[FLAGS] |= PE | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
      const digits = BigInt('0x' + value.toString());
      setWords(R_LO, digits & 0xffff_ffff_ffff_ffffn);
      x[R_LO + 2] = sign | Number(digits >> 64n);
      return;
    }
  }
  x[FLAGS] |= IE;
  x[R_LO] = 0;
  x[R_HI] = 0xc000_0000 | 0;
  x[R_LO + 2] = 0xffff;
}

/** Widens the packed decimal in B into B. Digits above nine count as what they are worth, as in the silicon. */
export function fromDecimal(): void {
  const sign = x[B_SE] & SIGN;
  let value = 0n;
  let packed = significand(B_LO) | (BigInt(x[B_SE] & 0xff) << 64n);
  let weight = 1n;
  for (let i = 0; i < 18; i++) {
    value += (packed & 15n) * weight;
    packed >>= 4n;
    weight *= 10n;
  }
  if (value === 0n) {
    x[B_LO] = 0;
    x[B_HI] = 0;
    x[B_SE] = sign;
    return;
  }
  setWords(B_LO, value);
  x[B_SE] = 0;
  const exp = normalizeInteger(B_LO);
  x[B_SE] = sign | exp;
}

/** Normalises a non-zero integer significand; returns its biased exponent. */
export function normalizeInteger(at: number): number {
  return shiftUp(at, BIAS + 63);
}
