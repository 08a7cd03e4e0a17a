import {
  A_HI,
  A_LO,
  A_SE,
  BIAS,
  B_HI,
  B_LO,
  B_SE,
  CONTROL,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  INFINITY,
  INTEGER_BIT,
  RC,
  RC_DOWN,
  SIGN,
  T_EXT,
  T_HI,
  T_LO,
  ZE,
  ZERO,
  classify,
  copy,
  invalid,
  normalize,
  propagate,
  R_LO,
  R_SE,
  setInfinity,
  setZero,
  x,
} from './scratch.ts';
import { roundPack } from './round.ts';

/** The high word of the unsigned product of two 32-bit words. */
export function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const lh = Math.imul(al, bh);
  const hl = Math.imul(ah, bl);
  const middle = (Math.imul(al, bl) >>> 16) + (lh & 0xffff) + (hl & 0xffff);
  return (Math.imul(ah, bh) + (lh >>> 16) + (hl >>> 16) + (middle >>> 16)) | 0;
}

/** Carry out of `a + b = sum` (32-bit words). */
function carryOf(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}
/** Borrow out of `a - b = difference`. */
function borrowOf(a: number, b: number, difference: number): number {
  return ((~a & b) | (~(a ^ b) & difference)) >>> 31;
}

/** Both operands are normal numbers. */
function bothNormal(): boolean {
  const a = x[A_SE] & EXP;
  const b = x[B_SE] & EXP;
  return (x[A_HI] & x[B_HI]) < 0 && a !== 0 && b !== 0 && a !== EXP && b !== EXP;
}

/** R = A + B. */
export function add(): void {
  sum(0);
}
/** R = A - B. */
export function subtract(): void {
  sum(SIGN);
}
/** R = B - A. */
export function subtractReversed(): void {
  swap();
  sum(SIGN);
}
/** R = B / A. */
export function divideReversed(): void {
  swap();
  divide();
}

function swap(): void {
  const lo = x[A_LO];
  const hi = x[A_HI];
  const se = x[A_SE];
  x[A_LO] = x[B_LO];
  x[A_HI] = x[B_HI];
  x[A_SE] = x[B_SE];
  x[B_LO] = lo;
  x[B_HI] = hi;
  x[B_SE] = se;
}

function sum(flip: number): void {
  if (bothNormal()) sumNormal(x[A_SE] & EXP, x[B_SE] & EXP, flip);
  else sumSpecial(flip);
}

function sumSpecial(flip: number): void {
  const a = classify(A_LO);
  const b = classify(B_LO);
  if (a > INFINITY || b > INFINITY) {
    propagate(a, b);
    return;
  }
  const aSign = x[A_SE] & SIGN;
  const bSign = (x[B_SE] & SIGN) ^ flip;
  if (a === INFINITY && b === INFINITY && aSign !== bSign) {
    invalid();
    return;
  }
  if (a === DENORMAL || b === DENORMAL) x[FLAGS] |= DE;
  if (a === INFINITY || b === INFINITY) {
    setInfinity(a === INFINITY ? aSign : bSign);
    return;
  }
  if (a === ZERO && b === ZERO) {
    setZero(aSign === bSign ? aSign : zeroSign());
    return;
  }
  if (a === ZERO || b === ZERO) {
    // The other operand goes through rounding: precision control applies to it as well.
    const at = a === ZERO ? B_LO : A_LO;
    const exp = normalize(at);
    x[T_HI] = x[at + 1];
    x[T_LO] = x[at];
    x[T_EXT] = 0;
    roundPack(a === ZERO ? bSign : aSign, exp);
    return;
  }
  sumNormal(normalize(A_LO), normalize(B_LO), flip);
}

/** Sign of an exact zero difference. */
function zeroSign(): number {
  return (x[CONTROL] & RC) === RC_DOWN ? SIGN : 0;
}

/** Adds normalised significands. */
function sumNormal(aExp: number, bExp: number, flip: number): void {
  let aHi = x[A_HI];
  let aLo = x[A_LO];
  let bHi = x[B_HI];
  let bLo = x[B_LO];
  let exp = aExp;
  let ext = 0;
  let sign = x[A_SE] & SIGN;
  const other = (x[B_SE] & SIGN) ^ flip;
  const opposite = sign !== other;
  let shift = aExp - bExp;
  if (shift < 0 || (shift === 0 && opposite && (aHi >>> 0 < bHi >>> 0 || (aHi === bHi && aLo >>> 0 < bLo >>> 0)))) {
    const hi = aHi;
    const lo = aLo;
    aHi = bHi;
    aLo = bLo;
    bHi = hi;
    bLo = lo;
    sign = other;
    exp = bExp;
    shift = -shift;
  }
  if (shift !== 0) {
    if (shift < 32) {
      ext = bLo << (32 - shift);
      bLo = (bLo >>> shift) | (bHi << (32 - shift));
      bHi >>>= shift;
    } else if (shift < 64) {
      const n = shift - 32;
      const lost = n === 0 ? 0 : bLo << (32 - n);
      ext = n === 0 ? bLo : (bLo >>> n) | (bHi << (32 - n));
      if (lost !== 0) ext |= 1;
      bLo = bHi >>> n;
      bHi = 0;
    } else if (shift < 96) {
      const n = shift - 64;
      const lost = n === 0 ? bLo : bLo | (bHi << (32 - n));
      ext = bHi >>> n;
      if (lost !== 0) ext |= 1;
      bLo = 0;
      bHi = 0;
    } else {
      ext = 1;
      bLo = 0;
      bHi = 0;
    }
  }
  if (!opposite) {
    const lo = (aLo + bLo) | 0;
    const carry = carryOf(aLo, bLo, lo);
    const part = (aHi + bHi) | 0;
    const hi = (part + carry) | 0;
    const out = carryOf(aHi, bHi, part) | (carry & (hi === 0 ? 1 : 0));
    if (out !== 0) {
      x[T_EXT] = (ext >>> 1) | (ext & 1) | (lo << 31);
      x[T_LO] = (lo >>> 1) | (hi << 31);
      x[T_HI] = (hi >>> 1) | INTEGER_BIT;
      exp++;
    } else {
      x[T_EXT] = ext;
      x[T_LO] = lo;
      x[T_HI] = hi;
    }
    roundPack(sign, exp);
    return;
  }
  const low = -ext | 0;
  const take = ext !== 0 ? 1 : 0;
  const part = (aLo - bLo) | 0;
  const lo = (part - take) | 0;
  const borrow = borrowOf(aLo, bLo, part) | (take & (part === 0 ? 1 : 0));
  const hi = (aHi - bHi - borrow) | 0;
  if (hi < 0) {
    x[T_HI] = hi;
    x[T_LO] = lo;
    x[T_EXT] = low;
    roundPack(sign, exp);
    return;
  }
  let h = hi;
  let l = lo;
  let e = low;
  if ((h | l | e) === 0) {
    setZero(zeroSign());
    return;
  }
  while (h === 0) {
    h = l;
    l = e;
    e = 0;
    exp -= 32;
  }
  const n = Math.clz32(h);
  if (n !== 0) {
    h = (h << n) | (l >>> (32 - n));
    l = (l << n) | (e >>> (32 - n));
    e <<= n;
    exp -= n;
  }
  x[T_HI] = h;
  x[T_LO] = l;
  x[T_EXT] = e;
  roundPack(sign, exp);
}

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

const TWO32 = 4294967296;
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
