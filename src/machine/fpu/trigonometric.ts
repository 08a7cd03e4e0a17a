import {
  A_HI,
  A_LO,
  A_SE,
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
  propagate,
  Q_LO,
  R_LO,
  setOne,
  SIGN,
  x,
  ZERO,
  B_LO,
  B_SE,
  setZero,
} from './scratch.ts';
import { significand } from './convert.ts';
import { cosineOf, sineOf, PI, arcTangentOf, constantAt } from './series.ts';
import { packBelowOne, packNear, packSigned, TINY, WORKING, pack } from './pack.ts';

/** FSIN, FCOS, FSINCOS, FPTAN, FPATAN; see pack.ts on how exact they are. */

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
