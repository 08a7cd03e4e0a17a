/** The book's program, as the bundlers and the tests find it: the chapters' code and the counters of its lines. */
import * as lguest from '#tangled/lguest.ts';
import { lines } from '#tangle/runtime';
import type { LguestEvent } from '#tangled/host/events.ts';
import type { LguestProgram, ProgramEvent } from '#world';

type Understood<Told extends ProgramEvent> = Told;
/** All that this program tells; a world understands it. */
export type Told = Understood<LguestEvent>;

export const program: LguestProgram = { ...lguest, lines };
