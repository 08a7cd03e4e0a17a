/** What instrumented code counts in. */
import { LineCounters } from './counters.ts';

export { LineCounters } from './counters.ts';
export type { Frame, LineListener, LinePosition } from './counters.ts';

/** One for all: for all files of one program, since the bundler puts a copy of this module into each. */
export const lines = new LineCounters();
