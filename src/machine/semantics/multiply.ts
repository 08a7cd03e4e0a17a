import { define } from './registry.ts';
import { AH, AL, EAX, EDX, type Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';
import { DE } from '../state/fault.ts';

/** Multiplication and division. CF and OF of a product say that its upper half matters; the other flags are undefined, here the result's. */

define('mul', (b) => {
  const size = b.size(0);
  const source = b.read(0);
  const left = b.get(EAX, size);
  if (size === 4) {
    const product = b.let(b.mul(b.wide(left), b.wide(source)));
    const low = b.let(b.wrap(product));
    const high = b.let(b.wrap(b.shr(product, b.const64(32))));
    b.set(EAX, low);
    b.set(EDX, high);
    finish(b, size, low, b.ne(high, 0));
  } else {
    const product = b.let(b.mul(left, source));
    splitProduct(b, size, product);
    finish(b, size, b.let(b.cut(product, size)), b.ne(b.shr(product, size * 8), 0));
  }
});

define('imulWide', (b) => {
  const size = b.size(0);
  const source = b.read(0);
  const left = b.get(EAX, size);
  if (size === 4) {
    const product = b.let(b.mul(b.wideSigned(left), b.wideSigned(source)));
    const low = b.let(b.wrap(product));
    b.set(EAX, low);
    b.set(EDX, b.wrap(b.shr(product, b.const64(32))));
    finish(b, size, low, b.ne(b.wideSigned(low), product));
  } else {
    const product = b.let(b.mul(b.signed(left, size), b.signed(source, size)));
    splitProduct(b, size, product);
    finish(b, size, b.let(b.cut(product, size)), b.ne(b.signed(product, size), product));
  }
});

/** AX, or DX:AX, takes the product. */
function splitProduct(b: Builder, size: Size, product: Expr): void {
  b.set(EAX, product, 2);
  if (size === 2) b.set(EDX, b.shr(product, 16), 2);
}

define('imul', (b) => {
  const size = b.size(0);
  const three = b.form.operands.length === 3;
  const left = b.read(three ? 1 : 0);
  const right = b.read(three ? 2 : 1);
  if (size === 4) {
    const product = b.let(b.mul(b.wideSigned(left), b.wideSigned(right)));
    const low = b.let(b.wrap(product));
    b.write(0, low);
    finish(b, size, low, b.ne(b.wideSigned(low), product));
  } else {
    const product = b.let(b.mul(b.signed(left, size), b.signed(right, size)));
    const low = b.let(b.cut(product, size));
    b.write(0, low);
    finish(b, size, low, b.ne(b.signed(low, size), product));
  }
});

function finish(b: Builder, size: Size, low: Expr, overflow: Expr): void {
  const over = b.let(overflow);
  b.resultFlags(size, low, over, over);
}

/** AX, DX:AX or EDX:EAX, as i64 (sign-extended where `signed`). */
function dividend(b: Builder, size: Size, signed: boolean): Expr {
  if (size === 1) {
    const ax = b.get(EAX, 2);
    return signed ? b.wideSigned(b.signed(ax, 2)) : b.wide(ax);
  }
  const low = b.get(EAX, size);
  const high = b.get(EDX, size);
  if (size === 4) return b.let(b.or(b.shl(b.wide(high), b.const64(32)), b.wide(low)));
  const pair = b.or(b.shl(high, 16), low);
  return b.let(signed ? b.wideSigned(pair) : b.wide(pair));
}

function store(b: Builder, size: Size, quotient: Expr, remainder: Expr): void {
  if (size === 1) {
    b.set(AL, quotient, 1);
    b.set(AH, remainder, 1);
  } else {
    b.set(EAX, quotient, size);
    b.set(EDX, remainder, size);
  }
}

define('div', (b) => {
  const size = b.size(0);
  const divisor = b.let(b.wide(b.read(0)));
  const value = b.let(dividend(b, size, false));
  b.if(b.not(divisor), () => b.raise(DE));
  const quotient = b.let(b.op('div_u', value, divisor));
  b.if(b.op('gt_u', quotient, b.const64(2 ** (size * 8) - 1)), () => b.raise(DE));
  store(b, size, b.wrap(quotient), b.wrap(b.op('rem_u', value, divisor)));
});

define('idiv', (b) => {
  const size = b.size(0);
  const divisor = b.let(b.wideSigned(b.signed(b.read(0), size)));
  const value = b.let(dividend(b, size, true));
  b.if(b.not(divisor), () => b.raise(DE));
  // The one quotient that overflows 64 bits: the lowest number by -1.
  if (size === 4) b.if(b.and(b.eq(divisor, b.const64(-1)), b.eq(value, b.const64(-(2 ** 63)))), () => b.raise(DE));
  const quotient = b.let(b.op('div_s', value, divisor));
  const limit = 2 ** (size * 8 - 1);
  b.if(b.or(b.op('gt_s', quotient, b.const64(limit - 1)), b.op('lt_s', quotient, b.const64(-limit))), () => b.raise(DE));
  store(b, size, b.wrap(quotient), b.wrap(b.op('rem_s', value, divisor)));
});
