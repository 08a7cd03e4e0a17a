import { define } from './registry.ts';
import type { Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';
import { LAZY_ADC, LAZY_ADD, LAZY_DEC, LAZY_INC, LAZY_SBB, LAZY_SUB } from '../state/flags.ts';

/** Two-operand arithmetic: the source is read before the destination is opened, so that nothing can fault in between. */

define('add', (b) =>
  binary(b, (old, source, size) => {
    const result = b.let(b.cut(b.add(old, source), size));
    b.lazyFlags(LAZY_ADD, size, result, source);
    return result;
  }),
);

define('adc', (b) =>
  binary(b, (old, source, size) => {
    const carry = b.carry();
    const result = b.let(b.cut(b.add(b.add(old, source), carry), size));
    b.lazyFlags(LAZY_ADC, size, result, source, carry);
    return result;
  }),
);

define('sub', (b) => binary(b, (old, source, size) => subtract(b, old, source, size)));

define('sbb', (b) =>
  binary(b, (old, source, size) => {
    const carry = b.carry();
    const result = b.let(b.cut(b.sub(b.sub(old, source), carry), size));
    b.lazyFlags(LAZY_SBB, size, result, source, carry);
    return result;
  }),
);

define('cmp', (b) => {
  const left = b.read(0);
  subtract(b, left, b.read(1), b.size(0));
});

define('and', (b) => binary(b, (old, source, size) => logic(b, b.and(old, source), size)));
define('or', (b) => binary(b, (old, source, size) => logic(b, b.or(old, source), size)));
define('xor', (b) => binary(b, (old, source, size) => logic(b, b.xor(old, source), size)));
define('test', (b) => {
  const left = b.read(0);
  logic(b, b.and(left, b.read(1)), b.size(0));
});

define('inc', (b) => b.modify(0, (old) => step(b, LAZY_INC, b.add(old, 1))));
define('dec', (b) => b.modify(0, (old) => step(b, LAZY_DEC, b.sub(old, 1))));

define('not', (b) => b.modify(0, (old) => b.cut(b.xor(old, -1), b.size(0))));
define('neg', (b) => b.modify(0, (old) => subtract(b, b.const(0), old, b.size(0))));

define('xadd', (b) => {
  const size = b.size(0);
  const source = b.read(1);
  b.modify(0, (old) => {
    const result = b.let(b.cut(b.add(old, source), size));
    b.lazyFlags(LAZY_ADD, size, result, source);
    b.write(1, old);
    return result;
  });
});

define('cmpxchg', (b) => {
  const size = b.size(0);
  const source = b.read(1);
  const accumulator = b.get(0, size);
  b.modify(0, (old) => {
    subtract(b, accumulator, old, size);
    // Equal: the accumulator already holds what is written to it.
    b.set(0, old, size);
    return b.select(b.eq(accumulator, old), source, old);
  });
});

function binary(b: Builder, change: (old: Expr, source: Expr, size: Size) => Expr): void {
  const source = b.read(1);
  b.modify(0, (old) => change(old, source, b.size(0)));
}

function subtract(b: Builder, left: Expr, right: Expr, size: Size): Expr {
  const result = b.let(b.cut(b.sub(left, right), size));
  b.lazyFlags(LAZY_SUB, size, result, right);
  return result;
}

function logic(b: Builder, value: Expr, size: Size): Expr {
  const result = b.let(value);
  b.logicFlags(size, result);
  return result;
}

function step(b: Builder, kind: number, value: Expr): Expr {
  const size = b.size(0);
  const carry = b.carry();
  const result = b.let(b.cut(value, size));
  b.lazyFlags(kind, size, result, b.const(0), carry);
  return result;
}
