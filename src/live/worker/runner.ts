/** Drives a world in slices short enough that a request never waits, reports what it did, and takes it to any place of its past. */
import type { Journey, OutsideInput, Place as RunPlace, RunBounds, SceneKeys, Stops, ViewName, WorldEvent, WorldStop } from '#world';
import { comparePlaces, drive, Journeys, serveAll, Timeline } from '#world';
import type { Looked, News, Place, Progress, Searching, Sight, Standing, StreamName } from '../protocol.ts';
import { restingAs, standingAt, whoStands, withLast } from './ends.ts';
import { Gait, LONGEST_WAIT, now } from './gait.ts';
import type { Run } from './gait.ts';
import { Border } from './outside.ts';
import { RungWatch } from './rung_watch.ts';
import { isStream, Transcript } from './transcript.ts';
import { AT_ONCE_MS, EACH_STEP, walkOn, WAY_MS } from './trip.ts';
import type { Trip } from './trip.ts';
import type { Runnable, RunnerOptions } from './runnable.ts';

/** Time between two reports of a running world. */
const REPORT_MS = 40;

/** One world at work. */
export class Runner {
  readonly #timeline: Timeline<Runnable, Transcript>;
  readonly #journeys: Journeys<Runnable, Transcript>;
  readonly #report: (report: Progress | Looked | Searching) => void;
  readonly #border: Border;
  readonly #gait: Gait;
  readonly #fresh: () => void;
  readonly #rungWatch = new RungWatch();
  #standing: Standing = { phase: 'paused' };
  /** What a running world is to stop at, whether that was looked for, and what is to be told when it must go back for it. */
  #goal: { readonly stops: Stops; readonly sought: boolean; readonly fresh: () => void; readonly more: number } | null = null;
  /** Where a run stops by itself; asked when it begins, and by {@link aim}. */
  breakpoints: () => Omit<Stops, 'since'> | null = () => null;
  /** The farthest that was ever reached. */
  #farthest: RunPlace | null = null;
  readonly #beginning: RunPlace;
  #trip: Trip | null = null;
  #reportedAt = 0;
  /** What is still to be typed, and whether it is. */
  readonly #script: SceneKeys[];
  #plays = false;
  /** What somebody watches. */
  #views: readonly ViewName[] = [];
  #streams: ReadonlySet<StreamName> = new Set();

  /**
   * @param build makes the world; its events go to the function given
   * @param report hears of progress
   */
  constructor(
    build: (onEvent: (event: WorldEvent) => void) => Runnable,
    report: (report: Progress | Looked | Searching) => void,
    { names, outside, outsideClock, countsTicks = false, keys = [], watched = [], fresh = () => undefined, opened = null }: RunnerOptions,
  ) {
    this.#report = report;
    this.#timeline = new Timeline(build, new Transcript(names));
    this.#journeys = new Journeys(this.#timeline);
    this.#beginning = this.#timeline.place;
    this.#border = new Border(outside ?? null, (input) => this.world.input(input));
    this.#gait = new Gait(outsideClock ?? null, countsTicks);
    this.#fresh = fresh;
    this.#script = [...keys];
    this.#watch(watched);
    // Who goes on knows what day it is.
    if (opened === null) this.#gait.setDate(this.world);
    else if (opened.snapshot !== null) this.#timeline.open(opened.snapshot, Transcript.of(names, opened.transcript));
    this.#standing = restingAs(this.world);
  }

  /** What runs, to be looked at. */
  get world(): Runnable {
    return this.#timeline.world;
  }

  get #transcript(): Transcript {
    return this.#timeline.fold;
  }

  get running(): boolean {
    return this.#standing.phase === 'running';
  }

  /** A run has met what it was to stop at, in the middle of what the Host does, and is on its way to stand there. */
  get settlesMidway(): boolean {
    return this.#trip !== null && this.#trip.from === null && this.#trip.done === 0;
  }

  /** Begins to run. @param pace instructions per second, or null */
  start(pace: number | null, now: number): void {
    this.#giveUp();
    if (this.#ended()) return;
    this.#goal = null;
    this.aim();
    if (this.#timeline.leave()) this.#fresh();
    // A world in which nobody had anything to do was not stopped.
    this.#gait.begin(this.world, pace, now, this.#standing.phase !== 'idle');
    this.#standing = { phase: 'running' };
  }

  /** A run stops at the breakpoints as they are now; one that looks for something goes on looking for that. */
  aim(): void {
    if (this.#trip !== null || this.#goal?.sought === true) return;
    const stops = this.breakpoints();
    const [since, midway] = [this.#timeline.place, this.world.midway !== null];
    this.#goal = stops && { stops: { ...stops, since, midway }, sought: false, fresh: this.#fresh, more: 0 };
  }

  /** What reports are to show from now on. Who begins to watch while nothing runs is shown it at once. */
  look(at: readonly Sight[]): void {
    if (this.#trip?.vain === null) this.#giveUp();
    this.#watch(at);
    if (!this.running) this.#report({ type: 'looked', ...this.#news() });
  }

  #watch(at: readonly Sight[]): void {
    this.#streams = new Set(at.filter(isStream));
    this.#views = at.filter((name) => !isStream(name));
  }

  #news(): News {
    return { views: this.world.look(this.#views), ...this.#transcript.watched(this.#streams) };
  }

  /** Stops: a run where it is; who was on his way somewhere is where he was before. */
  pause(): void {
    this.#giveUp();
    this.#goal = null;
    if (this.running) this.#standing = { phase: 'paused' };
    this.report();
  }

  /** The farthest place that was ever reached in this run. */
  get farthest(): RunPlace {
    return this.#farthest ?? this.#timeline.place;
  }

  /** Instructions at which there is a checkpoint. */
  get rungs(): readonly number[] {
    return this.#timeline.rungs.map(({ world }) => world.place.at);
  }

  /** Runs exactly so many instructions. In the middle of what the Host does, that is brought to its end before. */
  step(instructions: number): void {
    this.#giveUp();
    if (this.#ended()) return;
    if (this.#timeline.settle()) this.#fresh();
    this.#take(this.#run(instructions), 'paused');
    this.report(0, true);
  }

  /** Runs on until something happens that the event list shows. */
  stepToEvent(clock = now): void {
    this.search({ events: () => true }, () => undefined, clock);
  }

  /** One step: to the next line of TypeScript, or the next instruction, whichever comes first. */
  advance(fresh: () => void): void {
    this.#giveUp();
    if (this.#ended()) return;
    if (this.world.midway !== null) fresh();
    for (;;) {
      const before = this.#timeline.place;
      const stop = this.#timeline.advance(EACH_STEP, 1, { requests: true });
      this.#askOutside();
      if (stop?.reason === 'request' && comparePlaces(before, this.#timeline.place) !== 0) continue;
      // Whoever waits for keys of the script is given them.
      this.#take(stop?.reason === 'idle' && this.#plays ? this.#run(1) : (stop ?? { reason: 'limit' }), 'paused');
      break;
    }
    this.report(0, true);
  }

  /** Runs until a condition comes true: in slices, after the first few milliseconds. @param more instructions that are still to run then, where the world rests */
  search(stops: Omit<Stops, 'since'>, fresh: () => void, clock = now, more = 0): void {
    this.#giveUp();
    if (this.#ended() || this.#standing.phase === 'idle') {
      this.report(0, false, 'Nothing runs any more.');
      return;
    }
    const [since, midway] = [this.#timeline.place, this.world.midway !== null];
    this.start(null, clock());
    this.#goal = { stops: { ...stops, since, midway }, sought: true, fresh, more };
    for (const end = clock() + AT_ONCE_MS; this.running && clock() < end; ) this.slice(clock);
  }

  /** What a run was to stop at has come. In the middle of what the Host does one can stand only where it is known how that began. */
  #reached(): void {
    const { fresh, more } = this.#goal ?? { fresh: this.#fresh, more: 0 };
    this.#goal = null;
    this.#standing = { phase: 'paused' };
    if (this.world.midway === null) {
      if (more > 0) this.#take(this.#run(more), 'paused');
      return;
    }
    this.#gait.jump();
    this.#trip = { journey: this.#journeys.toPlace(this.#timeline.place, true), from: null, fresh, vain: '', done: 0 };
    this.#standing = { phase: 'running' };
  }

  /** Goes back by so many instructions, in slices, after the first few milliseconds. @param fresh called when what was shown is void; what there was until then follows */
  back(instructions: number, fresh: () => void, clock = now): void {
    // In the middle of what the Host does, the instruction before is the one that led there.
    this.travel((journeys) => journeys.toCount(Math.max(0, this.world.instructions - instructions)), '', fresh, clock);
  }

  /** Goes back to where {@link stepToEvent} would have stopped before; to the beginning where nothing happened. */
  backToEvent(fresh: () => void, clock = now): void {
    this.travel((journeys) => journeys.toEventBefore(), '', fresh, clock);
  }

  /** Goes to so many instructions, at rest: back, or on, as far as the run ever was. */
  toCount(instructions: number, fresh: () => void, clock = now): void {
    this.travel((journeys) => journeys.toCount(Math.max(0, instructions)), '', fresh, clock);
  }

  /** Goes to just before a line runs: the next time, or the last time before. Where it does not run, forwards the run ends where it ends, backwards nothing changes. */
  toLine(place: Place, backwards: boolean, fresh: () => void, clock = now): void {
    if (!backwards) {
      this.search({ lines: [place] }, fresh, clock);
      return;
    }
    this.travel((journeys) => journeys.toLineBefore(place), 'That line has not run before.', fresh, clock);
  }

  /** Goes some way along the timeline. @param vain what is said where it leads nowhere; then nothing has moved */
  travel(way: (journeys: Journeys<Runnable, Transcript>) => Journey, vain: Trip['vain'], fresh: () => void, clock = now): void {
    this.#giveUp();
    const from = { point: this.#timeline.standpoint(), standing: this.#standing };
    this.#trip = { journey: way(this.#journeys), from, fresh, vain, done: 0 };
    this.#standing = { phase: 'running' };
    this.#gait.jump();
    this.#walk(clock, AT_ONCE_MS);
  }

  /** Walks for so many milliseconds. */
  #walk(clock: () => number, milliseconds: number): void {
    const trip = this.#trip;
    if (trip === null) return;
    const found = walkOn(trip, clock, milliseconds);
    if (found !== null) this.#arrive(trip, found);
    if (found !== null || trip.vain === null || clock() - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = clock();
    this.#report({ type: 'searching', done: trip.done });
  }

  /** The way is gone. */
  #arrive(trip: Trip, found: boolean): void {
    this.#trip = null;
    if (!found && trip.from !== null && trip.vain !== '') {
      this.#return(trip.from);
      if (trip.vain !== null) this.report(0, false, typeof trip.vain === 'string' ? trip.vain : trip.vain());
      return;
    }
    if (trip.from !== null) this.#timeline.letGo(trip.from.point);
    this.#standing = restingAs(this.world);
    this.#border.jump();
    this.#rungWatch.jump();
    trip.fresh();
    this.report();
  }

  /** Somebody wants something else: who was on his way is where he was before. */
  #giveUp(): void {
    const trip = this.#trip;
    if (trip === null) return;
    this.#trip = null;
    if (trip.from !== null) {
      this.#return(trip.from);
      return;
    }
    this.#timeline.goBelow(this.#timeline.place);
    this.#standing = { phase: 'paused' };
    trip.fresh();
  }

  #return({ point, standing }: NonNullable<Trip['from']>): void {
    this.#timeline.returnTo(point);
    this.#standing = standing;
    this.#askOutside();
  }

  /** Looks at the world at rest, and at what there was to see until there. Nothing moves. */
  atRest<T>(look: (world: Runnable, transcript: Transcript) => T): T {
    this.#giveUp();
    return this.#timeline.atRest(look);
  }

  /** Something comes from outside. Where the run had a future, it has it no more, unless this is an answer that nobody waits for. */
  input(input: OutsideInput, begins: number): void {
    if (this.#border.isStray(input)) return;
    this.#giveUp();
    if (this.#standing.phase === 'running') this.#gait.catchUp(this.world, now, this.#runOn);
    if (this.#timeline.settle()) this.#fresh();
    const unused = this.#timeline.branch();
    if (unused !== null) this.#farthest = this.#timeline.place;
    if (unused !== null) this.#border.branch(unused);
    this.#border.enter(input);
    if (this.#standing.phase === 'idle') this.start(this.#gait.pace, begins);
    this.#askOutside();
  }

  /** One slice of a running world. Returns the milliseconds until the next slice should come; 0: at once. */
  slice(clock: () => number): number {
    if (!this.running) return 0;
    if (this.#trip !== null) {
      this.#walk(clock, WAY_MS);
      return 0;
    }
    if (this.#rungWatch.isDue) this.#rungWatch.make(() => this.#timeline.mark(), clock);
    const begin = clock();
    const wait = this.#gait.slice(this.world, clock, this.#runOn);
    this.#rungWatch.ran(clock() - begin);
    if (this.#trip !== null) return 0;
    const { pace } = this.#gait;
    if (!this.running || (pace !== null && pace < 1000) || clock() - this.#reportedAt >= REPORT_MS) this.report(clock());
    return wait;
  }

  /** Sends what has gathered. @param single it is the answer to one step */
  report(now = 0, single = false, remark?: string): void {
    if (this.#trip?.vain === null) this.#giveUp();
    this.#reportedAt = now;
    if (this.#farthest === null || comparePlaces(this.#timeline.place, this.#farthest) > 0) this.#farthest = this.#timeline.place;
    const world = this.world;
    this.#transcript.gather(world);
    this.#report({
      type: 'progress',
      standing: this.#standing,
      single,
      ...(remark !== undefined && { remark }),
      instructions: world.instructions,
      where: world.place(),
      atBeginning: world.midway === null && comparePlaces(world.place(), this.#beginning) === 0,
      ...whoStands(world),
      ...withLast(this.#transcript.take(), world),
      ...this.#news(),
    });
  }

  /** A part of a slice. */
  readonly #runOn: Run = (instructions, bounds) => {
    const stop = this.#run(instructions, { ...bounds, stop: this.#goal?.stops });
    return { wait: this.#take(stop, 'running'), stop };
  };

  /** Runs for so many instructions, unless something ends it before. Requests are carried out on the way. */
  #run(instructions: number, bounds?: RunBounds): WorldStop {
    const script = this.#plays ? this.#script : undefined;
    return drive(this.world, this.world.instructions + instructions, { serve: (request) => this.#border.serve(request), script }, bounds);
  }

  /** From now on the scene's own keys are typed, each when it is time. */
  play(now: number): void {
    this.#plays = true;
    if (this.#standing.phase === 'idle') this.start(this.#gait.pace, now);
  }

  /** Takes note of how a run ended. Returns how long the world has nothing to do. */
  #take(stop: WorldStop, otherwise: 'running' | 'paused'): number {
    this.#standing = { phase: otherwise };
    switch (stop.reason) {
      case 'exited':
      case 'panicked':
        this.#standing = standingAt(stop);
        break;
      case 'idle':
        if (this.#border.waits && otherwise === 'running') return LONGEST_WAIT;
        this.#standing = standingAt(stop);
        break;
      case 'waiting':
        return Math.min(LONGEST_WAIT, Math.max(1, (stop.time - this.world.time) / 1e6));
      case 'stop':
        if (this.#goal !== null) this.#reached();
        break;
      case 'limit':
      case 'request':
        break;
    }
    if (!this.running) this.#goal = null;
    return 0;
  }

  #askOutside(): void {
    serveAll(this.world, { serve: (request) => this.#border.serve(request) });
  }

  #ended(): boolean {
    return this.#standing.phase === 'exited' || this.#standing.phase === 'panicked';
  }
}
