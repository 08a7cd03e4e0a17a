import {
  A_LO,
  A_SE,
  B_LO,
  B_SE,
  BIAS,
  classify,
  copy,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  INFINITY,
  invalid,
  normalize,
  PE,
  propagate,
  R_LO,
  R_SE,
  setInfinity,
  setOne,
  setZero,
  SIGN,
  UE,
  x,
  ZE,
  ZERO,
} from './scratch.ts';
import { significand } from './convert.ts';
import { constantAt, exponentialOf, LN2, LOG2E, areaTangent } from './series.ts';
import { bitLength, pack, packSigned, WORKING } from './pack.ts';

/** F2XM1, FYL2X, FYL2XP1; see pack.ts on how exact they are. */

/** F2XM1: R = 2^A - 1 for |A| <= 1; other finite arguments are undefined and come back unchanged. */
export function exponential(): void {
  const kind = classify(A_LO);
  const sign = x[A_SE] & SIGN;
  if (kind > INFINITY) {
    propagate(kind, ZERO);
    return;
  }
  if (kind === INFINITY) {
    if (sign !== 0) setOne(SIGN);
    else setInfinity(0);
    return;
  }
  copy(R_LO, A_LO);
  if (kind === ZERO) return;
  if (kind === DENORMAL) x[FLAGS] |= DE;
  const exp = normalize(A_LO);
  const m = significand(A_LO);
  if (exp >= BIAS) {
    x[FLAGS] |= PE;
    if (exp === BIAS && m === 1n << 63n && sign !== 0) x[R_SE] = SIGN | (BIAS - 1);
    return;
  }
  if (exp < BIAS - 66) {
    const linear = m * constantAt(LN2, 160);
    pack(sign, linear, exp - BIAS - 63 - 160, true);
    return;
  }
  const bits = WORKING + BIAS - exp;
  const argument = (m * constantAt(LN2, bits)) >> BigInt(63 + BIAS - exp);
  packSigned(0, exponentialOf(sign !== 0 ? -argument : argument, bits), bits);
}

/** R = B * log2 of a number, inexact even when it is a power of two (as in the silicon); the logarithm is known as `value * 2^-bits`, B finite and not zero. */
function packProduct(value: bigint, bits: number, exact: boolean): void {
  let sign = x[B_SE] & SIGN;
  if (value < 0n) {
    sign ^= SIGN;
    value = -value;
  }
  const exp = normalize(B_LO);
  x[FLAGS] |= PE;
  pack(sign, value * significand(B_LO), exp - BIAS - 63 - bits, !exact);
  if ((x[R_SE] & EXP) === 0) x[FLAGS] |= UE;
}

/** FYL2X: R = B * log2 A. */
export function logarithm(): void {
  const a = classify(A_LO);
  const b = classify(B_LO);
  const ySign = x[B_SE] & SIGN;
  const xSign = x[A_SE] & SIGN;
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  if (xSign !== 0 && a !== ZERO) {
    invalid();
    return;
  }
  if (a === INFINITY) {
    if (b === ZERO) invalid();
    else {
      if (b === DENORMAL) x[FLAGS] |= DE;
      setInfinity(ySign);
    }
    return;
  }
  if (a === ZERO) {
    if (b === ZERO) {
      invalid();
      return;
    }
    if (b !== INFINITY) x[FLAGS] |= ZE;
    setInfinity(ySign ^ SIGN);
    return;
  }
  const exp = normalize(A_LO);
  const m = significand(A_LO);
  const one = m === 1n << 63n && exp === BIAS;
  if (b === INFINITY && one) {
    invalid();
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (b === INFINITY) {
    setInfinity(exp < BIAS ? ySign ^ SIGN : ySign);
    return;
  }
  if (b === ZERO || one) {
    setZero(exp < BIAS ? ySign ^ SIGN : ySign);
    return;
  }
  packLogarithm(m, exp - BIAS - 63, false);
}

/** R = B * log2(value * 2^exponent), value > 0 and the argument not one; `above`: the true value is a little greater. */
function packLogarithm(value: bigint, exponent: number, above: boolean): void {
  const length = bitLength(value);
  let k = exponent + length - 1;
  let half = length - 1;
  if (value === 1n << BigInt(half)) {
    packProduct(BigInt(k), 0, !above);
    return;
  }
  // The argument is 2^k f with f in [3/4, 3/2): near one the logarithm keeps its relative precision by the exact f - 1.
  if (value >= 3n << BigInt(length - 2)) {
    k++;
    half++;
  }
  const unit = 1n << BigInt(half);
  const bits = k === 0 ? WORKING + half + 8 : WORKING + 16;
  const natural = 2n * areaTangent(((value - unit) << BigInt(bits)) / (value + unit), bits);
  packProduct((BigInt(k) << BigInt(bits)) + ((natural * constantAt(LOG2E, bits)) >> BigInt(bits)), bits, false);
}

/**
 * FYL2XP1: R = B * log2(A + 1) for |A| < 1 - sqrt(1/2). Farther out it is undefined: here still the logarithm above -1, and A
 * itself from -1 down.
 */
export function logarithmPlusOne(): void {
  const a = classify(A_LO);
  const b = classify(B_LO);
  const ySign = x[B_SE] & SIGN;
  const xSign = x[A_SE] & SIGN;
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  if (a === INFINITY) {
    if (xSign !== 0 || b === ZERO) invalid();
    else {
      if (b === DENORMAL) x[FLAGS] |= DE;
      setInfinity(ySign);
    }
    return;
  }
  if (b === INFINITY && a === ZERO) {
    invalid();
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (b === INFINITY) {
    setInfinity(ySign ^ xSign);
    return;
  }
  if (a === ZERO || b === ZERO) {
    setZero(ySign ^ xSign);
    return;
  }
  const exp = normalize(A_LO);
  const m = significand(A_LO);
  const power = exp - BIAS;
  if (xSign !== 0 && power >= 0) {
    copy(R_LO, A_LO);
    x[FLAGS] |= PE;
    return;
  }
  if (power < -70) {
    const linear = m * constantAt(LOG2E, 160);
    packProduct(xSign !== 0 ? -linear : linear, 160 + 63 - power, false);
    return;
  }
  if (power >= 64) {
    packLogarithm(m, power - 63, true);
    return;
  }
  const scale = 63 - power;
  if (power >= -2) {
    const unit = 1n << BigInt(Math.max(scale, 0));
    const whole = m << BigInt(Math.max(-scale, 0));
    packLogarithm(xSign !== 0 ? unit - whole : unit + whole, -Math.max(scale, 0), false);
    return;
  }
  // ln(1 + A) = 2 artanh(A / (2 + A)).
  const top = xSign !== 0 ? -m : m;
  const bits = WORKING + 8 - power;
  const natural = 2n * areaTangent((top << BigInt(bits)) / ((2n << BigInt(scale)) + top), bits);
  packProduct((natural * constantAt(LOG2E, bits)) >> BigInt(bits), bits, false);
}
