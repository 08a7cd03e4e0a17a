/** How far a world runs, and why it came back. */
import type { Hit, Stops } from './stops.ts';

/** What else ends a run. */
export interface RunBounds {
  /**
   * While all wait, the world's time passes only until then (nanoseconds since its start): for a world that keeps pace with the real one. Default: it skips
   * to the next timer at once, unless it is a disk outside that is waited for.
   */
  until?: number | undefined;
  /** Come back as soon as there is a request for the outside: so the answer's place does not depend on the slices. */
  requests?: boolean | undefined;
  /** Asked now and then: the run comes back soon, wherever it is, once it says so (reason `limit`). For whoever has no more time; where it stops makes no difference to what happens. */
  tired?: (() => boolean) | undefined;
  /** Come back as soon as one of these conditions comes true. */
  stop?: Stops | undefined;
}

/**
 * Why {@link World.run} came back: the instructions are used up; the Launcher has exited; everybody waits for input; everybody waits, a timer
 * being due at `time`, which is later than the bound; there is a request to be taken; a condition of the caller's came true; or the Host itself broke. `status` is the first Launcher's.
 */
export type WorldStop =
  | { reason: 'limit' }
  | { reason: 'stop'; hit: Hit }
  | { reason: 'exited'; status: number }
  | { reason: 'idle' }
  | { reason: 'waiting'; time: number }
  | { reason: 'request' }
  | { reason: 'panicked'; message: string };
