/** How a world runs in the page: in slices short enough that no request waits long, as fast as it goes or at a pace; its clock with the outside's, where there is one. */
import { Pacer } from '#world';
import type { Paced, RunBounds, WorldStop } from '#world';

/** A slice aims at this many milliseconds. */
const SLICE_MS = 8;
/** Whoever is about to be heard waits for the clock to be right no longer than so many. */
const CATCH_UP_MS = 24;
const FIRST_SLICE = 20_000;
const LARGEST_SLICE = 50_000_000;
/** A world that waits is looked at again after so many milliseconds. */
export const LONGEST_WAIT = 250;
/** After so many parts of a slice, none of them smaller than so many instructions, the clock is looked at. */
const PIECES = 32;
const LEAST_PIECE = FIRST_SLICE;
/** So does who is asked so many times within one: by the Host each time that the Guest comes back, by the processor where it decodes. */
const ASKED = 16;
/** Milliseconds: a world that is further behind the real clock does not try to catch up. */
const FURTHEST_BEHIND = 100;

/** What is run. */
export type Running = Paced & { readonly hasFuture: boolean };
/** Runs for so many instructions, and says how that ended: how many milliseconds the world then has nothing to do, and when the next timer is due, if that is all that is waited for. */
export type Run = (instructions: number, bounds: RunBounds) => { wait: number; stop: WorldStop };

export class Gait {
  readonly #outsideClock: (() => number) | null;
  readonly #countsTicks: boolean;
  /** There was a run: a world that has not run yet has no clock that was stopped. */
  #began = false;
  /** Keeps the world's clock with the outside's, as long as it runs at full speed and into its future; a world that is stopped has its clock stopped, too. */
  #pacer: Pacer | null = null;
  /** When the next timer is due, if that is all that is waited for. */
  #due: number | null = null;
  #slice = FIRST_SLICE;
  #pace: number | null = null;
  /** Instructions that a paced run was entitled to so far, and since when. */
  #owed = 0;
  #owedSince = 0;
  /** A moment at which both clocks were read: milliseconds, and nanoseconds of the world's. */
  #clocks = { real: 0, world: 0 };

  /** @param countsTicks see {@link Pacer} */
  constructor(outsideClock: (() => number) | null, countsTicks: boolean) {
    this.#outsideClock = outsideClock;
    this.#countsTicks = countsTicks;
  }

  /** A new world learns what day it is. */
  setDate(world: Running): void {
    if (this.#outsideClock === null) return;
    this.#pacer = new Pacer(world, this.#outsideClock, this.#countsTicks);
    this.#pacer.setDate();
  }

  /** Instructions per second, or null. */
  get pace(): number | null {
    return this.#pace;
  }

  /** A run begins. @param rested the world was stopped before, and its clock, too */
  begin(world: Running, pace: number | null, now: number, rested: boolean): void {
    this.#pace = pace;
    this.#owed = 0;
    this.#owedSince = now;
    this.#clocks = { real: now, world: world.time };
    if (rested && this.#began) this.#pacer = null;
    this.#began = true;
  }

  /** The world is somewhere else. */
  jump(): void {
    this.#pacer = null;
    this.#due = null;
  }

  /** A slice. Returns the milliseconds until the next one. */
  slice(world: Running, clock: () => number, run: Run): number {
    return this.#pace === null ? this.#quick(world, clock, run) : this.#paced(world, clock(), this.#pace, run);
  }

  #quick(world: Running, clock: () => number, run: Run): number {
    const before = world.instructions;
    const begin = clock();
    const pacer = this.#keepPace(world);
    if (this.#due !== null) pacer?.wake(this.#due);
    const end = begin + SLICE_MS;
    const over = pacer === null ? null : catchUp(pacer, run, () => clock() >= end);
    const count = Math.min(this.#slice, pacer?.begin() ?? Infinity);
    const bounds = pacer === null ? this.#bounds(world, begin) : { until: pacer.until };
    const { wait, stop } = over ?? inPieces(run, count, { ...bounds, tired: tiredAt(end, clock) }, () => clock() >= end);
    this.#due = stop.reason === 'waiting' ? stop.time : null;
    const goesOn = stop.reason !== 'exited' && stop.reason !== 'panicked' && stop.reason !== 'stop';
    const ahead = goesOn ? (pacer?.end() ?? 0) : 0;
    const took = Math.max(clock() - begin, 0.05);
    const done = world.instructions - before;
    if (done >= this.#slice / 2 || took >= SLICE_MS)
      this.#slice = Math.min(LARGEST_SLICE, Math.max(1000, Math.round((Math.min(done, this.#slice) * SLICE_MS) / took)));
    return Math.max(wait, ahead);
  }

  /** Something is about to come from outside: at full speed, the world's clock is set right before. */
  catchUp(world: Running, clock: () => number, run: Run): void {
    const pacer = this.#pace === null ? this.#keepPace(world) : null;
    const end = clock() + CATCH_UP_MS;
    if (pacer !== null) catchUp(pacer, run, () => clock() >= end);
  }

  #paced(world: Running, begin: number, pace: number, run: Run): number {
    // The first at once.
    const entitled = Math.max(1, Math.floor(((begin - this.#owedSince) * pace) / 1000));
    const now = Math.min(entitled - this.#owed, Math.ceil(pace / 10));
    if (now > 0) {
      const { stop } = run(now, this.#bounds(world, begin));
      this.#due = stop.reason === 'waiting' ? stop.time : null;
    }
    this.#owed = entitled;
    return Math.max(1000 / pace, 16);
  }

  /** The pacer, where one is wanted. */
  #keepPace(world: Running): Pacer | null {
    if (this.#outsideClock === null || world.hasFuture) return (this.#pacer = null);
    return (this.#pacer ??= new Pacer(world, this.#outsideClock, this.#countsTicks));
  }

  /** How far the world's clock may go while all in it wait. */
  #bounds(world: Running, now: number): RunBounds {
    if (this.#outsideClock === null || world.hasFuture) return {};
    const { time } = world;
    const until = this.#clocks.world + (now - this.#clocks.real) * 1e6;
    if (until >= time && until - time <= FURTHEST_BEHIND * 1e6) return { until };
    this.#clocks = { real: now, world: time };
    return { until: time };
  }
}

/** Sets a world's clock right, if that is done before it is late. Returns how a run on the way ended that something else did end. */
function catchUp(pacer: Pacer, run: Run, late: () => boolean): ReturnType<Run> | null {
  let over: ReturnType<Run> | null = null;
  pacer.catchUp((instructions) => {
    const ran = run(instructions, { until: pacer.until });
    if (ran.stop.reason !== 'limit' && ran.stop.reason !== 'waiting') over = ran;
    return over === null && !late();
  });
  return over;
}

/** Runs for so many instructions, as long as that takes no longer than a slice should: what comes may be far slower than what was. */
function inPieces(run: Run, instructions: number, bounds: RunBounds, late: () => boolean): ReturnType<Run> {
  const piece = Math.max(LEAST_PIECE, Math.ceil(instructions / PIECES));
  for (; ; instructions -= piece) {
    const ran = run(Math.min(piece, instructions), bounds);
    if (ran.stop.reason !== 'limit' || instructions <= piece || late()) return ran;
  }
}

/** Whether a slice has taken its time, by a clock that is looked at now and then. */
function tiredAt(end: number, clock: () => number): () => boolean {
  let asked = 0;
  return () => ++asked % ASKED === 0 && clock() >= end;
}

/** Milliseconds of the clock by which slices are measured. */
export function now(): number {
  return performance.now();
}
