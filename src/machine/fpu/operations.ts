import {
  A_HI,
  A_LO,
  A_SE,
  BIAS,
  B_LO,
  B_SE,
  C0,
  C1,
  C2,
  C3,
  CONTROL,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  IE,
  INFINITY,
  NORMAL,
  PE,
  Q_LO,
  QNAN,
  R_HI,
  R_LO,
  R_SE,
  SIGN,
  T_EXT,
  T_HI,
  T_LO,
  UNSUPPORTED,
  ZE,
  ZERO,
  classify,
  copy,
  invalid,
  normalize,
  propagate,
  setInfinity,
  setOne,
  setZero,
  x,
} from './scratch.ts';
import { ROUNDED_UP, roundPack, roundToInteger } from './round.ts';
import { fromInteger, normalizeInteger, setWords, significand } from './convert.ts';

/** Compare results as condition codes: A > B is 0, and C0 (less), C3 (equal), all three (unordered). */
const LESS = C0;
const EQUAL = C3;
export const UNORDERED = C0 | C2 | C3;

/**
 * Compares A and B.
 *
 * @param quiet a quiet NaN is no invalid operation (FUCOM)
 * @returns condition codes
 */
export function compare(quiet: boolean): number {
  const a = classify(A_LO);
  const b = classify(B_LO);
  if (a > INFINITY || b > INFINITY) {
    if (!quiet || a > QNAN || b > QNAN) x[FLAGS] |= IE;
    return UNORDERED;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (a === ZERO && b === ZERO) return EQUAL;
  const aNegative = (x[A_SE] & SIGN) !== 0;
  const bNegative = (x[B_SE] & SIGN) !== 0;
  if (a === ZERO) return bNegative ? 0 : LESS;
  if (b === ZERO) return aNegative ? LESS : 0;
  if (aNegative !== bNegative) return aNegative ? LESS : 0;
  // A pseudo-denormal has exponent 0 but counts as exponent 1.
  const aExp = x[A_SE] & EXP || 1;
  const bExp = x[B_SE] & EXP || 1;
  let order = aExp - bExp;
  if (order === 0) order = (x[A_HI] >>> 0) - (x[B_LO + 1] >>> 0);
  if (order === 0) order = (x[A_LO] >>> 0) - (x[B_LO] >>> 0);
  if (order === 0) return EQUAL;
  return order < 0 !== aNegative ? LESS : 0;
}

/** FXAM's class of A as condition codes C3, C2, C0 (C1 is the sign). */
export function examine(): number {
  const sign = (x[A_SE] & SIGN) !== 0 ? C1 : 0;
  switch (classify(A_LO)) {
    case ZERO:
      return sign | C3;
    case NORMAL:
      return sign | C2;
    case DENORMAL:
      return sign | C2 | C3;
    case INFINITY:
      return sign | C0 | C2;
    case UNSUPPORTED:
      return sign;
    default:
      return sign | C0;
  }
}

/** FRNDINT: R = A rounded to an integer by the rounding mode. */
export function roundInteger(): void {
  const a = classify(A_LO);
  if (a > INFINITY) {
    propagate(a, ZERO);
    return;
  }
  copy(R_LO, A_LO);
  if (a === ZERO || a === INFINITY) return;
  if (a === DENORMAL) x[FLAGS] |= DE;
  const exp = normalize(A_LO);
  if (exp >= BIAS + 63) return;
  const sign = x[A_SE] & SIGN;
  const how = roundToInteger(A_LO, exp);
  if (how !== 0) x[FLAGS] |= PE | ((how & ROUNDED_UP) !== 0 ? C1 : 0);
  if ((x[R_HI] | x[R_LO]) === 0) setZero(sign);
  else x[R_SE] = sign | normalizeInteger(R_LO);
}

/** FSCALE: R = A * 2^trunc(B). */
export function scale(): void {
  const a = classify(A_LO);
  const b = classify(B_LO);
  const sign = x[A_SE] & SIGN;
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  const down = (x[B_SE] & SIGN) !== 0;
  if (b === INFINITY) {
    if (a === (down ? INFINITY : ZERO)) {
      invalid();
      return;
    }
    if (a === DENORMAL) x[FLAGS] |= DE;
    if (down) setZero(sign);
    else setInfinity(sign);
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (a === INFINITY || a === ZERO) {
    copy(R_LO, A_LO);
    return;
  }
  const power = (x[B_SE] & EXP) - BIAS;
  let n = 0;
  if (b === NORMAL && power >= 0) n = power > 16 ? 0x1_ffff : x[B_LO + 1] >>> (31 - power);
  if (down) n = -n;
  if (n === 0 && a === NORMAL) {
    copy(R_LO, A_LO);
    return;
  }
  const exp = normalize(A_LO) + n;
  x[T_HI] = x[A_HI];
  x[T_LO] = x[A_LO];
  x[T_EXT] = 0;
  roundPack(sign, exp);
}

/** FXTRACT: Q = exponent of A as a number, R = significand of A with exponent zero. */
export function extract(): void {
  const a = classify(A_LO);
  const sign = x[A_SE] & SIGN;
  if (a > INFINITY) {
    propagate(a, ZERO);
    copy(Q_LO, R_LO);
    return;
  }
  if (a === ZERO) {
    x[FLAGS] |= ZE;
    setInfinity(SIGN);
    copy(Q_LO, R_LO);
    setZero(sign);
    return;
  }
  if (a === INFINITY) {
    setInfinity(0);
    copy(Q_LO, R_LO);
    setInfinity(sign);
    return;
  }
  if (a === DENORMAL) x[FLAGS] |= DE;
  const exp = normalize(A_LO) - BIAS;
  fromInteger(Q_LO, exp, exp >> 31);
  x[R_LO] = x[A_LO];
  x[R_HI] = x[A_HI];
  x[R_SE] = sign | BIAS;
}

/**
 * FPREM and FPREM1: R = remainder of A / B.
 *
 * While the exponents differ by 64 or more the instruction reduces them by 32 to 63 and reports "incomplete" (C2); which
 * number in that range is left to the processor (Intel SDM vol. 2, FPREM).
 *
 * @param nearest the quotient rounds to the nearest integer (FPREM1) instead of towards zero
 * @returns condition codes: C2 incomplete; else C0, C3, C1 are the quotient's bits 2, 1, 0
 */
export function remainder(nearest: boolean): number {
  const a = classify(A_LO);
  const b = classify(B_LO);
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return 0;
  }
  if (a === INFINITY || b === ZERO) {
    invalid();
    return 0;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (a === ZERO) {
    copy(R_LO, A_LO);
    return 0;
  }
  let sign = x[A_SE] & SIGN;
  const aExp = normalize(A_LO);
  if (b === INFINITY) {
    packExact(sign, aExp);
    return 0;
  }
  const bExp = normalize(B_LO);
  const difference = aExp - bExp;
  if (difference < (nearest ? -1 : 0)) {
    packExact(sign, aExp);
    return 0;
  }
  const divisor = significand(B_LO);
  const dividend = significand(A_LO);
  let rest: bigint;
  let quotient = 0n;
  let exp = bExp;
  let codes = 0;
  if (difference >= 64) {
    const step = difference - ((difference & 31) | 32);
    rest = (dividend << BigInt(difference - step)) % divisor;
    exp = bExp + step;
    codes = C2;
  } else {
    if (difference < 0) {
      rest = dividend;
      exp = aExp;
    } else {
      const wide = dividend << BigInt(difference);
      quotient = wide / divisor;
      rest = wide - quotient * divisor;
    }
    if (nearest) {
      const whole = difference < 0 ? divisor << 1n : divisor;
      const twice = rest << 1n;
      if (twice > whole || (twice === whole && (quotient & 1n) === 1n)) {
        rest = whole - rest;
        quotient++;
        sign ^= SIGN;
      }
    }
    const low = Number(quotient & 7n);
    codes = ((low & 4) !== 0 ? C0 : 0) | ((low & 2) !== 0 ? C3 : 0) | ((low & 1) !== 0 ? C1 : 0);
  }
  if (rest === 0n) {
    setZero(x[A_SE] & SIGN);
    return codes;
  }
  setWords(A_LO, rest);
  exp += normalizeInteger(A_LO) - (BIAS + 63);
  packExact(sign, exp);
  return codes;
}

/** R = the normalised significand of A with this sign and exponent: exact, though it may be denormal. */
function packExact(sign: number, exp: number): void {
  x[T_HI] = x[A_HI];
  x[T_LO] = x[A_LO];
  x[T_EXT] = 0;
  const control = x[CONTROL];
  x[CONTROL] = control | 0x300;
  roundPack(sign, exp);
  x[CONTROL] = control;
}

/** log2(10), log2(e), pi, log10(2), ln(2): rounded down, and whether nearest rounds up. */
const CONSTANTS: readonly (readonly [number, number, number, boolean])[] = [
  [0x4000, 0xd49a784b, 0xcd1b8afe, false],
  [0x3fff, 0xb8aa3b29, 0x5c17f0bb, true],
  [0x4000, 0xc90fdaa2, 0x2168c234, true],
  [0x3ffd, 0x9a209a84, 0xfbcff798, true],
  [0x3ffe, 0xb17217f7, 0xd1cf79ab, true],
];

/** FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ (0-6): R = the constant by the rounding mode. No precision exception. */
export function constant(n: number): void {
  if (n === 0) {
    setOne(0);
    return;
  }
  if (n === 6) {
    setZero(0);
    return;
  }
  const [se, hi, lo, nearestUp] = CONSTANTS[n - 1];
  const mode = x[CONTROL] & 0xc00;
  x[R_SE] = se;
  x[R_HI] = hi;
  x[R_LO] = lo + (mode === 0x800 || (mode === 0 && nearestUp) ? 1 : 0);
}
