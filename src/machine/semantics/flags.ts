import { define } from './registry.ts';
import { AH, AL, EAX } from '../ir/builder.ts';
import { AF, CF, DF } from '../state/flags.ts';
import { DE } from '../state/fault.ts';
import { EFLAGS } from '../state/layout.ts';
import type { Builder } from '../ir/builder.ts';
import type { Expr, Local } from '../ir/nodes.ts';

/** Single flags, and the decimal instructions, whose business is mostly flags. */

define('clc', (b) => b.setFlags(b.and(b.getFlags(), ~CF)));
define('stc', (b) => b.setFlags(b.or(b.getFlags(), CF)));
define('cmc', (b) => b.setFlags(b.xor(b.getFlags(), CF)));
// DF is never lazy: the word is changed in place.
define('cld', (b) => b.setState(EFLAGS, b.and(b.getState(EFLAGS), ~DF)));
define('std', (b) => b.setState(EFLAGS, b.or(b.getState(EFLAGS), DF)));
define('cli', (b) => b.call('cli'));
define('sti', (b) => {
  b.callEnding('sti');
  b.finish();
});

define('lahf', (b) => b.set(AH, b.getFlags(), 1));
define('sahf', (b) => b.setFlags(b.or(b.and(b.getFlags(), ~0xd5), b.and(b.get(AH, 1), 0xd5))));
define('salc', (b) => b.set(AL, b.sub(b.const(0), b.carry()), 1));

/** Sets SF, ZF, PF from AL, and CF and AF as given; OF clear. */
function decimalFlags(b: Builder, al: Expr, carry: Expr, adjust: Expr): void {
  b.logicFlags(1, al);
  b.setFlags(b.or(b.getFlags(), b.or(carry, b.shl(adjust, 4))));
}

/** Whether the low digit of AL needs correction: over nine, or AF. */
function lowDigit(b: Builder, al: Expr, flags: Local): Local {
  return b.let(b.or(b.op('gt_u', b.and(al, 15), 9), b.and(b.shr(flags, 4), 1)));
}

function decimal(b: Builder, sign: 1 | -1): void {
  const flags = b.getFlags();
  const old = b.get(AL, 1);
  const adjust = lowDigit(b, old, flags);
  const high = b.let(b.or(b.op('gt_u', old, 0x99), b.and(flags, CF)));
  const first = b.let(b.add(old, b.select(adjust, sign * 6, 0)));
  // DAS leaves the borrow of its first step in CF even where the second does not happen.
  const carry = sign < 0 ? b.or(high, b.and(b.shr(first, 8), 1)) : high;
  const al = b.let(b.and(b.add(first, b.select(high, sign * 0x60, 0)), 0xff));
  b.set(AL, al, 1);
  decimalFlags(b, al, carry, adjust);
}
define('daa', (b) => decimal(b, 1));
define('das', (b) => decimal(b, -1));

function ascii(b: Builder, sign: 1 | -1): void {
  const flags = b.getFlags();
  const ax = b.get(EAX, 2);
  const adjust = lowDigit(b, ax, flags);
  const moved = b.let(b.and(b.add(ax, b.select(adjust, sign * 0x106, 0)), 0xff0f));
  b.set(EAX, moved, 2);
  b.setFlags(b.or(b.and(flags, ~(CF | AF)), b.or(adjust, b.shl(adjust, 4))));
}
define('aaa', (b) => ascii(b, 1));
define('aas', (b) => ascii(b, -1));

define('aam', (b) => {
  const base = b.let(b.field('imm'));
  const al = b.get(AL, 1);
  b.if(b.not(base), () => b.raise(DE));
  const low = b.let(b.op('rem_u', al, base));
  b.set(AH, b.op('div_u', al, base), 1);
  b.set(AL, low, 1);
  b.logicFlags(1, low);
});
define('aad', (b) => {
  const al = b.let(b.and(b.add(b.get(AL, 1), b.mul(b.get(AH, 1), b.field('imm'))), 0xff));
  b.set(EAX, al, 2);
  b.logicFlags(1, al);
});
