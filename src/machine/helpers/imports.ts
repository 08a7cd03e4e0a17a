import * as L from '../state/layout.ts';
import { Fault, SS, fault } from '../state/fault.ts';
import { SYSTEM_HELPERS } from './catalogue.ts';
import { currentStack, peek } from '../protection/stack.ts';
import { checkSegment, withinLimit } from '../protection/segments.ts';
import { writeAt16, writeAt32 } from '../memory/mmu.ts';
import { hlt } from '../protection/system.ts';
import { fpuHelper, waitFpu } from '../fpu/index.ts';
import { repeatString } from './strings.ts';
import { SlowPaths } from '../memory/slow.ts';
import type { Cpu } from '../memory/cpu.ts';

/** A TypeScript function that generated code calls: two words in, one out. */
export type Helper = (cpu: Cpu, a: number, b: number) => number | void;

/** HLT: the run loop finds HALTED when it looks at ATTENTION. */
function halt(cpu: Cpu): void {
  hlt(cpu);
  cpu.state.u32[L.HALTED >> 2] = 1;
}

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
  const push = (value: number): void => {
    offset = cut(offset - size);
    if (!withinLimit(stack.attr, stack.limit, offset, size)) throw fault(SS, 0);
    const linear = (stack.base + offset) >>> 0;
    if (size === 4) writeAt32(cpu, linear, value, user);
    else writeAt16(cpu, linear, value & 0xffff, user);
  };
  push(s.ebp);
  // All of ESP after the push, on a 16-bit stack as well: so processors have it, vectors/native.txt.
  const frame = ((s.esp & ~mask) | offset) >>> 0;
  for (let n = 1; n < level; n++) push(peek(cpu, { ...stack, esp: s.ebp }, -n * size, size));
  if (level > 0) push(frame);
  const end = cut(offset - bytes);
  s.ebp = size === 4 ? frame : ((s.ebp & 0xffff0000) | (frame & 0xffff)) >>> 0;
  s.esp = ((s.esp & ~mask) | end) >>> 0;
}

const OWN: Record<string, Helper> = {
  hlt: halt,
  enter16: (cpu, a, b) => enter(cpu, a, b, 2),
  enter32: (cpu, a, b) => enter(cpu, a, b, 4),
  repeatString,
  selectorOf: (cpu, segment) => cpu.state.selector(segment),
  fpu: (cpu, a, b) => fpuHelper(cpu, a, b),
  fwait: (cpu, a, b) => waitFpu(cpu, a, b),
  segmentSlow: (cpu, packed, offset) => checkSegment(cpu, packed & 7, offset, (packed >> 3) & 15, (packed & 0x80) !== 0),
};

/** Helpers that may be called in the middle of a block and cannot change interruptibility. */
const QUIET = new Set([
  'fpu',
  'fwait',
  'segmentSlow',
  'selectorOf',
  'pushfImage',
  'enter16',
  'enter32',
  'lar16',
  'lar32',
  'lsl16',
  'lsl32',
  'verr',
  'verw',
  'arpl',
  'sldt',
  'str',
  'smsw',
  'cpuid',
  'rdtsc',
]);

/**
 * Everything generated modules import: the helpers, each wrapped so that a {@link Fault} becomes FAULT_VECTOR and FAULT_ERROR,
 * and the slow paths of memory.
 */
export function makeImports(cpu: Cpu): Record<string, (...args: number[]) => number | void> {
  const slow = new SlowPaths(cpu);
  const words = cpu.state.i32;
  const guard =
    (call: Helper, quiet: boolean) =>
    (a: number, b: number): number => {
      try {
        const result = call(cpu, a >>> 0, b >>> 0);
        words[L.FAULT_VECTOR >> 2] = -1;
        if (!quiet) cpu.attend();
        return result === undefined ? 0 : result | 0;
      } catch (thrown) {
        if (!(thrown instanceof Fault)) throw thrown;
        words[L.FAULT_VECTOR >> 2] = thrown.vector;
        words[L.FAULT_ERROR >> 2] = thrown.error;
        return 0;
      }
    };
  const imports: Record<string, (...args: number[]) => number | void> = {
    readSlow: (linear, size) => slow.read(linear, size),
    writeSlow: (linear, size, value) => slow.write(linear, size, value),
    accessSlow: (linear, size) => slow.access(linear, size),
    commit: () => slow.commit(),
  };
  for (const [name, helper] of Object.entries(SYSTEM_HELPERS)) imports[name] = guard(helper.call, QUIET.has(name));
  for (const [name, helper] of Object.entries(OWN)) imports[name] = guard(helper, QUIET.has(name));
  return imports;
}
