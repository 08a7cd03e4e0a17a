/** Words and operands, as the basic operations need them. */
import { A_HI, A_LO, A_SE, B_HI, B_LO, B_SE, EXP, x } from './scratch.ts';

export const TWO32 = 4294967296;

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
export function carryOf(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}

/** Borrow out of `a - b = difference`. */
export function borrowOf(a: number, b: number, difference: number): number {
  return ((~a & b) | (~(a ^ b) & difference)) >>> 31;
}

/** Both operands are normal numbers. */
export function bothNormal(): boolean {
  const a = x[A_SE] & EXP;
  const b = x[B_SE] & EXP;
  return (x[A_HI] & x[B_HI]) < 0 && a !== 0 && b !== 0 && a !== EXP && b !== EXP;
}

export function swap(): void {
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
