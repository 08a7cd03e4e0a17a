import { roundPack } from './round.ts';
import {
  A_LO,
  A_SE,
  B_LO,
  B_SE,
  classify,
  DE,
  DENORMAL,
  EXP,
  FLAGS,
  INFINITY,
  invalid,
  propagate,
  setInfinity,
  setZero,
  SIGN,
  x,
  ZERO,
  A_HI,
  B_HI,
  CONTROL,
  INTEGER_BIT,
  RC,
  RC_DOWN,
  T_EXT,
  T_HI,
  T_LO,
  normalize,
} from './scratch.ts';
import { bothNormal, swap, borrowOf, carryOf } from './words.ts';

/** Addition and subtraction. */

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

export function sum(flip: number): void {
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
