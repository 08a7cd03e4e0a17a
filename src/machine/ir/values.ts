import type { Binary, Expr, FieldName, Size, Type, Unary } from './nodes.ts';

/** Operators whose result is an i32 whatever they compare. */
const COMPARISONS = /^(eq|ne|[lg][te]_[su])$/;

/** Expressions, by name: pure, and computed where they are used. */
export class Values {
  const(value: number): Expr {
    return { k: 'const', type: 'i32', value: value | 0 };
  }
  const64(value: number): Expr {
    return { k: 'const', type: 'i64', value };
  }
  field(name: FieldName): Expr {
    return { k: 'field', type: 'i32', name };
  }

  /** A number as an expression of the type. */
  value(v: Expr | number, type: Type): Expr {
    return typeof v === 'number' ? { k: 'const', type, value: v } : v;
  }
  op(op: Binary, a: Expr, b: Expr | number): Expr {
    return { k: 'binary', type: COMPARISONS.test(op) ? 'i32' : a.type, op, a, b: this.value(b, a.type) };
  }
  unary(op: Unary, a: Expr): Expr {
    return { k: 'unary', type: op === 'wrap' || op === 'eqz' ? 'i32' : op === 'extend_u' || op === 'extend_s' ? 'i64' : a.type, op, a };
  }
  add(a: Expr, b: Expr | number): Expr {
    return this.op('add', a, b);
  }
  sub(a: Expr, b: Expr | number): Expr {
    return this.op('sub', a, b);
  }
  mul(a: Expr, b: Expr | number): Expr {
    return this.op('mul', a, b);
  }
  and(a: Expr, b: Expr | number): Expr {
    return this.op('and', a, b);
  }
  or(a: Expr, b: Expr | number): Expr {
    return this.op('or', a, b);
  }
  xor(a: Expr, b: Expr | number): Expr {
    return this.op('xor', a, b);
  }
  shl(a: Expr, b: Expr | number): Expr {
    return this.op('shl', a, b);
  }
  shr(a: Expr, b: Expr | number): Expr {
    return this.op('shr_u', a, b);
  }
  sar(a: Expr, b: Expr | number): Expr {
    return this.op('shr_s', a, b);
  }
  eq(a: Expr, b: Expr | number): Expr {
    return this.op('eq', a, b);
  }
  ne(a: Expr, b: Expr | number): Expr {
    return this.op('ne', a, b);
  }
  not(a: Expr): Expr {
    return this.unary('eqz', a);
  }
  select(condition: Expr, a: Expr | number, b: Expr | number): Expr {
    const type = typeof a === 'number' ? (typeof b === 'number' ? 'i32' : b.type) : a.type;
    return { k: 'select', type, condition, a: this.value(a, type), b: this.value(b, type) };
  }
  wide(a: Expr): Expr {
    return this.unary('extend_u', a);
  }
  wideSigned(a: Expr): Expr {
    return this.unary('extend_s', a);
  }
  wrap(a: Expr): Expr {
    return this.unary('wrap', a);
  }
  /** The low `size` bytes of an i32, zero-extended. */
  cut(a: Expr, size: Size): Expr {
    return size === 4 ? a : this.and(a, size === 1 ? 0xff : 0xffff);
  }
  /** The low `size` bytes of an i32, sign-extended. */
  signed(a: Expr, size: Size): Expr {
    return size === 4 ? a : this.unary(size === 1 ? 'extend8_s' : 'extend16_s', a);
  }
  /** The top bit of a value of `size` bytes, as 0 or 1. */
  sign(a: Expr, size: Size): Expr {
    const top = this.shr(a, size * 8 - 1);
    return size === 4 ? top : this.and(top, 1);
  }
}
