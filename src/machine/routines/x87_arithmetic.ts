/** Arithmetic on normal numbers, before rounding: 64-bit significands in i64. */
import { BIAS, SIGN } from '../fpu/scratch.ts';
import type { Expr } from '../ir/nodes.ts';
import { TOP_BIT, type Float, type Short, type Unrounded } from './x87.ts';

const LOW = 0xffff_ffff;
const sign = (s: Short, x: Float): Expr => s.r.shr(s.r.and(x.se, SIGN), 15);

/** A + B. @param zero what to do where they cancel out */
export function sum(s: Short, a: Float, b: Float, zero: () => void): Unrounded {
  const { r } = s;
  const [ae, be] = [r.let(s.exponent(a)), r.let(s.exponent(b))];
  const opposite = r.let(r.shr(r.and(r.xor(a.se, b.se), SIGN), 15));
  const less = r.let(r.or(r.op('lt_s', ae, be), r.and(r.eq(ae, be), r.op('lt_u', a.m, b.m))));
  const m = r.let(r.select(less, b.m, a.m));
  const small = r.let(r.select(less, a.m, b.m));
  const exponent = r.let(r.select(less, be, ae));
  const negative = r.let(r.select(less, sign(s, b), sign(s, a)));
  const shift = r.let(r.wide(r.select(less, r.sub(be, ae), r.sub(ae, be))));
  const rest = r.let(r.const64(0));
  r.if(r.ne(shift, 0), () => {
    r.if(
      r.op('lt_u', shift, 64),
      () => {
        r.assign(rest, r.shl(small, r.sub(r.const64(64), shift)));
        r.assign(small, r.shr(small, shift));
      },
      () => {
        // Nothing is left but what rounding asks: is it more than half, and is it anything?
        r.assign(rest, r.select(r.op('gt_u', shift, 65), r.const64(1), r.or(r.shr(small, r.sub(shift, 64)), r.and(small, 1))));
        r.assign(small, 0);
      },
    );
  });
  r.if(
    opposite,
    () => {
      r.assign(m, r.sub(r.sub(m, small), r.wide(r.ne(rest, 0))));
      r.assign(rest, r.sub(r.const64(0), rest));
      r.if(r.op('ge_s', m, 0), () => {
        r.if(r.unary('eqz', m), () => {
          r.if(r.unary('eqz', rest), zero);
          r.assign(m, rest);
          r.assign(rest, 0);
          r.assign(exponent, r.sub(exponent, 64));
        });
        const n = r.let(r.unary('clz', m));
        r.if(r.ne(n, 0), () => {
          r.assign(m, r.or(r.shl(m, n), r.shr(rest, r.sub(r.const64(64), n))));
          r.assign(rest, r.shl(rest, n));
          r.assign(exponent, r.sub(exponent, r.wrap(n)));
        });
      });
    },
    () => {
      r.assign(m, r.add(m, small));
      r.if(r.op('lt_u', m, small), () => {
        r.assign(rest, r.or(r.or(r.shr(rest, 1), r.and(rest, 1)), r.shl(m, 63)));
        r.assign(m, r.or(r.shr(m, 1), TOP_BIT));
        r.assign(exponent, r.add(exponent, 1));
      });
    },
  );
  return { negative, exponent, m, rest };
}

/** A * B. */
export function product(s: Short, a: Float, b: Float): Unrounded {
  const { r } = s;
  const [al, ah] = [r.let(r.and(a.m, LOW)), r.let(r.shr(a.m, 32))];
  const [bl, bh] = [r.let(r.and(b.m, LOW)), r.let(r.shr(b.m, 32))];
  const low = r.let(r.mul(al, bl));
  const t = r.let(r.add(r.mul(ah, bl), r.shr(low, 32)));
  const u = r.let(r.add(r.mul(al, bh), r.and(t, LOW)));
  const m = r.let(r.add(r.add(r.mul(ah, bh), r.shr(t, 32)), r.shr(u, 32)));
  const rest = r.let(r.or(r.shl(u, 32), r.and(low, LOW)));
  const exponent = r.let(r.sub(r.add(s.exponent(a), s.exponent(b)), BIAS - 1));
  r.if(r.op('ge_s', m, 0), () => {
    r.assign(m, r.or(r.shl(m, 1), r.shr(rest, 63)));
    r.assign(rest, r.shl(rest, 1));
    r.assign(exponent, r.sub(exponent, 1));
  });
  return { negative: r.shr(r.and(r.xor(a.se, b.se), SIGN), 15), exponent, m, rest };
}

/** A / B. */
export function quotient(s: Short, a: Float, b: Float): Unrounded {
  const { r } = s;
  const exponent = r.let(r.add(r.sub(s.exponent(a), s.exponent(b)), BIAS - 1));
  const remainder = r.let(a.m);
  const next = r.let(r.const64(0));
  r.if(r.op('ge_u', remainder, b.m), () => {
    r.assign(next, r.shl(remainder, 63));
    r.assign(remainder, r.shr(remainder, 1));
    r.assign(exponent, r.add(exponent, 1));
  });
  const [high, low] = [r.let(r.shr(b.m, 32)), r.let(r.and(b.m, LOW))];
  // Knuth's algorithm D, The Art of Computer Programming 4.3.1, two digits of 32 bits: an estimate is too large by two at most.
  const digit = (following: Expr): Expr => {
    const f = r.let(following);
    const q = r.let(r.op('div_u', remainder, high));
    const left = r.let(r.sub(remainder, r.mul(q, high)));
    const correct = (again: () => void): void =>
      r.if(
        r.and(r.unary('eqz', r.shr(left, 32)), r.or(r.ne(r.shr(q, 32), 0), r.op('gt_u', r.mul(q, low), r.or(r.shl(left, 32), f)))),
        () => {
          r.assign(q, r.sub(q, 1));
          r.assign(left, r.add(left, high));
          again();
        },
      );
    correct(() => correct(() => {}));
    r.assign(remainder, r.sub(r.or(r.shl(remainder, 32), f), r.mul(q, b.m)));
    return q;
  };
  const first = digit(r.shr(next, 32));
  const second = digit(r.const64(0));
  const m = r.let(r.or(r.shl(first, 32), second));
  // Twice the remainder against the divisor tells more than half from less; it cannot be all of it.
  const more = r.or(r.op('lt_s', remainder, 0), r.op('gt_u', r.shl(remainder, 1), b.m));
  const half = r.and(r.op('ge_s', remainder, 0), r.eq(r.shl(remainder, 1), b.m));
  const rest = r.let(
    r.select(
      r.unary('eqz', remainder),
      r.const64(0),
      r.select(half, r.const64(TOP_BIT), r.select(more, r.or(r.const64(TOP_BIT), 1), r.const64(1))),
    ),
  );
  return { negative: r.shr(r.and(r.xor(a.se, b.se), SIGN), 15), exponent, m, rest };
}

/** The square root of a positive number, by halves (P. Zimmermann, Karatsuba Square Root, INRIA RR-3805). */
export function root(s: Short, a: Float): Unrounded {
  const { r } = s;
  const power = r.let(r.sub(s.exponent(a), BIAS));
  const even = r.let(r.not(r.and(power, 1)));
  const high = r.let(r.select(even, r.shr(a.m, 1), a.m));
  const low = r.let(r.select(even, r.shl(a.m, 63), r.const64(0)));
  const first = r.squareRoot(high);
  const left = r.let(r.sub(high, r.mul(first, first)));
  r.while(r.op('lt_s', left, 0), () => {
    r.assign(first, r.sub(first, 1));
    r.assign(left, r.add(left, r.add(r.shl(first, 1), 1)));
  });
  r.while(r.op('gt_s', left, r.shl(first, 1)), () => {
    r.assign(left, r.sub(left, r.add(r.shl(first, 1), 1)));
    r.assign(first, r.add(first, 1));
  });
  const dividend = r.let(r.or(r.shl(left, 31), r.shr(low, 33)));
  const second = r.let(r.op('div_u', dividend, first));
  r.giveUpIf(r.ne(r.shr(second, 32), 0));
  const u = r.let(r.sub(dividend, r.mul(second, first)));
  const m = r.let(r.add(r.shl(first, 32), second));
  // The remainder, 128 bits.
  const square = r.let(r.mul(second, second));
  const over = r.let(r.shr(u, 31));
  const under = r.let(r.or(r.shl(u, 33), r.and(low, 2 ** 33 - 1)));
  r.assign(over, r.sub(over, r.wide(r.op('lt_u', under, square))));
  r.assign(under, r.sub(under, square));
  r.if(r.op('lt_s', over, 0), () => {
    r.assign(m, r.sub(m, 1));
    const grow = r.let(r.or(r.shl(m, 1), 1));
    r.assign(under, r.add(under, grow));
    r.assign(over, r.add(r.add(over, r.shr(m, 63)), r.wide(r.op('lt_u', under, grow))));
  });
  const more = r.or(r.ne(over, 0), r.op('gt_u', under, m));
  const rest = r.let(r.select(r.unary('eqz', r.or(over, under)), r.const64(0), r.select(more, r.or(r.const64(TOP_BIT), 1), r.const64(1))));
  return { negative: r.const(0), exponent: r.let(r.add(r.sar(power, 1), BIAS)), m, rest };
}

/** A significand cut to fewer bits and rounded to nearest even: its top bits in place, and whether it was inexact, rounded up, and grew. */
export function narrowed(s: Short, m: Expr, dropped: number): { m: Expr; inexact: Expr; up: Expr; carry: Expr } {
  const { r } = s;
  const value = r.let(m);
  const rest = r.let(r.shl(value, 64 - dropped));
  const odd = r.wrap(r.and(r.shr(value, dropped), 1));
  const up = r.let(r.and(r.op('lt_s', rest, 0), r.or(r.ne(rest, TOP_BIT), odd)));
  const kept = r.let(r.add(r.shr(value, dropped), r.wide(up)));
  const carry = r.let(r.wrap(r.shr(kept, 64 - dropped)));
  return { m: kept, inexact: r.ne(rest, 0), up, carry };
}
