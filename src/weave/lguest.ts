/** The book's program, as the bundlers and the tests find it: the chapters' code and the counters of its lines. */
import * as lguest from '#tangled/lguest.ts';
import { lines } from '#tangle/runtime';
import type { LguestProgram } from '#world';

export const program: LguestProgram = { ...lguest, lines };
