/** Where a run is to stop, beside its end: conditions that are looked at inside the run, each just where it comes true. */
import type { DataAccess, Machine, WatchedRange } from '#machine';
import type { Kernel } from '#hostos';
import type { Frame, LineCounters, LinePosition } from '#tangle/runtime';
import type { CodeMap } from './lines/code_map.ts';
import type { WorldEvent } from './events.ts';
import { comparePlaces } from './timeline/place.ts';
import type { LineCounts } from './lines/line_counts.ts';
import type { Place } from './timeline/place.ts';
import type { Whereabouts } from './timeline/whereabouts.ts';

/** Conditions. The first that comes true ends the run. */
export interface Stops {
  /** Only what comes behind this place: a search that goes on from where it stands does not find what it stands at. */
  readonly since: Place;
  /** What comes just at that place has been, too: whoever looks stands in the middle of it ({@link World.midway}). */
  readonly midway?: boolean | undefined;
  /** Something happens: the run stops behind it, at the next instruction. */
  readonly events?: ((event: WorldEvent) => boolean) | undefined;
  /** Lines of chapters that are about to run: the run stops just before. In TypeScript that is in the middle of what the Host does; see {@link World.midway}. */
  readonly lines?: readonly LinePosition[] | undefined;
  /** The line of the program's TypeScript at this place, whichever it is: the run stops just before it. In place of `lines`. */
  readonly before?: Place | undefined;
  /** Of the program's TypeScript, lines for which this is true, too; `depth`: how many functions are called and have not returned, where a debug build runs, else 0. */
  readonly where?: ((line: LinePosition, depth: number) => boolean) | undefined;
  /** The Host, having done something, is about to hand the processor over: the run stops before its first instruction. */
  readonly handover?: boolean | undefined;
  /** A debug build of the program runs, if there is one: {@link World.study}. */
  readonly debug?: boolean | undefined;
  /** Instructions at linear addresses: the run stops just before. */
  readonly addresses?: readonly number[] | undefined;
  /**
   * Accesses to physical memory, whoever makes them: the run stops behind the instruction. Of what lies behind a Guest's addresses, a function tells where that is: it is asked
   * again whenever it may have come to be elsewhere.
   */
  readonly data?: readonly WatchedRange[] | (() => readonly WatchedRange[]) | undefined;
  /** Of lines and addresses, whether one that has come true counts; asked in that moment, with what `notes` may be asked. */
  readonly accepts?: ((hit: Hit, frames: () => readonly Frame[]) => boolean) | undefined;
  /** Is told of all that come true, and the run goes on. `frames` may be asked in that moment: of a line of TypeScript, where a debug build runs, the functions that have not returned. */
  readonly notes?: ((hit: Hit, frames: () => readonly Frame[]) => void) | undefined;
}

/** What came true, and where. */
export type Hit = { readonly place: Place } & (
  | { readonly by: 'event'; readonly event: WorldEvent }
  /** `midway`: it is one of TypeScript, in the middle of what the Host does. `depth` is that of {@link Stops.where}. */
  | { readonly by: 'line'; readonly position: LinePosition; readonly midway: boolean; readonly depth: number }
  | { readonly by: 'handover' }
  | { readonly by: 'address'; readonly address: number }
  | { readonly by: 'data'; readonly access: DataAccess }
);

/** Thrown before a line of the program's TypeScript: nothing that it might have done is done, and what called it is left where it is. */
export class StopAtLine {
  readonly position: LinePosition;
  readonly frames: readonly Frame[];
  constructor(position: LinePosition, frames: readonly Frame[]) {
    this.position = position;
    this.frames = frames;
  }
}

const NO_FRAMES = (): readonly Frame[] => [];

const keyOf = ({ source, line }: LinePosition): string => `${source}:${line}`;

/** Looks out for one set of conditions while a world runs. */
export class Lookout {
  readonly #stops: Stops;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #code: CodeMap;
  readonly #where: Whereabouts;
  readonly #counts: LineCounts;
  readonly #lines: ReadonlySet<string>;
  /** Tells which functions have not returned, where a debug build runs. */
  #frames = NO_FRAMES;
  /** Is being asked where watched memory is: that is no access. */
  #asking = false;
  /** The first condition that came true. */
  hit: Hit | null = null;

  constructor(stops: Stops, machine: Machine, kernel: Kernel, code: CodeMap, where: Whereabouts, counts: LineCounts) {
    this.#stops = stops;
    this.#machine = machine;
    this.#kernel = kernel;
    this.#code = code;
    this.#where = where;
    this.#counts = counts;
    this.#lines = new Set(stops.lines?.map(keyOf));
  }

  /** Does something, and looks out meanwhile. */
  during<T>(counters: LineCounters, work: () => T): T {
    const { lines = [], where, before, handover = false, addresses = [], data = [] } = this.#stops;
    const moves = typeof data === 'function';
    const offsets = new Set([...addresses.map((address) => address & 0xfff), ...this.#code.offsetsOf(this.#lines)]);
    const here = (linear: number, physical: number): boolean => this.#instruction(linear, physical);
    if (before !== undefined)
      counters.watch((position) => comparePlaces(this.#where.place, before) === 0 && this.#line(position, counters), null, before.line);
    else if (where === undefined) counters.watch((position) => this.#line(position, counters), lines);
    else
      counters.watch(
        (position) =>
          (where(position, counters.depth) || (this.#lines.size > 0 && this.#lines.has(keyOf(position)))) && this.#line(position, counters),
      );
    this.#frames = () => counters.frames();
    const code = offsets.size > 0 ? { offsets, here } : null;
    const observe = (ranges: readonly WatchedRange[]): void => this.#machine.observe(code, ranges, () => this.access());
    const { onProcessor, onMove } = this.#kernel;
    observe(moves ? [] : data);
    const follow = moves ? this.#follower(data, observe) : undefined;
    follow?.();
    if (handover || before !== undefined || follow !== undefined)
      this.#kernel.onProcessor = (runs) => {
        onProcessor?.(runs);
        if (!runs) return;
        follow?.();
        if (handover || before !== undefined) this.#handover(before);
      };
    if (follow !== undefined) {
      this.#kernel.onPageMove = follow;
      this.#kernel.onMove = (again) => {
        onMove?.(again);
        // What the processor has done just now, and is to be stopped for, is not forgotten.
        if (this.#machine.access === null) follow();
      };
    }
    try {
      return work();
    } finally {
      counters.watch(null);
      if (onProcessor !== undefined) this.#kernel.onProcessor = onProcessor;
      if (onMove !== undefined) this.#kernel.onMove = onMove;
      delete this.#kernel.onPageMove;
      this.#machine.observe(null, []);
    }
  }

  /**
   * Follows watched memory that moves: it is looked for when the Host has put a page of a program's elsewhere; when the processor comes back, since a Guest may have written to its
   * page tables; and before it goes on, since a Guest may have been given others. What a Guest does to its tables in between is nothing that its processor knows of yet.
   */
  #follower(find: () => readonly WatchedRange[], observe: (ranges: readonly WatchedRange[]) => void): () => void {
    let last: readonly WatchedRange[] = [];
    return () => {
      const before = this.#machine.access;
      this.#asking = true;
      const ranges = find();
      this.#asking = false;
      const moved =
        ranges.length !== last.length ||
        ranges.some(({ physical, length }, n) => physical !== last[n].physical || length !== last[n].length);
      // Who reads page tables that are watched, too, would be taken for the next who does.
      if (!moved && this.#machine.access === before) return;
      last = ranges;
      observe(ranges);
    };
  }

  /** A line of TypeScript is about to run. */
  #line(position: LinePosition, counters: LineCounters): void {
    const { depth } = counters;
    if (!this.#found({ by: 'line', place: this.#where.place, position, midway: true, depth }, 0, () => counters.frames())) return;
    const frames = counters.frames();
    // Lines that run because of what is thrown are none of the run's.
    this.#counts.processor(false);
    throw new StopAtLine(position, frames);
  }

  /** The processor is about to run. @param before a place that the run is not to leave behind */
  #handover(before: Place | undefined): void {
    const place = this.#where.place;
    const { since, handover } = this.#stops;
    const wanted = before === undefined ? handover === true : comparePlaces(place, before) >= 0;
    // Whoever goes on in the middle of a Guest comes by here first.
    if (wanted && comparePlaces(place, since) > 0) this.#found({ by: 'handover', place }, 0);
  }

  #instruction(linear: number, physical: number): boolean {
    const place = this.#where.place;
    const { since, midway } = this.#stops;
    // What stands at an instruction has found it; but who stands in the middle of the Host's doings has it before him.
    if (midway === true ? place.at < since.at : place.at <= since.at) return false;
    if (this.#stops.addresses?.includes(linear) === true) return this.#found({ by: 'address', place, address: linear }, 0);
    const position = this.#lines.size > 0 ? this.#code.lineOf(physical, this.#kernel) : null;
    return (
      position !== null && this.#lines.has(keyOf(position)) && this.#found({ by: 'line', place, position, midway: false, depth: 0 }, 0)
    );
  }

  /** An event happens. */
  hear(event: WorldEvent): void {
    if (this.#stops.events?.(event) === true) this.#found({ by: 'event', place: this.#where.place, event }, 1);
  }

  /** Watched memory was read or written. */
  access(): void {
    const { access } = this.#machine;
    if (access !== null && !this.#asking) this.#found({ by: 'data', place: this.#where.place, access }, 0, this.#frames);
  }

  /**
   * Takes note of what came true. Returns whether it ends the run.
   * @param more instructions that may still run
   */
  #found(hit: Hit, more: number, frames = NO_FRAMES): boolean {
    const { since, midway, notes, accepts } = this.#stops;
    const order = comparePlaces(hit.place, since);
    if (midway === true ? order <= 0 : order < 0) return false;
    if ((hit.by === 'line' || hit.by === 'address') && accepts?.(hit, frames) === false) return false;
    if (notes !== undefined) {
      notes(hit, frames);
      return false;
    }
    this.hit ??= hit;
    this.#kernel.halt = Math.min(this.#kernel.halt, hit.place.at + more);
    this.#kernel.limit = Math.min(this.#kernel.limit, this.#kernel.halt);
    return true;
  }
}
