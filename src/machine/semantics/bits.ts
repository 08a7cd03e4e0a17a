import { define } from './registry.ts';
import type { Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';

/**
 * Bit tests. A register gives a signed bit offset, which with a memory operand reaches other words than the one addressed;
 * an immediate is taken modulo the operand size (Intel SDM vol. 2, BT).
 */
function bitTest(b: Builder, change: ((old: Expr, mask: Expr) => Expr) | null): void {
  const size = b.size(0);
  const bits = size * 8;
  const offset = b.let(b.read(1));
  const bit = b.let(b.and(offset, bits - 1));
  const carryOf = (value: Expr): void => b.carryOverflow(b.and(b.shr(value, bit), 1), b.const(0));
  const mask = (): Expr => b.shl(b.const(1), bit);
  if (!b.inMemory(0)) {
    const old = b.let(b.read(0));
    carryOf(old);
    if (change) b.write(0, change(old, mask()));
    return;
  }
  let address: Expr = b.address();
  if (b.form.operands[1].kind !== 'I') {
    address = b.add(address, b.mul(b.sar(b.signed(offset, size), size === 4 ? 5 : 4), size));
    if (b.shape.addressSize === 16) address = b.and(address, 0xffff);
  }
  if (!change) {
    carryOf(b.load('operand', address, size));
    return;
  }
  const access = b.access('operand', address, size);
  const old = b.peek(access, size);
  carryOf(old);
  b.poke(access, size, change(old, mask()));
}
define('bt', (b) => bitTest(b, null));
define('bts', (b) => bitTest(b, (old, mask) => b.or(old, mask)));
define('btr', (b) => bitTest(b, (old, mask) => b.and(old, b.xor(mask, -1))));
define('btc', (b) => bitTest(b, (old, mask) => b.xor(old, mask)));

/** BSF, BSR: of zero, ZF is set and the destination stays as it was (as all processors do it). */
function scan(b: Builder, position: (value: Expr) => Expr): void {
  const size: Size = b.size(0);
  const source = b.let(b.read(1));
  b.logicFlags(size, source);
  b.if(source, () => b.write(0, position(source)));
}
define('bsf', (b) => scan(b, (value) => b.unary('ctz', value)));
define('bsr', (b) => scan(b, (value) => b.sub(b.const(31), b.unary('clz', value))));

define('bswap', (b) => {
  if (b.width === 2) {
    // Undefined by the manual; processors give zero.
    b.write(0, b.const(0));
    return;
  }
  const value = b.let(b.read(0));
  b.write(0, b.or(b.and(b.op('rotl', value, 8), 0x00ff00ff), b.op('rotr', b.and(value, 0x00ff00ff), 8)));
});
