/**
 * The whole of a run in a few numbers: who had the processor, piece by piece, from the first instruction to the farthest that was ever reached. Going back takes nothing
 * away: what was seen comes again, unless the run is made another one.
 */
import type { ProgramNames, WorldEvent } from '#world';
import type { Overview } from '../protocol.ts';
import { LANES } from '../worlds.ts';
import { LaneKeeper } from './stretches.ts';
import type { LaneData } from './stretches.ts';

/** Pieces of a run: when there are more, two become one. */
const PIECES = 512;
const SMALLEST_PIECE = 8;

/** What a keeper remembers, as plain data. */
export interface OverviewData {
  lanes: Float32Array[];
  width: number;
  end: number;
  next: number;
  since: number;
  keeper: LaneData;
}

/** Gathers the overview of one world, from its events. */
export class OverviewKeeper {
  readonly #names: ProgramNames;
  #keeper: LaneKeeper;
  /** Instructions of a piece, and for each lane how much of each piece it had. */
  #width = SMALLEST_PIECE;
  #lanes = LANES.map(() => new Float32Array(PIECES));
  #end = 0;
  /** The first event that has not been heard yet, and the instruction from which on this run is itself. */
  #next = 0;
  #since = 0;

  constructor(names: ProgramNames) {
    this.#names = names;
    this.#keeper = new LaneKeeper(names);
  }

  /** Hears an event, for the first time or again. */
  hear(event: WorldEvent): void {
    if (event.seq < this.#next || event.at < this.#since) return;
    this.#next = event.seq + 1;
    this.#keeper.hear(event);
  }

  /** The run has come so far. */
  reach(at: number): void {
    this.#end = Math.max(this.#end, at);
  }

  /** From an instruction on, the run is another one. */
  cut(at: number): void {
    if (at >= this.#end) return;
    this.#gather();
    this.#end = at;
    this.#next = 0;
    this.#since = at;
    this.#keeper = new LaneKeeper(this.#names);
    for (const lane of this.#lanes) lane.fill(0, Math.ceil(at / this.#width));
  }

  /** The run so far. @param rungs places that can be gone back to at once */
  tell(rungs: readonly number[]): Overview {
    this.#gather();
    const pieces = Math.ceil(this.#end / this.#width);
    return { end: this.#end, width: this.#width, lanes: this.#lanes.map((lane) => lane.slice(0, pieces)), rungs };
  }

  /** All that it remembers. */
  data(): OverviewData {
    this.#gather();
    return { lanes: this.#lanes, width: this.#width, end: this.#end, next: this.#next, since: this.#since, keeper: this.#keeper.data(1) };
  }

  /** One that remembers this. */
  static of(names: ProgramNames, { lanes, width, end, next, since, keeper }: OverviewData): OverviewKeeper {
    const made = new OverviewKeeper(names);
    made.#lanes = lanes.map((lane) => lane.slice());
    made.#width = width;
    made.#end = end;
    made.#next = next;
    made.#since = since;
    made.#keeper = LaneKeeper.of(names, keeper);
    // What was finished then is in the lanes.
    made.#keeper.take();
    return made;
  }

  #gather(): void {
    for (const { world, at, instructions } of this.#keeper.take()) {
      if (instructions === 0) continue;
      while (at + instructions > this.#width * PIECES) this.#halve();
      const lane = this.#lanes[Math.max(0, LANES.indexOf(world))];
      const last = Math.floor((at + instructions - 1) / this.#width);
      for (let piece = Math.floor(at / this.#width); piece <= last; piece++) {
        const from = Math.max(at, this.#since, piece * this.#width);
        const to = Math.min(at + instructions, (piece + 1) * this.#width);
        if (to > from) lane[piece] += (to - from) / this.#width;
      }
    }
  }

  /** Two pieces become one. */
  #halve(): void {
    this.#width *= 2;
    for (const lane of this.#lanes) {
      for (let i = 0; i < PIECES / 2; i++) lane[i] = (lane[2 * i] + lane[2 * i + 1]) / 2;
      lane.fill(0, PIECES / 2);
    }
  }
}
