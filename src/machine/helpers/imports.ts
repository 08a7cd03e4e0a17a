import * as L from '../state/layout.ts';
import { Fault } from '../state/fault.ts';
import { HELPERS, type Helper } from './catalogue.ts';
import { SlowPaths } from '../memory/slow.ts';
import type { Cpu } from '../memory/cpu.ts';

/**
 * Everything generated modules import: the helpers, each wrapped so that a {@link Fault} becomes FAULT_VECTOR and FAULT_ERROR,
 * and the slow paths of memory.
 */
export function makeImports(cpu: Cpu): Record<string, (...args: number[]) => number | void> {
  const slow = new SlowPaths(cpu);
  const words = cpu.state.i32;
  const guard =
    ({ call, quiet }: Helper) =>
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
  for (const [name, helper] of Object.entries(HELPERS)) imports[name] = guard(helper);
  return imports;
}
