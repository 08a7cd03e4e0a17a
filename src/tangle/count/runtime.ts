/**
 * The counters that instrumented code counts in. The bundler puts a copy of this module into each program, so that each has its own: that is why they may stand here, where
 * otherwise nothing that changes may.
 */
import { LineCounters } from './counters.ts';

export type { LineCounters, LinePosition } from './counters.ts';

export const lines = new LineCounters();
