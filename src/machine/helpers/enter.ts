import { SS, fault } from '../state/fault.ts';
import { currentStack, peek } from '../protection/stack.ts';
import { withinLimit } from '../protection/segments.ts';
import { probeWrite, writeAt16, writeAt32 } from '../memory/mmu.ts';
import type { Cpu } from '../memory/cpu.ts';

/** ENTER: `size` bytes of locals, `level` modulo 32 frame pointers copied (Intel SDM vol. 2, ENTER). */
function enter(cpu: Cpu, bytes: number, level: number, size: number): void {
  const s = cpu.state;
  const stack = currentStack(cpu);
  const user = s.cpl === 3;
  const wide = (stack.attr & 0x4000) !== 0;
  const mask = wide ? 0xffffffff : 0xffff;
  const cut = (value: number): number => (value & mask) >>> 0;
  level &= 31;
  let offset = s.esp;
  const place = (at: number): number => {
    if (!withinLimit(stack.attr, stack.limit, at, size)) throw fault(SS, 0);
    return (stack.base + at) >>> 0;
  };
  const push = (value: number): void => {
    offset = cut(offset - size);
    const linear = place(offset);
    if (size === 4) writeAt32(cpu, linear, value, user);
    else writeAt16(cpu, linear, value & 0xffff, user);
  };
  push(s.ebp);
  // All of ESP after the push, on a 16-bit stack as well: so processors have it, vectors/native.txt.
  const frame = ((s.esp & ~mask) | offset) >>> 0;
  for (let n = 1; n < level; n++) push(peek(cpu, { ...stack, esp: s.ebp }, -n * size, size));
  if (level > 0) push(frame);
  const end = cut(offset - bytes);
  // Nothing is written there, but it must be possible, or the instruction has not happened: so the manual, and so processors have it.
  probeWrite(cpu, place(end), size, user);
  s.ebp = size === 4 ? frame : ((s.ebp & 0xffff0000) | (frame & 0xffff)) >>> 0;
  s.esp = ((s.esp & ~mask) | end) >>> 0;
}

export function enter16(cpu: Cpu, bytes: number, level: number): void {
  enter(cpu, bytes, level, 2);
}
export function enter32(cpu: Cpu, bytes: number, level: number): void {
  enter(cpu, bytes, level, 4);
}
