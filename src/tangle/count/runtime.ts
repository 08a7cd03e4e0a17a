/** What instrumented code counts in. */
import { countersOf } from './counters.ts';

export { countersOf } from './counters.ts';
export type { Frame, Hits, LineCounters, LineListener, LinePosition } from './counters.ts';

/** One for all: for all files of one program, since the bundler puts a copy of this module into each. */
export const { lines, hit } = countersOf();
