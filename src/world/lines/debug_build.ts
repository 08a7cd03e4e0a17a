/** A debug build of a program: the same code, the same lines, and it tells what its variables stand for. A world whose program it is can run by it for a while, and by the other again. */
import type { Kernel } from '#hostos';
import type { LguestProgram } from '../program.ts';
import type { LineCounts } from './line_counts.ts';

/** @throws Error where `debug` is no build of this program */
export function asDebugBuild(debug: LguestProgram, program: LguestProgram): LguestProgram {
  if (debug.lines.identity !== program.lines.identity) throw new Error('this debug build is of another program');
  return debug;
}

/** Runs something by the debug build. All that a program remembers is data of the kernel, so that nothing else has to change hands. */
export function byDebugBuild<T>(debug: LguestProgram, program: LguestProgram, kernel: Kernel, counts: LineCounts, work: () => T): T {
  debug.install(kernel);
  try {
    return counts.by(debug, work);
  } finally {
    program.install(kernel);
  }
}
