import { define } from './registry.ts';
import { AL, EAX, EBX, ECX, EDX } from '../ir/builder.ts';
import { ZF } from '../state/flags.ts';
import { BR } from '../state/fault.ts';

/** Moves, exchanges, conversions. */

define('mov', (b) => b.write(0, b.read(1)));
define('movzx', (b) => b.write(0, b.read(1)));
define('movsx', (b) => b.write(0, b.cut(b.signed(b.read(1), b.size(1)), b.width)));
define('lea', (b) => b.write(0, b.cut(b.address(), b.width)));
define('nop', () => {});

define('xchg', (b) => {
  const source = b.read(1);
  b.modify(0, (old) => {
    b.write(1, old);
    return source;
  });
});

define('set', (b) => b.write(0, b.condition(b.form.cc)));

define('cmov', (b) => {
  // The source is read, and may fault, whether or not it is taken.
  const source = b.read(1);
  const old = b.read(0);
  b.write(0, b.select(b.condition(b.form.cc), source, old));
});

define('cbw', (b) => {
  if (b.width === 2) b.set(EAX, b.signed(b.get(AL, 1), 1), 2);
  else b.set(EAX, b.signed(b.get(EAX, 2), 2));
});
define('cwd', (b) => b.set(EDX, b.sar(b.signed(b.get(EAX, b.width), b.width), 31), b.width));

define('xlat', (b) => {
  const offset = b.add(b.get(EBX), b.get(AL, 1));
  b.set(AL, b.load('operand', b.shape.addressSize === 16 ? b.and(offset, 0xffff) : offset, 1), 1);
});

define('cmpxchg8b', (b) => {
  const access = b.access('operand', b.address(), 8);
  const old = b.peek(access, 8);
  const half = (high: number, low: number): ReturnType<typeof b.let> =>
    b.let(b.or(b.shl(b.wide(b.get(high)), b.const64(32)), b.wide(b.get(low))));
  const expected = half(EDX, EAX);
  const replacement = half(ECX, EBX);
  const equal = b.let(b.eq(old, expected));
  b.set(EAX, b.wrap(old));
  b.set(EDX, b.wrap(b.shr(old, b.const64(32))));
  b.setFlags(b.or(b.and(b.getFlags(), ~ZF), b.shl(equal, 6)));
  b.poke(access, 8, b.select(equal, replacement, old));
});

define('bound', (b) => {
  const size = b.width;
  const offset = b.address();
  const index = b.let(b.signed(b.read(0), size));
  const lower = b.load('operand', offset, size);
  const second = b.add(offset, size);
  const upper = b.load('operand', b.shape.addressSize === 16 ? b.and(second, 0xffff) : second, size);
  b.if(b.or(b.op('lt_s', index, b.signed(lower, size)), b.op('gt_s', index, b.signed(upper, size))), () => b.raise(BR));
});
