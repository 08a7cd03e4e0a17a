import {
  A_HI,
  A_LO,
  A_SE,
  BIAS,
  B_LO,
  B_SE,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  INFINITY,
  PE,
  Q_LO,
  R_LO,
  R_SE,
  SIGN,
  T_EXT,
  T_HI,
  T_LO,
  UE,
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
import { roundPack } from './round.ts';
import { significand } from './convert.ts';
import { LN2, LOG2E, PI, arcTangentOf, areaTangent, constantAt, cosineOf, exponentialOf, sineOf } from './series.ts';

/**
 * The transcendental instructions.
 *
 * Every result is the exact value rounded once to 64 bits by the rounding mode (the error before rounding is below
 * 2^-16 units in the last place), and C1 tells the direction. Silicon promises less: one unit in the last place (Intel SDM vol. 1,
 * 8.3.10), so a processor may differ from this one in the last bit and in C1, and differs between its models. FSIN, FCOS, FSINCOS and FPTAN reduce
 * their argument by the 66-bit value of pi that the SDM gives in 8.3.8, as the silicon does.
 */

/** Fraction bits behind the leading bit of a result that count. */
const WORKING = 84;

/** A double's bits. One for all: nothing in it outlives a call. */
const buffer = new DataView(new ArrayBuffer(8));
/** Bits of a positive integer below 2^1000. */
function bitLength(value: bigint): number {
  buffer.setFloat64(0, Number(value));
  const n = (buffer.getInt16(0) >> 4) - 1022;
  return value >> BigInt(n - 1) === 0n ? n - 1 : n;
}

/** R = value * 2^exponent, rounded; value > 0. `inexact`: the true value lies above by less than the last bit. */
function pack(sign: number, value: bigint, exponent: number, inexact: boolean): void {
  const bits = bitLength(value);
  const cut = bits - 96;
  let sticky = inexact;
  let top = value;
  if (cut > 0) {
    top = value >> BigInt(cut);
    if (top << BigInt(cut) !== value) sticky = true;
  } else if (cut < 0) top = value << BigInt(-cut);
  x[T_EXT] = Number(top & 0xffff_ffffn) | (sticky ? 1 : 0);
  x[T_LO] = Number((top >> 32n) & 0xffff_ffffn) | 0;
  x[T_HI] = Number(top >> 64n) | 0;
  roundPack(sign, exponent + bits - 1 + BIAS);
}

/** ST(0) is an argument that the trigonometric instructions take: below 2^63 (or no finite number at all). */
export function inRange(): boolean {
  const exp = x[A_SE] & EXP;
  return exp < BIAS + 63 || exp === EXP || x[A_HI] >= 0;
}

/** NaNs, infinities, zeros of the trigonometric instructions; true when R is done (a zero is left to the caller). */
function trigonometricSpecial(kind: number): boolean {
  if (kind > INFINITY) {
    propagate(kind, ZERO);
    return true;
  }
  if (kind === INFINITY) {
    invalid();
    return true;
  }
  if (kind === DENORMAL) x[FLAGS] |= DE;
  return false;
}

/** The 66 significant bits of pi in the silicon, scaled by 2^64. */
const PI_66 = 0x3243f6a8885a308d3n;
/** Arguments below 2^-34: the first term of the series and the direction of the next. */
const TINY = BIAS - 34;

/** A reduced argument: |A| = quadrant * pi/2 + rest * 2^-bits. */
interface Reduced {
  readonly quadrant: number;
  readonly rest: bigint;
  readonly bits: number;
}

function reduce(exp: number): Reduced {
  const m = significand(A_LO);
  const power = exp - BIAS - 63;
  if (exp >= BIAS - 1) {
    const n = m << BigInt(power + 65);
    const quotient = (2n * n + PI_66) / (2n * PI_66);
    const rest = n - quotient * PI_66;
    if (quotient !== 0n) return { quadrant: Number(quotient & 3n), rest: rest << 95n, bits: 160 };
  }
  const bits = WORKING + 70;
  return { quadrant: 0, rest: m << BigInt(bits + power), bits };
}

function packSigned(sign: number, value: bigint, bits: number): void {
  if (value === 0n) setZero(sign);
  else if (value < 0n) pack(sign ^ SIGN, -value, -bits, true);
  else pack(sign, value, -bits, true);
}

/** R = A * (1 ± a little). */
function packNear(sign: number, exp: number, up: boolean): void {
  const m = significand(A_LO) << 64n;
  pack(sign, up ? m + 1n : m - 1n, exp - BIAS - 127, true);
}

/** R = 1 - a little. */
function packBelowOne(): void {
  pack(0, (1n << 128n) - 1n, -128, true);
}

/** FSIN. */
export function sine(): void {
  const kind = classify(A_LO);
  if (trigonometricSpecial(kind)) return;
  if (kind === ZERO) {
    copy(R_LO, A_LO);
    return;
  }
  const sign = x[A_SE] & SIGN;
  const exp = normalize(A_LO);
  if (exp < TINY) {
    packNear(sign, exp, false);
    return;
  }
  const { quadrant, rest, bits } = reduce(exp);
  const value = (quadrant & 1) === 0 ? sineOf(rest, bits) : cosineOf(rest, bits);
  packSigned(sign, quadrant >= 2 ? -value : value, bits);
}

/** FCOS. */
export function cosine(): void {
  const kind = classify(A_LO);
  if (trigonometricSpecial(kind)) return;
  if (kind === ZERO) {
    setOne(0);
    return;
  }
  const exp = normalize(A_LO);
  if (exp < TINY) {
    packBelowOne();
    return;
  }
  const { quadrant, rest, bits } = reduce(exp);
  const value = (quadrant & 1) === 0 ? cosineOf(rest, bits) : sineOf(rest, bits);
  packSigned(0, quadrant === 1 || quadrant === 2 ? -value : value, bits);
}

/** FSINCOS: Q = sine, R = cosine of A. */
export function sineCosine(): void {
  const kind = classify(A_LO);
  if (trigonometricSpecial(kind)) {
    copy(Q_LO, R_LO);
    return;
  }
  const lo = x[A_LO];
  const hi = x[A_HI];
  const se = x[A_SE];
  sine();
  copy(Q_LO, R_LO);
  x[A_LO] = lo;
  x[A_HI] = hi;
  x[A_SE] = se;
  cosine();
}

/** FPTAN: Q = tangent of A, R = 1. */
export function tangent(): void {
  const kind = classify(A_LO);
  if (trigonometricSpecial(kind)) {
    copy(Q_LO, R_LO);
    return;
  }
  if (kind === ZERO) copy(R_LO, A_LO);
  else {
    const sign = x[A_SE] & SIGN;
    const exp = normalize(A_LO);
    if (exp < TINY) packNear(sign, exp, true);
    else {
      const { quadrant, rest, bits } = reduce(exp);
      const s = sineOf(rest, bits);
      const c = cosineOf(rest, bits);
      const [over, under] = (quadrant & 1) === 0 ? [s, c] : [-c, s];
      // The quotient keeps as many bits as the smaller of the two has.
      packSigned(sign, (over << BigInt(2 * bits)) / under, 2 * bits);
    }
  }
  copy(Q_LO, R_LO);
  setOne(0);
}

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

/** R = quarters * pi/4 with this sign, inexact. */
function packPi(sign: number, quarters: bigint): void {
  pack(sign, constantAt(PI, 200) * quarters, -202, true);
}

/** FPATAN: R = the angle of the point (A, B), in B's half plane. */
export function arcTangent(): void {
  const a = classify(A_LO);
  const b = classify(B_LO);
  const sign = x[B_SE] & SIGN;
  const left = (x[A_SE] & SIGN) !== 0;
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (b === INFINITY) {
    packPi(sign, a === INFINITY ? (left ? 3n : 1n) : 2n);
    return;
  }
  if (a === INFINITY || b === ZERO) {
    if (left) packPi(sign, 4n);
    else setZero(sign);
    return;
  }
  if (a === ZERO) {
    packPi(sign, 2n);
    return;
  }
  const aExp = normalize(A_LO);
  const bExp = normalize(B_LO);
  const xs = significand(A_LO);
  const ys = significand(B_LO);
  const steep = bExp > aExp || (bExp === aExp && ys > xs);
  const over = steep ? xs : ys;
  const under = steep ? ys : xs;
  const power = steep ? aExp - bExp : bExp - aExp;
  if (power < -40 && !steep && !left) {
    // The quotient less a third of its cube.
    const quotient = (over << 160n) / under;
    const exact = quotient * under === over << 160n;
    pack(sign, exact ? quotient - 1n : quotient, power - 160, true);
    return;
  }
  const bits = power < -160 ? 320 : WORKING + 8 + (steep || left ? 0 : -power) + 64;
  const ratio = power < -160 ? 1n : (over << BigInt(bits + power)) / under;
  const angle = power < -160 ? 1n : arcTangentOf(ratio, bits);
  let value = angle;
  if (steep) value = (constantAt(PI, bits) >> 1n) + (left ? angle : -angle);
  else if (left) value = constantAt(PI, bits) - angle;
  pack(sign, value, -bits, true);
}
