import { roundPack } from './round.ts';
import {
  A_HI,
  A_LO,
  A_SE,
  B_HI,
  B_LO,
  B_SE,
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
  x,
  ZERO,
  BIAS,
  T_EXT,
  T_HI,
  T_LO,
} from './scratch.ts';
import { bothNormal, mulHigh, carryOf } from './words.ts';

/** Multiplication. */

/** R = A * B. */
export function multiply(): void {
  if (bothNormal()) multiplyNormal(x[A_SE] & EXP, x[B_SE] & EXP);
  else {
    const a = classify(A_LO);
    const b = classify(B_LO);
    const sign = (x[A_SE] ^ x[B_SE]) & SIGN;
    if (a > INFINITY || b > INFINITY) {
      propagate(a, b);
      return;
    }
    if ((a === INFINITY && b === ZERO) || (a === ZERO && b === INFINITY)) {
      invalid();
      return;
    }
    if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
    if (a === INFINITY || b === INFINITY) setInfinity(sign);
    else if (a === ZERO || b === ZERO) setZero(sign);
    else multiplyNormal(normalize(A_LO), normalize(B_LO));
  }
}

function multiplyNormal(aExp: number, bExp: number): void {
  const aHi = x[A_HI];
  const aLo = x[A_LO];
  const bHi = x[B_HI];
  const bLo = x[B_LO];
  const p0 = Math.imul(aLo, bLo);
  let p1 = mulHigh(aLo, bLo);
  let p2 = mulHigh(aHi, bLo);
  // p1 + low halves of the cross products, carries into p2.
  const c1 = Math.imul(aHi, bLo);
  const s1 = (p1 + c1) | 0;
  const k1 = carryOf(p1, c1, s1);
  const c2 = Math.imul(aLo, bHi);
  const s2 = (s1 + c2) | 0;
  const k2 = carryOf(s1, c2, s2) + k1;
  p1 = s2;
  const d1 = mulHigh(aLo, bHi);
  const t1 = (p2 + d1) | 0;
  let k3 = carryOf(p2, d1, t1);
  const d2 = Math.imul(aHi, bHi);
  const t2 = (t1 + d2) | 0;
  k3 += carryOf(t1, d2, t2);
  p2 = (t2 + k2) | 0;
  if (p2 >>> 0 < k2) k3++;
  const p3 = (mulHigh(aHi, bHi) + k3) | 0;
  let exp = aExp + bExp - (BIAS - 1);
  const sticky = p0 !== 0 ? 1 : 0;
  if (p3 < 0) {
    x[T_HI] = p3;
    x[T_LO] = p2;
    x[T_EXT] = p1 | sticky;
  } else {
    exp--;
    x[T_HI] = (p3 << 1) | (p2 >>> 31);
    x[T_LO] = (p2 << 1) | (p1 >>> 31);
    x[T_EXT] = (p1 << 1) | sticky;
  }
  roundPack((x[A_SE] ^ x[B_SE]) & SIGN, exp);
}
