import { define } from './registry.ts';
import { EAX, EBP, EBX, ECX, EDI, EDX, ESI, ESP } from '../ir/builder.ts';
import { SEG, SEG_SELECTOR, SEG_SIZE, SS } from '../state/layout.ts';

/** The stack. ESP changes last, so that a fault leaves it as it was. */

define('push', (b) => b.push(b.let(b.read(0)), b.width));

define('pop', (b) => {
  const { value, pointer } = b.top(b.width);
  if (!b.inMemory(0)) {
    b.drop(pointer, b.width);
    b.write(0, value);
    return;
  }
  // An address through ESP is computed with the incremented value (Intel SDM vol. 2, POP).
  b.drop(pointer, b.width);
  const address = b.address();
  b.set(ESP, pointer);
  b.store('operand', address, b.width, value);
  b.drop(pointer, b.width);
});

const ORDER = [EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI];

define('pusha', (b) => {
  const pointer = b.get(ESP);
  const values = ORDER.map((at) => b.get(at, b.width));
  // One after the other, as the manual pushes them: a fault half way tells so by its address, and a restart writes all of them again.
  values.forEach((value, n) => b.store(SS, b.let(b.stackOffset(b.sub(pointer, (n + 1) * b.width))), b.width, value));
  b.drop(pointer, -8 * b.width);
});

define('popa', (b) => {
  const pointer = b.get(ESP);
  // In the order of the manual's pops, the lowest word first; ESP's is read, too.
  const popped = [...ORDER].reverse().map((at, n) => ({ at, value: b.load(SS, b.stackOffset(b.add(pointer, n * b.width)), b.width) }));
  for (const { at, value } of popped) if (at !== ESP) b.set(at, value, b.width);
  b.drop(pointer, 8 * b.width);
});

define('pushf', (b) => b.push(b.let(b.cut(b.call('pushfImage'), b.width)), b.width));
define('popf', (b) => {
  const { value, pointer } = b.top(b.width);
  b.drop(pointer, b.width);
  b.callEnding(b.width === 2 ? 'popf16' : 'popf32', value);
  b.finish();
});

define('pushSegment', (b) => b.push(b.getState(SEG + b.form.operands[0].reg * SEG_SIZE + SEG_SELECTOR), b.width));
define('popSegment', (b) => {
  const { value, pointer } = b.top(b.width);
  b.callEnding('moveToSegment', b.form.operands[0].reg, b.and(value, 0xffff));
  b.drop(pointer, b.width);
  b.finish();
});

define('leave', (b) => {
  const frame = b.get(EBP);
  const value = b.load(SS, b.stackOffset(frame), b.width);
  b.drop(frame, b.width);
  b.set(EBP, value, b.width);
});

define('enter', (b) => b.call(b.width === 2 ? 'enter16' : 'enter32', b.field('imm'), b.field('imm2')));

// Control transfers within the code segment.

define('jmp', (b) => {
  const target = b.target();
  b.checkTarget(target);
  b.jump(target);
});
define('jmpIndirect', (b) => {
  const target = b.let(b.read(0));
  b.checkTarget(target);
  b.jump(target);
});
define('j', (b) => {
  const target = b.let(b.select(b.condition(b.form.cc), b.target(), b.field('next')));
  b.checkTarget(target);
  b.jump(target);
});
define('call', (b) => {
  const target = b.target();
  b.checkTarget(target);
  b.push(b.field('next'), b.width);
  b.jump(target);
});
define('callIndirect', (b) => {
  const target = b.let(b.read(0));
  b.checkTarget(target);
  b.push(b.field('next'), b.width);
  b.jump(target);
});
define('ret', (b) => {
  const { value, pointer } = b.top(b.width);
  b.checkTarget(value);
  b.drop(pointer, b.form.operands.length > 0 ? b.add(b.field('imm'), b.width) : b.width);
  b.jump(value);
});

/** LOOP, LOOPE, LOOPNE: the counter is CX or ECX by the address size, and no flag changes. */
for (const [name, cc] of [
  ['loop', -1],
  ['loope', 4],
  ['loopne', 5],
] as const) {
  define(name, (b) => {
    const size = b.shape.addressSize === 16 ? 2 : 4;
    const left = b.let(b.cut(b.sub(b.get(ECX, size), 1), size));
    const more = cc < 0 ? b.ne(left, 0) : b.and(b.ne(left, 0), b.condition(cc));
    const target = b.let(b.select(more, b.target(), b.field('next')));
    b.checkTarget(target);
    b.set(ECX, left, size);
    b.jump(target);
  });
}
define('jecxz', (b) => {
  const counter = b.get(ECX, b.shape.addressSize === 16 ? 2 : 4);
  const target = b.let(b.select(b.not(counter), b.target(), b.field('next')));
  b.checkTarget(target);
  b.jump(target);
});
