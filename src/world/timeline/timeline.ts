/**
 * One world's run as a line that can be gone along both ways. Nothing runs backwards: the world goes to a checkpoint before the place, and runs on from there with the same input, to the
 * very place. Whatever has been is known, and stays so until somebody does something else than he did: then the run branches.
 */
import type { RunBounds, WorldStop } from '../bounds.ts';
import type { Checkpoint, WorldSnapshot } from '../checkpoints/checkpoint.ts';
import type { WorldEvent } from '../events.ts';
import type { LinePosition } from '#tangle/runtime';
import type { World } from '../world.ts';
import type { Stops } from '../stops.ts';
import { Ladder } from './ladder.ts';
import type { Place } from './place.ts';

/** What a timeline needs of a world. */
export type Traveller = Pick<
  World,
  | 'instructions'
  | 'place'
  | 'midway'
  | 'run'
  | 'input'
  | 'goTo'
  | 'checkpoint'
  | 'snapshot'
  | 'restore'
  | 'forget'
  | 'checkpointBytes'
  | 'hasFuture'
  | 'branch'
  | 'takeConsole'
  | 'takeLineHits'
>;

/** What {@link Timeline.advance} stops at. */
export type Footing = Pick<Stops, 'where' | 'handover' | 'events' | 'lines' | 'addresses' | 'data'>;

/**
 * What somebody makes of all that a world tells, from its beginning on. A copy of it at a checkpoint, and what is heard from there on, make the same as hearing
 * everything from the beginning.
 */
export interface Fold<F> {
  /** An event of the run, in order. */
  hear(event: WorldEvent): void;
  /** Takes what the world has to tell beside its events. */
  gather(world: Pick<Traveller, 'takeConsole' | 'takeLineHits'>): void;
  /** How often a line has run, as far as has been gathered. */
  countOf(line: LinePosition): number;
  /** One like it, that goes on by itself. */
  copy(): F;
}

/** A place of the past, or of the known future. */
export interface Rung<F> {
  readonly place: Place;
  readonly world: Checkpoint;
  readonly fold: F;
}

/** Where a world stands in the middle of what its Host does: where that began, and how it was run from there. */
export interface Burst<F> {
  readonly base: Rung<F>;
  readonly instructions: number;
  readonly steps: number;
  readonly bounds: RunBounds;
}

/** Everything that {@link Timeline.returnTo} needs. */
export interface Standpoint<F> {
  readonly place: Place;
  readonly rung: Rung<F>;
  readonly burst: Burst<F> | null;
  readonly fold: F;
}

/** Checkpoints: at most so many, in so many bytes of RAM. */
const RUNGS = 48;
const RUNG_BYTES = 256 * 2 ** 20;

/** A world's past and known future: where it was, what was kept on the way, and how to go to a place. */
export class Timeline<W extends Traveller, F extends Fold<F>> {
  readonly #world: W;
  #fold: F;
  readonly #ladder = new Ladder<Rung<F>>(RUNGS, (rung) => this.#world.forget(rung.world));
  #burst: Burst<F> | null = null;

  /**
   * @param build makes the world; its events go to the function given
   * @param fold what has heard nothing yet
   */
  constructor(build: (onEvent: (event: WorldEvent) => void) => W, fold: F) {
    this.#fold = fold;
    this.#world = build((event) => this.#fold.hear(event));
    this.mark();
  }

  /** The world, where the timeline stands. */
  get world(): W {
    return this.#world;
  }

  /** What the run so far has come to. */
  get fold(): F {
    return this.#fold;
  }

  /** Where it stands. */
  get place(): Place {
    return this.#world.place();
  }

  /** Rungs in order, nearest the beginning first. */
  get rungs(): readonly Rung<F>[] {
    return this.#ladder.rungs;
  }

  /** Keeps this place, to come back to. */
  mark(): void {
    this.#ladder.add(this.#rungHere());
    while (this.#world.checkpointBytes > RUNG_BYTES && this.#ladder.thin());
  }

  #rungHere(): Rung<F> {
    this.#fold.gather(this.#world);
    const world = this.#world.checkpoint(this.#ladder.below(this.place)?.world ?? null);
    return { place: world.place, world, fold: this.#fold.copy() };
  }

  /** Runs as {@link World.run}. Where the world stands in the middle of what its Host does, that is done again from where it began. */
  run(instructions: number, steps = Infinity, bounds?: RunBounds): WorldStop {
    this.leave();
    return this.#world.run(instructions, steps, bounds);
  }

  /** Out of the middle of what the Host does, back to where that began. Returns whether that was necessary. */
  leave(): boolean {
    const burst = this.#burst;
    if (burst === null) return false;
    this.#burst = null;
    this.#world.goTo(burst.base.world);
    this.#fold = burst.base.fold;
    this.#world.forget(burst.base.world);
    return true;
  }

  /** Out of the middle of what the Host does, to where that comes to rest. Returns whether that was necessary. */
  settle(): boolean {
    const burst = this.#burst;
    if (!this.leave() || burst === null) return false;
    this.#world.run(burst.instructions, burst.steps, { ...burst.bounds, stop: undefined });
    return true;
  }

  /**
   * From here on the run is another one. Returns what {@link World.branch} does, or null where nothing was known of what comes.
   * The world must be at rest.
   */
  branch(): number | null {
    if (!this.#world.hasFuture) return null;
    this.#ladder.cut(this.place);
    return this.#world.branch();
  }

  /** Goes to the furthest checkpoint at or before a place, or so many instructions. There is always one: the beginning. */
  goBelow(target: Place | number): void {
    const rung = typeof target === 'number' ? this.#ladder.belowCount(target) : this.#ladder.below(target);
    this.goToRung(rung ?? this.#ladder.rungs[0]);
  }

  /** Goes to a checkpoint. */
  goToRung({ world, fold }: Rung<F>): void {
    this.#dropBurst();
    this.#world.goTo(world);
    this.#fold = fold.copy();
  }

  #dropBurst(): void {
    if (this.#burst !== null) this.#world.forget(this.#burst.base.world);
    this.#burst = null;
  }

  /**
   * Runs from here, where the world must be at rest, to just before the line of TypeScript at a place, if that comes within these bounds. There the world stands in the middle of what
   * its Host does, and can be looked at. Where it does not come, the world has run on.
   * @returns null where it has come
   */
  into(place: Place, instructions: number, steps: number, bounds: RunBounds): WorldStop | null {
    const base = this.#rungHere();
    const stop = this.#world.run(instructions, steps, { ...bounds, stop: { since: base.place, before: place } });
    if (this.#world.midway === null) {
      this.#world.forget(base.world);
      return stop;
    }
    this.#burst = { base, instructions, steps, bounds };
    return null;
  }

  /**
   * On from here, be it at rest or in the middle of what the Host does, by at most so many instructions, to the first thing that is to be stopped at behind it. In the middle of what the
   * Host does the world can be looked at there.
   * @returns null where it has come to stand there
   */
  advance(footing: Footing, instructions: number, bounds: RunBounds = {}): WorldStop | null {
    const since = this.place;
    const midway = this.#world.midway !== null;
    const burst = this.#burst;
    const base = burst?.base ?? this.#rungHere();
    this.#burst = null;
    if (burst !== null) {
      this.#world.goTo(base.world);
      this.#fold = base.fold.copy();
    }
    const until = { ...burst?.bounds, ...bounds };
    const count = since.at - base.place.at + instructions;
    const stop = this.#world.run(count, Infinity, { ...until, stop: { ...footing, since, midway, debug: true } });
    if (this.#world.midway === null) {
      this.#world.forget(base.world);
      return stop;
    }
    this.#burst = { base, instructions: count, steps: Infinity, bounds: until };
    return null;
  }

  /** Where the world stands, to come back to at once, whatever has been done until then but a branch. */
  standpoint(): Standpoint<F> {
    const { place } = this;
    const burst = this.#burst;
    const fold = this.#fold;
    const rung = burst?.base ?? this.#rungHere();
    this.#burst = null;
    // What happens from now on, this one does not hear.
    this.#fold = fold.copy();
    return { place, rung, burst, fold };
  }

  /** Back to a standpoint, which is thereby used up. What its fold had told stays told. */
  returnTo({ place, rung, burst, fold }: Standpoint<F>): void {
    this.#dropBurst();
    this.#world.goTo(rung.world);
    if (burst === null) {
      this.#world.forget(rung.world);
    } else {
      this.#fold = burst.base.fold.copy();
      this.#world.run(burst.instructions, burst.steps, { ...burst.bounds, stop: { since: rung.place, before: place } });
      this.#world.takeConsole();
      this.#world.takeLineHits();
      this.#burst = burst;
    }
    this.#fold = fold;
  }

  /** Looks at the world at rest: in the middle of what the Host does, where that began. Nothing moves. */
  atRest<T>(look: (world: W, fold: F) => T): T {
    if (this.#burst === null) return look(this.#world, this.#fold);
    const point = this.standpoint();
    this.#world.goTo(point.rung.world);
    const seen = look(this.#world, point.rung.fold);
    this.returnTo(point);
    return seen;
  }

  /** Goes to where this run was when it was saved. @param fold what the run until there has come to */
  open(snapshot: WorldSnapshot, fold: F): void {
    this.#dropBurst();
    this.#world.restore(snapshot);
    this.#fold = fold;
    this.mark();
  }

  /** A standpoint that nobody returns to. */
  letGo({ rung }: Standpoint<F>): void {
    this.#world.forget(rung.world);
  }
}
