import { roundPack } from './round.ts';
import {
  A_HI,
  A_LO,
  A_SE,
  B_HI,
  B_LO,
  B_SE,
  BIAS,
  classify,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  INFINITY,
  invalid,
  normalize,
  propagate,
  setInfinity,
  setZero,
  SIGN,
  T_HI,
  T_LO,
  x,
  ZE,
  ZERO,
  INTEGER_BIT,
  T_EXT,
} from './scratch.ts';
import { borrowOf, bothNormal, carryOf, mulHigh, swap, TWO32 } from './words.ts';

/** Division. */

/** R = B / A. */
export function divideReversed(): void {
  swap();
  divide();
}

/** R = A / B. */
export function divide(): void {
  if (bothNormal()) {
    divideNormal(x[A_SE] & EXP, x[B_SE] & EXP);
    return;
  }
  const a = classify(A_LO);
  const b = classify(B_LO);
  const sign = (x[A_SE] ^ x[B_SE]) & SIGN;
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  if ((a === INFINITY && b === INFINITY) || (a === ZERO && b === ZERO)) {
    invalid();
    return;
  }
  if (b === ZERO && a !== INFINITY) {
    x[FLAGS] |= ZE;
    setInfinity(sign);
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (a === INFINITY) setInfinity(sign);
  else if (b === INFINITY || a === ZERO) setZero(sign);
  else divideNormal(normalize(A_LO), normalize(B_LO));
}

/** Scratch words of {@link quotientDigit}'s remainder. */
const REM_LO = 24;

const REM_HI = 25;

/**
 * One 32-bit digit of a quotient: (r2:r1:r0) / (bHi:bLo), with r2:r1 < b and b's top bit set.
 * The estimate in doubles is off by one at most.
 */
function quotientDigit(r2: number, r1: number, r0: number, bHi: number, bLo: number): number {
  const estimate = (((r2 >>> 0) * TWO32 + (r1 >>> 0)) / ((bHi >>> 0) * TWO32 + (bLo >>> 0))) * TWO32;
  let q = estimate >= TWO32 ? -1 : Math.floor(estimate) | 0;
  const m0 = Math.imul(q, bLo);
  const h0 = mulHigh(q, bLo);
  const m1 = Math.imul(q, bHi);
  const h1 = mulHigh(q, bHi);
  const p1 = (h0 + m1) | 0;
  const p2 = (h1 + carryOf(h0, m1, p1)) | 0;
  let lo = (r0 - m0) | 0;
  const k0 = borrowOf(r0, m0, lo);
  const part = (r1 - p1) | 0;
  let hi = (part - k0) | 0;
  const k1 = borrowOf(r1, p1, part) + (k0 !== 0 && part === 0 ? 1 : 0);
  let top = (r2 - p2 - k1) | 0;
  while (top < 0) {
    q = (q - 1) | 0;
    const l = (lo + bLo) | 0;
    const c = carryOf(lo, bLo, l);
    const h = (hi + bHi) | 0;
    const c2 = carryOf(hi, bHi, h);
    const h2 = (h + c) | 0;
    top = (top + c2 + (c !== 0 && h2 === 0 ? 1 : 0)) | 0;
    lo = l;
    hi = h2;
  }
  while (top > 0 || hi >>> 0 > bHi >>> 0 || (hi === bHi && lo >>> 0 >= bLo >>> 0)) {
    q = (q + 1) | 0;
    const l = (lo - bLo) | 0;
    const c = borrowOf(lo, bLo, l);
    const h = (hi - bHi) | 0;
    const c2 = borrowOf(hi, bHi, h);
    const h2 = (h - c) | 0;
    top = (top - c2 - (c !== 0 && h === 0 ? 1 : 0)) | 0;
    lo = l;
    hi = h2;
  }
  x[REM_HI] = hi;
  x[REM_LO] = lo;
  return q;
}

function divideNormal(aExp: number, bExp: number): void {
  const bHi = x[B_HI];
  const bLo = x[B_LO];
  let aHi = x[A_HI];
  let aLo = x[A_LO];
  let next = 0;
  let exp = aExp - bExp + (BIAS - 1);
  if (aHi >>> 0 > bHi >>> 0 || (aHi === bHi && aLo >>> 0 >= bLo >>> 0)) {
    next = aLo << 31;
    aLo = (aLo >>> 1) | (aHi << 31);
    aHi >>>= 1;
    exp++;
  }
  x[T_HI] = quotientDigit(aHi, aLo, next, bHi, bLo);
  x[T_LO] = quotientDigit(x[REM_HI], x[REM_LO], 0, bHi, bLo);
  const remHi = x[REM_HI];
  const remLo = x[REM_LO];
  let ext = 0;
  if ((remHi | remLo) !== 0) {
    // Twice the remainder against the divisor gives the half bit.
    const twiceHi = (remHi << 1) | (remLo >>> 31);
    const twiceLo = remLo << 1;
    if (remHi < 0 || twiceHi >>> 0 > bHi >>> 0 || (twiceHi === bHi && twiceLo >>> 0 > bLo >>> 0)) ext = INTEGER_BIT | 1;
    else if (twiceHi === bHi && twiceLo === bLo) ext = INTEGER_BIT;
    else ext = 1;
  }
  x[T_EXT] = ext;
  roundPack((x[A_SE] ^ x[B_SE]) & SIGN, exp);
}
