/** String instructions without a repeat prefix; with one they go to a helper, as INS and OUTS always do. */
import { define } from './registry.ts';
import { EAX, ECX, EDI, ESI, type Builder } from '../ir/builder.ts';
import type { Expr, Size } from '../ir/nodes.ts';
import { LAZY_SUB } from '../state/flags.ts';
import { EFLAGS, ES } from '../state/layout.ts';

function pointerSize(b: Builder): Size {
  return b.shape.addressSize === 16 ? 2 : 4;
}

/** Moves a pointer on (or back, with DF). */
function advance(b: Builder, at: number, pointer: Expr, size: Size): void {
  const backwards = b.and(b.shr(b.getState(EFLAGS), 10), 1);
  b.set(at, b.add(pointer, b.select(backwards, -size, size)), pointerSize(b));
}

function compare(b: Builder, left: Expr, right: Expr, size: Size): void {
  b.lazyFlags(LAZY_SUB, size, b.let(b.cut(b.sub(left, right), size)), right);
}

define('movs', (b) => {
  const size = b.size(0);
  const source = b.get(ESI, pointerSize(b));
  const destination = b.get(EDI, pointerSize(b));
  b.store(ES, destination, size, b.load('operand', source, size));
  advance(b, ESI, source, size);
  advance(b, EDI, destination, size);
});
define('stos', (b) => {
  const size = b.size(0);
  const destination = b.get(EDI, pointerSize(b));
  b.store(ES, destination, size, b.get(EAX, size));
  advance(b, EDI, destination, size);
});
define('lods', (b) => {
  const size = b.size(1);
  const source = b.get(ESI, pointerSize(b));
  b.set(EAX, b.load('operand', source, size), size);
  advance(b, ESI, source, size);
});
define('scas', (b) => {
  const size = b.size(1);
  const destination = b.get(EDI, pointerSize(b));
  const value = b.load(ES, destination, size);
  compare(b, b.get(EAX, size), value, size);
  advance(b, EDI, destination, size);
});
define('cmps', (b) => {
  const size = b.size(0);
  const source = b.get(ESI, pointerSize(b));
  const destination = b.get(EDI, pointerSize(b));
  const left = b.load('operand', source, size);
  const right = b.load(ES, destination, size);
  compare(b, left, right, size);
  advance(b, ESI, source, size);
  advance(b, EDI, destination, size);
});

/** `imm` describes the instruction (see strings.ts of the machine); ECX stays as it is for INS and OUTS alone. */
define('repeat', (b) => {
  b.callEnding('repeatString', b.field('imm'), b.get(ECX));
  b.finish();
});
