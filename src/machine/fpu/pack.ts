import { A_LO, BIAS, setZero, SIGN, T_EXT, T_HI, T_LO, x } from './scratch.ts';
import { roundPack } from './round.ts';
import { significand } from './convert.ts';

/**
 * The transcendental instructions.
 *
 * Every result is the exact value rounded once to 64 bits by the rounding mode (the error before rounding is below
 * 2^-16 units in the last place), and C1 tells the direction. Silicon promises less: one unit in the last place (Intel SDM vol. 1,
 * 8.3.10), so a processor may differ from this one in the last bit and in C1, and differs between its models. FSIN, FCOS, FSINCOS and FPTAN reduce
 * their argument by the 66-bit value of pi that the SDM gives in 8.3.8, as the silicon does.
 */

/** Fraction bits behind the leading bit of a result that count. */
export const WORKING = 84;

/** A double's bits. One for all: nothing in it outlives a call. */
const buffer = new DataView(new ArrayBuffer(8));

/** Bits of a positive integer below 2^1000. */
export function bitLength(value: bigint): number {
  buffer.setFloat64(0, Number(value));
  const n = (buffer.getInt16(0) >> 4) - 1022;
  return value >> BigInt(n - 1) === 0n ? n - 1 : n;
}

/** R = value * 2^exponent, rounded; value > 0. `inexact`: the true value lies above by less than the last bit. */
export function pack(sign: number, value: bigint, exponent: number, inexact: boolean): void {
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

/** Arguments below 2^-34: the first term of the series and the direction of the next. */
export const TINY = BIAS - 34;

export function packSigned(sign: number, value: bigint, bits: number): void {
  if (value === 0n) setZero(sign);
  else if (value < 0n) pack(sign ^ SIGN, -value, -bits, true);
  else pack(sign, value, -bits, true);
}

/** R = A * (1 ± a little). */
export function packNear(sign: number, exp: number, up: boolean): void {
  const m = significand(A_LO) << 64n;
  pack(sign, up ? m + 1n : m - 1n, exp - BIAS - 127, true);
}

/** R = 1 - a little. */
export function packBelowOne(): void {
  pack(0, (1n << 128n) - 1n, -128, true);
}
