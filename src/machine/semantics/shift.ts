import { define } from './registry.ts';
import type { Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';

/**
 * Shifts and rotates. Counts are taken modulo 32 whatever the operand size, and a count of zero leaves the flags alone
 * (Intel SDM vol. 2, SAL/SAR/SHL/SHR and RCL/RCR/ROL/ROR).
 */

type Step = (b: Builder, old: Expr, count: Expr, size: Size) => { result: Expr; flags: () => void };

function shift(b: Builder, step: Step): void {
  const size = b.size(0);
  const fixed = b.form.operands[1].kind === 'one';
  const count = b.let(fixed ? b.const(1) : b.and(b.read(1), 31));
  b.modify(0, (old) => {
    const { result, flags } = step(b, old, count, size);
    if (fixed) flags();
    else b.if(count, flags);
    return result;
  });
}

define('shl', (b) =>
  shift(b, (_, old, count, size) => {
    const result = b.let(b.cut(b.shl(old, count), size));
    return {
      result,
      flags: () => {
        const carry = b.let(b.and(size === 4 ? b.shr(old, b.sub(b.const(32), count)) : b.shr(b.shl(old, count), size * 8), 1));
        b.resultFlags(size, result, carry, b.xor(b.sign(result, size), carry));
      },
    };
  }),
);

define('shr', (b) =>
  shift(b, (_, old, count, size) => {
    const result = b.let(b.shr(old, count));
    return { result, flags: () => b.resultFlags(size, result, b.and(b.shr(old, b.sub(count, 1)), 1), b.sign(old, size)) };
  }),
);

define('sar', (b) =>
  shift(b, (_, old, count, size) => {
    const wide = b.let(b.signed(old, size));
    const result = b.let(b.cut(b.sar(wide, count), size));
    return { result, flags: () => b.resultFlags(size, result, b.and(b.sar(wide, b.sub(count, 1)), 1), b.const(0)) };
  }),
);

/** The operand repeated over 32 bits, so that a 32-bit rotation rotates it too. */
function repeated(b: Builder, value: Expr, size: Size): Expr {
  return size === 4 ? value : b.mul(value, size === 1 ? 0x01010101 : 0x00010001);
}

define('rol', (b) =>
  shift(b, (_, old, count, size) => {
    const result = b.let(b.cut(b.op('rotl', repeated(b, old, size), count), size));
    return {
      result,
      flags: () => {
        const carry = b.let(b.and(result, 1));
        b.carryOverflow(carry, b.xor(carry, b.sign(result, size)));
      },
    };
  }),
);

define('ror', (b) =>
  shift(b, (_, old, count, size) => {
    const result = b.let(b.cut(b.op('rotr', repeated(b, old, size), count), size));
    return { result, flags: () => b.carryOverflow(b.sign(result, size), topBitsDiffer(b, result, size)) };
  }),
);

function topBitsDiffer(b: Builder, value: Expr, size: Size): Expr {
  return b.and(b.xor(b.shr(value, size * 8 - 1), b.shr(value, size * 8 - 2)), 1);
}

/** Rotation through carry: `size * 8 + 1` bits, the carry above the operand. */
function throughCarry(b: Builder, left: boolean): void {
  shift(b, (_, old, count, size) => {
    const bits = size * 8;
    const mask = 2 ** (bits + 1) - 1;
    const carryIn = b.carry();
    const value = b.let(b.or(b.wide(old), b.shl(b.wide(carryIn), bits)));
    const places = b.let(b.wide(size === 4 ? count : b.op('rem_u', count, bits + 1)));
    const back = b.sub(b.const64(bits + 1), places);
    const turned = b.let(
      b.and(left ? b.or(b.shl(value, places), b.shr(value, back)) : b.or(b.shr(value, places), b.shl(value, back)), b.const64(mask)),
    );
    const result = b.let(b.cut(b.wrap(turned), size));
    return {
      result,
      flags: () => {
        const carry = b.let(b.wrap(b.shr(turned, b.const64(bits))));
        b.carryOverflow(carry, left ? b.xor(carry, b.sign(result, size)) : topBitsDiffer(b, result, size));
      },
    };
  });
}
define('rcl', (b) => throughCarry(b, true));
define('rcr', (b) => throughCarry(b, false));

/**
 * SHLD, SHRD. With 16-bit operands and a count over 16 the result is undefined; here the source comes in once more
 * behind itself, as on AMD's silicon.
 */
function double(b: Builder, left: boolean): void {
  const size = b.size(0);
  const source = b.read(1);
  const count = b.let(b.and(b.form.operands[2].kind === 'I' ? b.field('imm') : b.get(4, 1), 31));
  b.modify(0, (old) => {
    const long = b.wide(count);
    let result: Expr;
    let carry: () => Expr;
    if (size === 4) {
      const pair = b.let(
        left
          ? b.shl(b.or(b.shl(b.wide(old), b.const64(32)), b.wide(source)), long)
          : b.shr(b.or(b.shl(b.wide(source), b.const64(32)), b.wide(old)), long),
      );
      result = b.let(b.wrap(left ? b.shr(pair, b.const64(32)) : pair));
      carry = () => b.and(b.shr(old, left ? b.sub(b.const(32), count) : b.sub(count, 1)), 1);
    } else {
      const first = b.wide(left ? old : source);
      const last = b.wide(left ? source : old);
      const triple = b.let(b.or(b.or(b.shl(first, b.const64(32)), b.shl(b.wide(source), b.const64(16))), last));
      result = b.let(b.and(b.wrap(left ? b.shr(b.shl(triple, long), b.const64(32)) : b.shr(triple, long)), 0xffff));
      carry = () => b.and(b.wrap(left ? b.shr(b.shl(triple, long), b.const64(48)) : b.shr(triple, b.sub(long, b.const64(1)))), 1);
    }
    b.if(count, () => b.resultFlags(size, result, carry(), b.xor(b.sign(result, size), b.sign(old, size))));
    return result;
  });
}
define('shld', (b) => double(b, true));
define('shrd', (b) => double(b, false));
