import { roundPack } from './round.ts';
import { borrowOf, carryOf, mulHigh, TWO32 } from './words.ts';
import {
  A_LO,
  A_SE,
  BIAS,
  classify,
  copy,
  DE,
  DENORMAL,
  FLAGS,
  INFINITY,
  invalid,
  normalize,
  propagate,
  R_LO,
  setInfinity,
  SIGN,
  x,
  ZERO,
  A_HI,
  INTEGER_BIT,
  R_SE,
  T_EXT,
  T_HI,
  T_LO,
} from './scratch.ts';

/** The square root. */

/** R = square root of A. */
export function squareRoot(): void {
  const a = classify(A_LO);
  if (a > INFINITY) {
    propagate(a, ZERO);
    return;
  }
  if (a === ZERO) {
    copy(R_LO, A_LO);
    return;
  }
  if ((x[A_SE] & SIGN) !== 0) {
    invalid();
    return;
  }
  if (a === INFINITY) {
    setInfinity(0);
    return;
  }
  if (a === DENORMAL) x[FLAGS] |= DE;
  const exp = normalize(A_LO);
  const power = exp - BIAS;
  // Radicand: 128 bits n3:n2:n1:0, the significand shifted left by 64 (odd power) or 63.
  let n3 = x[A_HI];
  let n2 = x[A_LO];
  let n1 = 0;
  if ((power & 1) === 0) {
    n1 = n2 << 31;
    n2 = (n2 >>> 1) | (n3 << 31);
    n3 >>>= 1;
  }
  let q1 = Math.floor(Math.sqrt((n3 >>> 0) * TWO32 + (n2 >>> 0)));
  if (q1 >= TWO32) q1 = TWO32 - 1;
  // Remainder after the first digit, exact: |r| < 2^34.
  const square = mulHigh(q1 | 0, q1 | 0);
  let r = ((n3 - square) | 0) * TWO32 + ((n2 >>> 0) - (Math.imul(q1 | 0, q1 | 0) >>> 0));
  while (r < 0) {
    q1--;
    r += 2 * q1 + 1;
  }
  while (r > 2 * q1) {
    r -= 2 * q1 + 1;
    q1++;
  }
  const guess = (r * TWO32) / (2 * q1);
  let q0 = Math.floor((r * TWO32) / (2 * q1 + guess / TWO32));
  if (q0 >= TWO32) q0 = TWO32 - 1;
  let hi = q1 | 0;
  let lo = q0 | 0;
  // Remainder modulo 2^96, w2:w1:w0 = r:n1:0 - 2*q1*q0*2^32 - q0^2; its true magnitude is below 2^67.
  const pl = Math.imul(hi, lo);
  const ph = mulHigh(hi, lo);
  const dl = pl << 1;
  const dh = (ph << 1) | (pl >>> 31);
  const sl = Math.imul(lo, lo);
  const sh = mulHigh(lo, lo);
  let w0 = (0 - sl) | 0;
  const k0 = sl !== 0 ? 1 : 0;
  let w1 = (n1 - dl) | 0;
  let k = borrowOf(n1, dl, w1);
  let t = (w1 - sh) | 0;
  k += borrowOf(w1, sh, t);
  w1 = t;
  t = (w1 - k0) | 0;
  k += borrowOf(w1, k0, t);
  w1 = t;
  const rLow = (r % TWO32) | 0;
  let w2 = (rLow - dh - k) | 0;
  while (w2 < 0) {
    // One less: the remainder grows by 2q + 1.
    lo = (lo - 1) | 0;
    if (lo === -1) hi = (hi - 1) | 0;
    const g0 = (lo << 1) | 1;
    const g1 = (hi << 1) | (lo >>> 31);
    const g2 = hi >>> 31;
    t = (w0 + g0) | 0;
    let c = carryOf(w0, g0, t);
    w0 = t;
    t = (w1 + g1) | 0;
    let c2 = carryOf(w1, g1, t);
    w1 = (t + c) | 0;
    if (c !== 0 && w1 === 0) c2++;
    c = c2;
    w2 = (w2 + g2 + c) | 0;
  }
  for (;;) {
    // One more while the remainder exceeds 2q.
    const g0 = lo << 1;
    const g1 = (hi << 1) | (lo >>> 31);
    const g2 = hi >>> 31;
    const greater = w2 !== g2 ? w2 > g2 : w1 !== g1 ? w1 >>> 0 > g1 >>> 0 : w0 >>> 0 > g0 >>> 0;
    if (!greater) break;
    const h0 = g0 | 1;
    t = (w0 - h0) | 0;
    const c = borrowOf(w0, h0, t);
    w0 = t;
    t = (w1 - g1) | 0;
    let c2 = borrowOf(w1, g1, t);
    w1 = (t - c) | 0;
    if (c !== 0 && t === 0) c2++;
    w2 = (w2 - g2 - c2) | 0;
    lo = (lo + 1) | 0;
    if (lo === 0) hi = (hi + 1) | 0;
  }
  const half = w2 !== 0 ? w2 > 0 : w1 !== hi ? w1 >>> 0 > hi >>> 0 : w0 >>> 0 > lo >>> 0;
  x[T_HI] = hi;
  x[T_LO] = lo;
  x[T_EXT] = (w0 | w1 | w2) === 0 ? 0 : half ? INTEGER_BIT | 1 : 1;
  x[R_SE] = 0;
  roundPack(0, (power >> 1) + BIAS);
}
