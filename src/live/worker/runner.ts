/** Drives a world in slices short enough that a request never waits, reports what it did, and takes it back to any place of its past. */
import type {
  Checkpoint,
  Hit,
  InputEntry,
  OutsideInput,
  OutsideRequest,
  ProgramNames,
  RunBounds,
  SceneKeys,
  Stops,
  ViewName,
  Views,
  WorldEvent,
  WorldName,
  WorldStop,
} from '#world';
import { KeyFeed, Pacer } from '#world';
import { Ladder } from './ladder.ts';
import type { LineHit, Looked, News, Place, Progress, Sight, Standing, StreamName } from '../protocol.ts';
import { Transcript } from './transcript.ts';

/** What the runner needs of a world. */
export interface Runnable {
  readonly instructions: number;
  /** Nanoseconds of the Host's clock, and its rate. */
  readonly time: number;
  readonly clockRate: number;
  run(instructions: number, steps?: number, bounds?: RunBounds): WorldStop;
  takeLineHits(): LineHit[];
  takeConsole(): string;
  currentLine(): Place | null;
  readonly worldName: WorldName;
  look(names: Iterable<ViewName>): Partial<Views>;
  input(input: OutsideInput): void;
  takeRequests(): OutsideRequest[];
  readonly inputsAhead: number;
  wholeLog(): readonly InputEntry[];
  branch(): number;
  checkpoint(before: Checkpoint | null): Checkpoint;
  goTo(checkpoint: Checkpoint): void;
  forget(checkpoint: Checkpoint): void;
  readonly checkpointBytes: number;
}

/** Where a world's requests go. */
export interface Outside {
  /** Returns the answer, or null where there is none or it takes time: then it comes by {@link Runner.input}. */
  ask(request: OutsideRequest): OutsideInput | null;
  /** The world took another way: what was done for requests to disks with this `id` or a higher one is to be undone. */
  undoFrom(id: number): void;
}

/** What a runner may be told. */
export interface RunnerOptions {
  /** What the world's program calls its numbers. */
  readonly names: ProgramNames;
  readonly outside?: Outside;
  /**
   * Milliseconds since 1970 that never go back: the world's clock keeps pace with this one while it runs, and stands still while it is stopped. Without, it counts
   * instructions, and goes on to what comes next at once while all in the world wait.
   */
  readonly outsideClock?: (() => number) | undefined;
  /** What is typed, in this order, once {@link Runner.play} is called. */
  readonly keys?: readonly SceneKeys[] | undefined;
  /** What the page watches. */
  readonly watched?: readonly Sight[];
}

/** A slice aims at this many milliseconds. */
const SLICE_MS = 8;
/** Time between two reports of a running world. */
const REPORT_MS = 40;
const FIRST_SLICE = 20_000;
const LARGEST_SLICE = 50_000_000;
/** A search for the event before looks at so many instructions at a time. */
const LARGEST_SEARCH = 200_000;
/** A search that is over so soon is answered at once; a longer one goes on in slices, so that it can be stopped. */
const AT_ONCE_MS = 20;
/** Checkpoints: at most so many, in so many bytes of RAM; the next after so many milliseconds of running, or so many times what the last one took. */
const RUNGS = 48;
const RUNG_BYTES = 256 * 2 ** 20;
const RUNG_MS = 20;
const RUNG_RATIO = 12;
/** Who goes back once may go back again: a way longer than a few times this gets a checkpoint so many instructions before its end. */
const NEAR = 50_000;
/** Milliseconds: a world that is further behind the real clock does not try to catch up; a world that waits is looked at again after so many. */
const FURTHEST_BEHIND = 100;
const LONGEST_WAIT = 250;

/** A place of the past. */
interface Rung {
  readonly instructions: number;
  readonly world: Checkpoint;
  readonly transcript: Transcript;
}

/** One world at work. */
export class Runner {
  #world: Runnable;
  readonly #build: (replay: readonly InputEntry[]) => Runnable;
  readonly #report: (report: Progress | Looked) => void;
  readonly #outside: Outside | null;
  readonly #outsideClock: (() => number) | null;
  /** Keeps the world's clock with the outside's, as long as it runs at full speed and into its future; a world that is stopped has its clock stopped, too. */
  #pacer: Pacer | null = null;
  /** When the next timer is due, if that is all that is waited for. */
  #due: number | null = null;
  readonly #names: ProgramNames;
  #transcript: Transcript;
  /** Hears events while they are looked for. */
  #listen: ((event: WorldEvent) => void) | null = null;
  readonly #ladder = new Ladder<Rung>(RUNGS, (rung) => this.#world.forget(rung.world));
  /** Milliseconds of running since the last checkpoint, and what that one took. */
  #ranFor = 0;
  #rungTook = 0;
  /** Ids of requests to disks that have not been answered. */
  readonly #asked = new Set<number>();
  #standing: Standing = { phase: 'paused' };
  /** What a running world is to stop at, and what is to be told when it must go back for it. */
  #goal: { readonly stops: Stops; readonly fresh: () => void } | null = null;
  #slice = FIRST_SLICE;
  #pace: number | null = null;
  /** Instructions that a paced run was entitled to so far, and since when. */
  #owed = 0;
  #owedSince = 0;
  /** A moment at which both clocks were read: milliseconds, and nanoseconds of the world's. */
  #clocks = { real: 0, world: 0 };
  #reportedAt = 0;
  /** What is still to be typed, and whether it is. */
  readonly #script: SceneKeys[];
  #plays = false;
  /** What somebody watches. */
  #views: readonly ViewName[] = [];
  #streams: ReadonlySet<StreamName> = new Set();

  /**
   * @param build makes the world, with what is to come from outside; its events go to the function given
   * @param report hears of progress
   */
  constructor(
    build: (onEvent: (event: WorldEvent) => void, replay: readonly InputEntry[]) => Runnable,
    report: (report: Progress | Looked) => void,
    { names, outside, outsideClock, keys = [], watched = [] }: RunnerOptions,
  ) {
    this.#report = report;
    this.#names = names;
    this.#transcript = new Transcript(names);
    this.#outside = outside ?? null;
    this.#outsideClock = outsideClock ?? null;
    this.#script = [...keys];
    this.#watch(watched);
    this.#build = (replay) =>
      build((event) => {
        this.#transcript.hear(event);
        this.#listen?.(event);
      }, replay);
    this.#world = this.#build([]);
    if (outsideClock !== undefined) new Pacer(this.#world, outsideClock).setDate();
  }

  get running(): boolean {
    return this.#standing.phase === 'running';
  }

  /** Begins to run. @param pace instructions per second, or null */
  start(pace: number | null, now: number): void {
    if (this.#ended()) return;
    this.#goal = null;
    this.#pace = pace;
    this.#owed = 0;
    this.#owedSince = now;
    this.#clocks = { real: now, world: this.#world.time };
    // A world in which nobody had anything to do was not stopped.
    if (this.#standing.phase !== 'idle') this.#pacer = null;
    this.#standing = { phase: 'running' };
  }

  /** What reports are to show from now on. Who begins to watch while nothing runs is shown it at once. */
  look(at: readonly Sight[]): void {
    this.#watch(at);
    if (!this.running) this.#report({ type: 'looked', ...this.#news() });
  }

  #watch(at: readonly Sight[]): void {
    this.#streams = new Set(at.filter(isStream));
    this.#views = at.filter((name) => !isStream(name));
  }

  #news(): News {
    return { views: this.#world.look(this.#views), ...this.#transcript.watched(this.#streams) };
  }

  pause(): void {
    this.#goal = null;
    if (this.running) this.#standing = { phase: 'paused' };
    this.report();
  }

  /** Runs exactly so many instructions. */
  step(instructions: number): void {
    if (this.#ended()) return;
    this.#take(this.#run(instructions), 'paused');
    this.report(0, true);
  }

  /** Runs on until something happens that the event list shows. */
  stepToEvent(clock = (): number => performance.now()): void {
    this.#search({ since: this.#world.instructions, events: () => true }, clock, () => undefined);
  }

  /** Runs until a condition comes true: in slices, after the first few milliseconds. */
  #search(stops: Stops, clock: () => number, fresh: () => void): void {
    if (this.#ended() || this.#standing.phase === 'idle') {
      this.#miss('Nothing runs any more.');
      return;
    }
    this.start(null, clock());
    this.#goal = { stops, fresh };
    for (const end = clock() + AT_ONCE_MS; this.running && clock() < end; ) this.slice(clock);
  }

  /** What a run was to stop at has come. Where the Host's code ran past it, it is gone back to. */
  #reached({ at, by }: Hit): void {
    const fresh = this.#goal?.fresh;
    this.#goal = null;
    this.#standing = { phase: 'paused' };
    if (by === 'event' || this.#world.instructions === at) return;
    this.#travel(at);
    if (!this.#ended()) this.#standing = { phase: 'paused' };
    fresh?.();
  }

  /** What was asked for cannot be done: all stays as it is. */
  #miss(remark: string): void {
    this.report(0, false, remark);
  }

  /** Runs to a place behind the present one, or until something happens. */
  #seek(end: number): void {
    const since = this.#world.instructions;
    this.#take(this.#run(end - since, { stop: { since, events: () => true } }), 'paused');
  }

  /**
   * Goes back by so many instructions. Nothing runs backwards: the world goes to the last checkpoint before, or is built again, and runs on, with the
   * same input, until just before where it was. Its clock is its count of instructions, so it is the same to the bit; and so is what comes, as long
   * as nobody types.
   * @param fresh called when what was shown is void; what there was until then follows
   */
  back(instructions: number, fresh: () => void): void {
    this.#travel(Math.max(0, this.#world.instructions - instructions));
    this.#arrive(fresh);
  }

  /** Goes back to where {@link stepToEvent} would have stopped before; to the beginning where nothing happened. */
  backToEvent(fresh: () => void): void {
    const here = this.#world.instructions;
    for (let from = here; !this.#seekBefore(from, here); from = Math.max(0, from - LARGEST_SEARCH)) {
      if (from > 0) continue;
      this.#travel(0);
      break;
    }
    this.#arrive(fresh);
  }

  /**
   * Goes to just before a line of a chapter runs: the next time behind where it stands, or the last time before. Where it does not run, forwards the run ends where it
   * ends, backwards nothing changes.
   */
  toLine(place: Place, backwards: boolean, fresh: () => void, clock = (): number => performance.now()): void {
    const here = this.#world.instructions;
    if (!backwards) {
      this.#search({ since: here, lines: [place] }, clock, fresh);
      return;
    }
    this.#transcript.gather(this.#world);
    const count = this.#transcript.countOf(place);
    if (count === 0) {
      this.#miss('That line has not run before.');
      return;
    }
    const rung = this.#ladder.lastWhere(({ transcript }) => transcript.countOf(place) < count);
    this.#travel(this.#firstWith(place, count, rung?.instructions ?? 0, here) - 1);
    this.#arrive(fresh);
  }

  /** The first place, above `low` and up to `high`, where a line has run so often. */
  #firstWith(place: Place, count: number, low: number, high: number): number {
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      this.#travel(middle);
      this.#transcript.gather(this.#world);
      if (this.#transcript.countOf(place) >= count) high = middle;
      else low = middle;
    }
    return high;
  }

  /** Looks for the last event of a stretch that ends at `from`, and stops behind it; false where that is not before `here`. */
  #seekBefore(from: number, here: number): boolean {
    this.#travel(Math.max(0, from - LARGEST_SEARCH));
    const places = new Set<number>();
    this.#listen = (event) => places.add(event.at);
    this.#runTo(from);
    this.#listen = null;
    for (const at of [...places].reverse()) {
      this.#travel(Math.max(0, at - 1));
      this.#seek(here);
      if (this.#world.instructions < here) return true;
    }
    return false;
  }

  /** The page learns where it is. */
  #arrive(fresh: () => void): void {
    if (!this.#ended()) this.#standing = { phase: 'paused' };
    fresh();
    this.report();
  }

  /** Goes to a place of the past. What came from outside comes again. */
  #travel(target: number): void {
    this.#ladder.cut(target);
    this.#asked.clear();
    this.#pacer = null;
    const rung = this.#ladder.last;
    this.#transcript = rung === null ? new Transcript(this.#names) : rung.transcript.copy();
    if (rung === null) this.#world = this.#build(this.#world.wholeLog());
    else this.#world.goTo(rung.world);
    this.#ranFor = 0;
    if (target - this.#world.instructions > 4 * NEAR) {
      this.#runTo(target - NEAR);
      this.#mark();
    }
    this.#runTo(target);
  }

  #runTo(target: number): void {
    const left = target - this.#world.instructions;
    this.#take(this.#run(left), 'paused');
  }

  /** Keeps this place, to come back to. */
  #mark(): void {
    this.#transcript.gather(this.#world);
    const world = this.#world.checkpoint(this.#ladder.last?.world ?? null);
    this.#ladder.add({ instructions: world.instructions, world, transcript: this.#transcript.copy() });
    while (this.#world.checkpointBytes > RUNG_BYTES && this.#ladder.thin());
    this.#ranFor = 0;
  }

  /** Keys are typed: as many at a time as the terminal has room for. */
  readonly #keys = new KeyFeed((input) => this.#world.input(input));

  /** Something comes from outside. Where the run had a future, it has it no more, unless this is an answer that nobody waits for. */
  input(input: OutsideInput, now: number): void {
    if ('id' in input && !this.#asked.delete(input.id)) return;
    if (this.#world.inputsAhead > 0) {
      const unused = this.#world.branch();
      this.#outside?.undoFrom(unused);
      this.#keys.clear();
    }
    if (input.kind === 'keys') this.#keys.type(input.tty, input.bytes);
    else if (input.kind === 'end-of-keys') this.#keys.end(input.tty);
    else this.#world.input(input);
    if (this.#standing.phase === 'idle') this.start(this.#pace, now);
    this.#askOutside();
  }

  /**
   * One slice of a running world.
   * @param now milliseconds of any clock, read again by `clock`
   * @returns milliseconds until the next slice should come; 0: at once
   */
  slice(clock: () => number): number {
    if (!this.running) return 0;
    const begin = clock();
    if (this.#ranFor >= Math.max(RUNG_MS, RUNG_RATIO * this.#rungTook)) {
      this.#mark();
      this.#rungTook = clock() - begin;
    }
    const wait = this.#pace === null ? this.#quickSlice(clock) : this.#pacedSlice(begin, this.#pace, clock);
    if (!this.running || (this.#pace !== null && this.#pace < 1000) || clock() - this.#reportedAt >= REPORT_MS) this.report(clock());
    return wait;
  }

  #quickSlice(clock: () => number): number {
    const before = this.#world.instructions;
    const begin = clock();
    const pacer = this.#keepPace();
    if (this.#due !== null) pacer?.wake(this.#due);
    const count = Math.min(this.#slice, pacer?.begin() ?? Infinity);
    const bounds = pacer === null ? this.#bounds(begin) : { until: pacer.until };
    const wait = this.#take(this.#run(count, { ...bounds, stop: this.#goal?.stops }), 'running');
    const ahead = this.running ? (pacer?.end() ?? 0) : 0;
    const took = Math.max(clock() - begin, 0.05);
    this.#ranFor += took;
    const done = this.#world.instructions - before;
    if (done >= this.#slice / 2) this.#slice = Math.min(LARGEST_SLICE, Math.max(1000, Math.round((this.#slice * SLICE_MS) / took)));
    return Math.max(wait, ahead);
  }

  /** The pacer, where one is wanted. */
  #keepPace(): Pacer | null {
    if (this.#outsideClock === null || this.#world.inputsAhead > 0) return (this.#pacer = null);
    return (this.#pacer ??= new Pacer(this.#world, this.#outsideClock));
  }

  #pacedSlice(begin: number, pace: number, clock: () => number): number {
    const entitled = Math.floor(((begin - this.#owedSince) * pace) / 1000);
    const now = Math.min(entitled - this.#owed, Math.ceil(pace / 10));
    if (now > 0) this.#take(this.#run(now, this.#bounds(begin)), 'running');
    this.#owed = entitled;
    this.#ranFor += clock() - begin;
    return Math.max(1000 / pace, 16);
  }

  /** How far the world's clock may go while all in it wait. */
  #bounds(now: number): RunBounds | undefined {
    if (this.#outsideClock === null) return undefined;
    const { time } = this.#world;
    const until = this.#clocks.world + (now - this.#clocks.real) * 1e6;
    if (until >= time && until - time <= FURTHEST_BEHIND * 1e6) return { until };
    this.#clocks = { real: now, world: time };
    return { until: time };
  }

  /** Sends what has gathered. @param single it is the answer to one step */
  report(now = 0, single = false, remark?: string): void {
    this.#reportedAt = now;
    const world = this.#world;
    this.#transcript.gather(world);
    this.#report({
      type: 'progress',
      standing: this.#standing,
      single,
      ...(remark !== undefined && { remark }),
      instructions: world.instructions,
      world: world.worldName,
      place: world.currentLine(),
      ...this.#transcript.take(),
      ...this.#news(),
    });
  }

  /** Runs for so many instructions, unless something ends it before. Requests are carried out on the way. */
  #run(instructions: number, bounds?: RunBounds): WorldStop {
    const end = this.#world.instructions + instructions;
    for (;;) {
      const { when } = this.#nextKeys ?? {};
      const until = typeof when === 'number' && when > this.#world.instructions ? Math.min(when, end) : end;
      const left = until - this.#world.instructions;
      const stop: WorldStop = left > 0 ? this.#world.run(left, Infinity, { ...bounds, requests: true }) : { reason: 'limit' };
      this.#askOutside();
      if (stop.reason === 'exited' || stop.reason === 'panicked') return stop;
      const due = stop.reason === 'idle' || (typeof when === 'number' && this.#world.instructions >= when);
      if (when !== undefined && due) this.#typeNext();
      else if (stop.reason !== 'request' && this.#world.instructions >= end) return stop;
      else if (stop.reason !== 'request' && stop.reason !== 'limit') return stop;
    }
  }

  get #nextKeys(): SceneKeys | undefined {
    return this.#plays && this.#world.inputsAhead === 0 ? this.#script[0] : undefined;
  }

  #typeNext(): void {
    const keys = this.#script.shift();
    if (keys === undefined) return;
    const { text, tty = 0 } = keys;
    this.#world.input(text === undefined ? { kind: 'end-of-keys', tty } : { kind: 'keys', tty, bytes: new TextEncoder().encode(text) });
  }

  /** From now on the scene's own keys are typed, each when it is time. */
  play(now: number): void {
    this.#plays = true;
    if (this.#standing.phase === 'idle') this.start(this.#pace, now);
  }

  /** Takes note of how a run ended. Returns how long the world has nothing to do. */
  #take(stop: WorldStop, otherwise: 'running' | 'paused'): number {
    this.#standing = { phase: otherwise };
    this.#due = stop.reason === 'waiting' ? stop.time : null;
    switch (stop.reason) {
      case 'exited':
        this.#standing = { phase: 'exited', status: stop.status };
        break;
      case 'panicked':
        this.#standing = { phase: 'panicked', message: stop.message };
        break;
      case 'idle':
        if (this.#asked.size > 0 && otherwise === 'running') return LONGEST_WAIT;
        this.#standing = { phase: 'idle' };
        break;
      case 'waiting':
        return Math.min(LONGEST_WAIT, Math.max(1, (stop.time - this.#world.time) / 1e6));
      case 'stop':
        if (this.#goal !== null) this.#reached(stop.hit);
        break;
      case 'limit':
      case 'request':
        break;
    }
    if (!this.running) this.#goal = null;
    return 0;
  }

  #askOutside(): void {
    for (const request of this.#world.takeRequests()) {
      if (request.kind === 'more-keys') {
        this.#keys.more(request.tty);
        continue;
      }
      const answer = this.#outside?.ask(request) ?? null;
      if (answer !== null) this.#world.input(answer);
      else if ('id' in request) this.#asked.add(request.id);
    }
  }

  #ended(): boolean {
    return this.#standing.phase === 'exited' || this.#standing.phase === 'panicked';
  }
}

function isStream(name: Sight): name is StreamName {
  return name === 'events' || name === 'lanes';
}
