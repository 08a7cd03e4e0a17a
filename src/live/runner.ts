/** Drives a world in slices short enough that a request never waits, and reports what it did. */
import type { OutsideInput, Statistics, WorldEvent, WorldStop, Registers } from '#world';
import { textOfEvent, worldOfEvent } from './event_text.ts';
import type { LineHit, ListedEvent, Place, Progress, Standing } from './protocol.ts';
import { LaneKeeper } from './stretches.ts';

/** What the runner needs of a world. */
export interface Runnable {
  readonly instructions: number;
  run(instructions: number): WorldStop;
  takeConsole(): string;
  takeLineHits(): LineHit[];
  currentLine(): Place | null;
  instructionText(): string | null;
  registers(): Registers;
  statistics(): Statistics;
  input(input: OutsideInput): void;
}

/** A slice aims at this many milliseconds. */
const SLICE_MS = 8;
/** Time between two reports of a running world. */
const REPORT_MS = 40;
/** More events than that in one report help nobody. */
const EVENTS_A_REPORT = 600;
const FIRST_SLICE = 20_000;
const LARGEST_SLICE = 50_000_000;
/** A step to the next event gives up after so many instructions. */
const LARGEST_SEARCH = 200_000;

/** One world at work. */
export class Runner {
  #world: Runnable;
  readonly #build: () => Runnable;
  readonly #report: (progress: Progress) => void;
  #lanes = new LaneKeeper();
  /** All that came from outside, with the instruction count at which it came: the same input makes the same run. */
  readonly #inputs: { at: number; bytes: readonly number[] }[] = [];
  /** Events heard so far. */
  #heardEvents = 0;
  #events: ListedEvent[] = [];
  #dropped = 0;
  #standing: Standing = { phase: 'paused' };
  #slice = FIRST_SLICE;
  #pace: number | null = null;
  /** Instructions that a paced run was entitled to so far, and since when. */
  #owed = 0;
  #owedSince = 0;
  #reportedAt = 0;

  /**
   * @param build makes the world; its events come to the function given
   * @param report hears of progress
   */
  constructor(build: (onEvent: (event: WorldEvent) => void) => Runnable, report: (progress: Progress) => void) {
    this.#report = report;
    this.#build = () => build((event) => this.#heard(event));
    this.#world = this.#build();
  }

  get running(): boolean {
    return this.#standing.phase === 'running';
  }

  /** Begins to run. @param pace instructions per second, or null */
  start(pace: number | null, now: number): void {
    if (this.#ended()) return;
    this.#pace = pace;
    this.#owed = 0;
    this.#owedSince = now;
    this.#standing = { phase: 'running' };
  }

  pause(): void {
    if (this.running) this.#standing = { phase: 'paused' };
    this.report();
  }

  /** Runs exactly so many instructions. */
  step(instructions: number): void {
    if (this.#ended()) return;
    this.#take(this.#world.run(instructions), { phase: 'paused' });
    this.report(0, true);
  }

  /** Runs on until something happens that the event list shows; at most so many instructions. */
  stepToEvent(most = LARGEST_SEARCH): void {
    const heard = this.#heardEvents;
    const end = this.#world.instructions + most;
    while (!this.#ended() && this.#standing.phase !== 'idle' && this.#heardEvents === heard && this.#world.instructions < end) {
      this.#take(this.#world.run(1), { phase: 'paused' });
    }
    this.report();
  }

  /**
   * Goes back by so many instructions. Nothing runs backwards: the same world is built again and runs, with the same input, until just before
   * where it was. Its clock is its count of instructions, so it is the same to the bit.
   * @param fresh called when the old world is gone and the new one has not begun
   */
  back(instructions: number, fresh: () => void): void {
    const target = this.#world.instructions - instructions;
    this.#lanes = new LaneKeeper();
    this.#events = [];
    this.#dropped = 0;
    this.#standing = { phase: 'paused' };
    this.#world = this.#build();
    fresh();
    while (this.#inputs.length > 0 && (this.#inputs.at(-1)?.at ?? 0) > target) this.#inputs.pop();
    for (const { at, bytes } of this.#inputs) {
      this.#runTo(at);
      this.#world.input({ kind: 'keys', tty: 0, bytes: Uint8Array.from(bytes) });
    }
    this.#runTo(target);
    this.report();
  }

  #runTo(target: number): void {
    const left = target - this.#world.instructions;
    if (left > 0) this.#take(this.#world.run(left), { phase: 'paused' });
  }

  input(bytes: readonly number[], now: number): void {
    this.#inputs.push({ at: this.#world.instructions, bytes });
    this.#world.input({ kind: 'keys', tty: 0, bytes: Uint8Array.from(bytes) });
    if (this.#standing.phase === 'idle') this.start(this.#pace, now);
  }

  /**
   * One slice of a running world.
   * @param now milliseconds of any clock, read again by `clock`
   * @returns milliseconds until the next slice should come; 0: at once
   */
  slice(clock: () => number): number {
    if (!this.running) return 0;
    const begin = clock();
    let wait = 0;
    if (this.#pace === null) {
      const before = this.#world.instructions;
      this.#take(this.#world.run(this.#slice), { phase: 'running' });
      const took = Math.max(clock() - begin, 0.05);
      const done = this.#world.instructions - before;
      if (done >= this.#slice / 2) this.#slice = Math.min(LARGEST_SLICE, Math.max(1000, Math.round((this.#slice * SLICE_MS) / took)));
    } else {
      const entitled = Math.floor(((begin - this.#owedSince) * this.#pace) / 1000);
      const now = Math.min(entitled - this.#owed, Math.ceil(this.#pace / 10));
      if (now > 0) this.#take(this.#world.run(now), { phase: 'running' });
      this.#owed = entitled;
      wait = Math.max(1000 / this.#pace, 16);
    }
    if (!this.running || this.#pace !== null || clock() - this.#reportedAt >= REPORT_MS) this.report(clock());
    return wait;
  }

  /** Sends what has gathered. @param single it is the answer to one step */
  report(now = 0, single = false): void {
    this.#reportedAt = now;
    const events = this.#events;
    this.#events = [];
    const dropped = this.#dropped;
    this.#dropped = 0;
    const world = this.#world;
    this.#report({
      type: 'progress', standing: this.#standing, single, instructions: world.instructions, console: world.takeConsole(), registers: world.registers(),
      instruction: world.instructionText(), place: world.currentLine(), statistics: world.statistics(), stretches: this.#lanes.take().slice(-EVENTS_A_REPORT),
      events, dropped, hits: world.takeLineHits(),
    });
  }

  #take(stop: WorldStop, otherwise: Standing): void {
    switch (stop.reason) {
      case 'exited': this.#standing = { phase: 'exited', status: stop.status }; break;
      case 'panicked': this.#standing = { phase: 'panicked', message: stop.message }; break;
      case 'idle': this.#standing = { phase: 'idle' }; break;
      case 'limit': this.#standing = otherwise; break;
    }
  }

  #ended(): boolean {
    return this.#standing.phase === 'exited' || this.#standing.phase === 'panicked';
  }

  #heard(event: WorldEvent): void {
    this.#heardEvents++;
    this.#lanes.hear(event);
    if (this.#events.length >= EVENTS_A_REPORT) {
      this.#events.shift();
      this.#dropped++;
    }
    this.#events.push({ seq: event.seq, at: event.at, kind: event.kind, world: worldOfEvent(event), text: textOfEvent(event) });
  }
}
