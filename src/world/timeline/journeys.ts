/**
 * Ways along a timeline. Each is walked in pieces, a few milliseconds long, so that whoever walks it can do something else in between, tell how far it is, and give it up; `yield` hands
 * over how much of it is done, from 0 to 1. It returns whether it came to where it was to go.
 */
import type { Frame, LinePosition } from '#tangle/runtime';
import type { RunBounds, WorldStop } from '../bounds.ts';
import type { Hit, Stops } from '../stops.ts';
import { comparePlaces } from './place.ts';
import type { Place } from './place.ts';
import type { Fold, Rung, Timeline, Traveller } from './timeline.ts';

/** A search through a run, a piece at a time: it yields how far it has come, and returns whether it arrived. */
export type Journey = Generator<number, boolean>;

/** Instructions and steps of a piece. */
const PIECE = 200_000;
const PIECE_STEPS = 5_000;
/** Who goes back once may go back again: a way longer than a few times this gets a checkpoint so many instructions before its end. */
const NEAR = 50_000;
/** A stretch that is longer than so many, and is looked through for what happened last in it, gets so many checkpoints: of its last part much is asked next. */
const LONG = 800_000;
const PARTS = 4;
/** Instructions in which a step before is looked for at first, and how many times as many the next time. */
const NEAREST = 256;
const NEARER = 8;

/** What something is known to be, and where it became it: behind one place, and before another. */
type Known = number | string | null;
interface Change {
  from: Place;
  to: Place;
  is: Known;
}

/** Each line of TypeScript. */
const EACH: Pick<Stops, 'where'> = { where: () => true };

/** The ways along one timeline. They know of nothing beyond what is known of it: who looks further runs on, with {@link Stops}. */
export class Journeys<W extends Traveller, F extends Fold<F>> {
  readonly #timeline: Timeline<W, F>;

  constructor(timeline: Timeline<W, F>) {
    this.#timeline = timeline;
  }

  /** To so many instructions, at rest, whence the Host has done what it does there. */
  *toCount(instructions: number): Journey {
    this.#timeline.goBelow(instructions);
    return yield* this.#on(instructions);
  }

  /**
   * To a place, exactly: at rest where a run can rest there, else in the middle of what the Host does. Where it is none of this run, it ends somewhere behind it.
   * @param amid never at rest: to just before the line at that place
   */
  *toPlace(place: Place, amid = false): Journey {
    const timeline = this.#timeline;
    timeline.goBelow(place);
    const until = place.time;
    if (place.at > 0) yield* this.#on(place.at - 1, { until });
    for (let before: Place | null = null; ; ) {
      const here = timeline.place;
      const order = comparePlaces(here, place);
      if (order > 0 || (order === 0 && (!amid || timeline.world.midway !== null))) return order === 0;
      if (before !== null && comparePlaces(here, before) === 0) return false;
      before = here;
      // Only the last step can have the place in its middle; a Guest's instruction ends one, too.
      const steps = here.at < place.at ? Infinity : Math.min(PIECE_STEPS, place.step - here.step - 1);
      if (here.at === place.at && steps > 0) timeline.run(1, steps, { until });
      else if (timeline.into(place, 1, here.at < place.at ? Infinity : 1, { until }) === null) return true;
      yield 1;
    }
  }

  /**
   * To where the last step would have led that was less than this one: to the line before, or the instruction.
   * @param counts which lines are steps; null: all of them, and each instruction
   * @param lines the lines among which they are, of machine code, too; by default, all of TypeScript
   */
  *toStepBefore(counts: ((hit: Hit) => boolean) | null, lines?: readonly LinePosition[]): Journey {
    const { rungs, world, place: here } = this.#timeline;
    if (counts === null) {
      // At one count of instructions, the Host's lines come behind the place of rest.
      const amid = world.midway !== null || here.line > 0;
      const from = amid ? here.at : here.at - 1;
      const hit = yield* this.#lastSince(from, here, { ...EACH, handover: true }, () => true);
      if (hit !== null) return yield* this.toPlace(hit.place, isMidway(hit));
      yield* this.#toRest(from);
      return comparePlaces(this.#timeline.place, here) < 0 || amid;
    }
    for (let near = NEAREST; ; near *= NEARER) {
      const from = here.at - near;
      const hit = yield* this.#lastSince(from, here, lines === undefined ? EACH : { lines }, counts);
      if (hit !== null) return yield* this.toPlace(hit.place, isMidway(hit));
      if (rungs[0].place.at >= from) return false;
    }
  }

  /** The last line that counts, from so many instructions on and before a place; or where the processor was handed over, if that is wanted. */
  *#lastSince(
    from: number,
    here: Place,
    conditions: Omit<Stops, 'since' | 'notes'>,
    counts: (hit: Hit) => boolean,
  ): Generator<number, Hit | null> {
    const timeline = this.#timeline;
    let last: Hit | null = null;
    let end = here;
    const note = (hit: Hit): void => {
      if (comparePlaces(hit.place, end) < 0 && counts(hit)) last = hit;
    };
    const stops = { ...conditions, debug: true };
    for (const rung of timeline.rungs.filter(({ place }) => place.at >= from && comparePlaces(place, here) < 0).reverse()) {
      yield* this.#note(rung, end, stops, note, 0);
      if (last !== null) return last;
      end = rung.place;
    }
    yield* this.#toRest(from);
    if (comparePlaces(timeline.place, end) >= 0) return null;
    timeline.mark();
    const rung = timeline.rungs.findLast(({ place }) => comparePlaces(place, timeline.place) === 0);
    if (rung !== undefined) yield* this.#note(rung, end, stops, note, 0);
    return last;
  }

  /** To so many instructions, when the Host has done nothing there yet; or to the beginning. */
  *#toRest(instructions: number): Journey {
    this.#timeline.goBelow({ at: instructions, step: -1, time: -1, line: -1 });
    return yield* this.#on(instructions);
  }

  /** To the last instruction of a Guest's before this place; others have few between two of them. @param inGuest whether one that counts is the next */
  *toGuestBefore(inGuest: () => boolean): Journey {
    const here = this.#timeline.place;
    const end = this.#timeline.world.midway === null && here.line === 0 ? here.at - 1 : here.at;
    yield* this.toCount(end);
    if (inGuest()) return true;
    for (let near = NEAREST; ; near *= NEARER) {
      const from = Math.max(0, end - near);
      yield* this.toCount(from);
      const begin = this.#timeline.place.at;
      let last = -1;
      for (let at = begin; at < end; at = this.#timeline.place.at) {
        if (inGuest()) last = at;
        this.#timeline.run(1);
        if (this.#timeline.place.at === at) break;
      }
      if (last >= 0) return yield* this.toCount(last);
      if (begin > from || from === 0) return false;
    }
  }

  /**
   * Where something last became what it is: the instruction before which it was something else, and the one before which it was as it is now; between them there may be some at which it
   * means nothing. Ends nowhere in particular.
   * @param read what it is at a place of rest; undefined: there it means nothing
   * @param most instructions of the past that are looked through, at least
   */
  *changeBefore<T extends number | string>(
    read: () => T | undefined,
    most: number,
  ): Generator<number, { readonly from: number; readonly to: number } | null> {
    const timeline = this.#timeline;
    const end = timeline.place.at;
    for (let near = NEAREST; ; near *= NEARER) {
      const begin = Math.max(0, end - near);
      yield* this.toCount(begin);
      let last: { from: number; to: number } | null = null;
      let known = read();
      let since = timeline.place.at;
      for (let at = since; at < end; at = timeline.place.at) {
        timeline.run(1);
        if (timeline.place.at === at) break;
        const value = read();
        if (value !== undefined) {
          if (known !== undefined && value !== known) last = { from: since, to: timeline.place.at };
          known = value;
          since = timeline.place.at;
        }
        if (at % NEAREST === 0) yield 1 - near / Math.max(near, most);
      }
      if (last !== null || begin === 0 || near >= most) return last;
    }
  }

  /**
   * To just before the line of TypeScript that last made something what it is: of what only the Host and its like remember. Where none did, nowhere in particular.
   * @param read what it is, at rest or in the midst of things; what differs by `===` is another. Null: there is no such thing; that it came to be is no change
   */
  *toLineOfChange(read: () => Known): Journey {
    const timeline = this.#timeline;
    let after = read();
    for (const [done, rung, end] of this.#segments()) {
      timeline.goToRung(rung);
      const before = read();
      const change = yield* this.#lastChange(rung, end, read, { events: () => true }, before, after, done);
      after = before;
      if (change === null) continue;
      yield* this.#toRest(change.from.at);
      timeline.mark();
      const near = timeline.rungs.findLast(({ place }) => comparePlaces(place, timeline.place) <= 0) ?? rung;
      const line = yield* this.#lastChange(near, change.to, read, { ...EACH, debug: true }, read(), change.is, done);
      return line !== null && (yield* this.toPlace(line.from, true));
    }
    return false;
  }

  /** Between which two of what comes true something changed last, before a place; null: it did not. */
  *#lastChange(
    rung: Rung<F>,
    end: Place,
    read: () => Known,
    stops: Omit<Stops, 'since' | 'notes'>,
    before: Known,
    after: Known,
    done: number,
  ): Generator<number, Change | null> {
    let change: Change | null = null;
    let [known, since] = [before, rung.place];
    const look = (place: Place, is: Known): void => {
      if (is !== known && known !== null) change = { from: since, to: place, is };
      [known, since] = [is, place];
    };
    yield* this.#note(rung, end, stops, ({ place }) => comparePlaces(place, end) < 0 && look(place, read()), done);
    look(end, after);
    return change;
  }

  /** To where a forward step from event to event would have stopped before; to the beginning where nothing happened. */
  *toEventBefore(): Journey {
    const timeline = this.#timeline;
    const here = timeline.world.instructions;
    for (const [done, rung, end] of this.#segments()) {
      const counts = new Set<number>();
      yield* this.#note(rung, end, { events: () => true }, ({ place }) => void counts.add(place.at), done, end.at - rung.place.at > LONG);
      for (const at of [...counts].sort((a, b) => b - a)) {
        yield* this.toCount(Math.max(0, at - 1));
        const left = here - timeline.world.instructions;
        if (left > 0) timeline.run(left, Infinity, { stop: { since: timeline.place, events: () => true } });
        if (timeline.world.instructions < here) return true;
      }
    }
    return yield* this.toCount(0);
  }

  /** To just before a line ran last. */
  *toLineBefore(line: LinePosition): Journey {
    const timeline = this.#timeline;
    timeline.fold.gather(timeline.world);
    let count = timeline.fold.countOf(line);
    for (const [done, rung, end] of this.#segments()) {
      const before = rung.fold.countOf(line);
      if (before === count) continue;
      count = before;
      let last: Hit | null = null;
      const note = (hit: Hit): void => {
        if (comparePlaces(hit.place, end) < 0) last = hit;
      };
      yield* this.#note(rung, end, { lines: [line] }, note, done);
      if (last !== null) return yield* this.toPlace((last as Hit).place, isMidway(last));
    }
    return false;
  }

  /**
   * To where conditions came true last, at rest; of what is there before it is done, just before. Where they never did, nowhere in particular.
   * @param stops which
   * @param counts whether a hit is one; asked in the moment in which it happens, with the functions that have not returned then, where a debug build runs
   * @returns the last hit before this place, or null
   */
  *toHitBefore(
    stops: Pick<Stops, 'addresses' | 'data' | 'debug'>,
    counts: (hit: Hit, frames: () => readonly Frame[]) => boolean,
  ): Generator<number, Hit | null> {
    for (const [done, rung, end] of this.#segments()) {
      let last: Hit | null = null;
      const note: NonNullable<Stops['notes']> = (hit, frames) => {
        // An access is told behind its instruction: who stands there has it just before him.
        const order = comparePlaces(hit.place, end);
        if ((order < 0 || (order === 0 && hit.by === 'data')) && counts(hit, frames)) last = hit;
      };
      yield* this.#note(rung, end, stops, note, done);
      if (last !== null) {
        yield* this.toCount((last as Hit).place.at);
        return last;
      }
    }
    return null;
  }

  /**
   * To where a forward run with these conditions would have stopped last before this place; where it would not have, nowhere in particular.
   */
  *toStopBefore(stops: Omit<Stops, 'since' | 'notes'>): Journey {
    const timeline = this.#timeline;
    const here = timeline.place;
    for (const [done, rung, end] of this.#segments()) {
      let last: Hit | null = null;
      const note = (hit: Hit): void => {
        // Of what happens one hears behind it, at the next instruction.
        const before = hit.by === 'event' ? hit.place.at + 1 < here.at : comparePlaces(hit.place, here) < 0;
        if (before && comparePlaces(hit.place, end) <= 0) last = hit;
      };
      yield* this.#note(rung, end, stops, note, done);
      if (last === null) continue;
      const { place, by } = last as Hit;
      if (by !== 'event') return yield* this.toPlace(by === 'data' ? { ...place, line: 0 } : place, isMidway(last));
      yield* this.toCount(Math.max(0, place.at - 1));
      timeline.run(here.at - timeline.place.at, Infinity, { stop: { ...stops, since: { ...place, line: 0 } } });
      return true;
    }
    return false;
  }

  /**
   * Hears of all that comes true in a run up to a place, and ends somewhere.
   * @param from so many instructions, before which nothing need be heard; by default all is
   * @returns false: nobody wants to stay there
   */
  *hearAll(end: Place, stops: Omit<Stops, 'since' | 'notes'>, notes: NonNullable<Stops['notes']>, from = 0): Journey {
    const { rungs } = this.#timeline;
    const rung = rungs.findLast(({ place }) => place.at <= from) ?? rungs[0];
    for (const _ of this.#note(rung, end, stops, notes, 0)) yield Math.min(1, this.#timeline.place.at / Math.max(1, end.at));
    return false;
  }

  /** The pieces of the past between checkpoints, the latest first: how many of all are done, where it begins, where it ends. */
  *#segments(): Generator<[done: number, rung: Rung<F>, end: Place]> {
    let end = this.#timeline.place;
    const rungs = this.#timeline.rungs.filter(({ place }) => comparePlaces(place, end) < 0);
    for (let n = rungs.length - 1; n >= 0; n--) {
      yield [1 - (n + 1) / rungs.length, rungs[n], end];
      end = rungs[n].place;
    }
  }

  /** Hears of all that comes true between a checkpoint and a place. @param keeps leaves checkpoints on the way */
  *#note(
    rung: Rung<F>,
    end: Place,
    stops: Omit<Stops, 'since' | 'notes'>,
    notes: NonNullable<Stops['notes']>,
    done: number,
    keeps = false,
  ): Generator<number> {
    const timeline = this.#timeline;
    timeline.goToRung(rung);
    const stop: Stops = { ...stops, since: rung.place, notes };
    const part = keeps ? (end.at - rung.place.at) / PARTS : Infinity;
    let next = rung.place.at + part;
    for (let before: Place | null = null; ; ) {
      const here = timeline.place;
      if (comparePlaces(here, end) >= 0 || (before !== null && comparePlaces(here, before) === 0)) return;
      before = here;
      if (here.at < end.at) timeline.run(Math.min(PIECE, end.at - here.at), PIECE_STEPS, { until: end.time, stop });
      else timeline.run(1, 1, { until: end.time, stop });
      if (timeline.place.at >= next && timeline.place.at < end.at) {
        timeline.mark();
        next += part;
      }
      yield done;
    }
  }

  /** On to so many instructions, or to where the run ends before. */
  *#on(instructions: number, bounds: RunBounds = {}): Journey {
    const timeline = this.#timeline;
    const { world } = timeline;
    const begin = world.instructions;
    const total = Math.max(1, instructions - begin);
    let marks = total > 4 * NEAR;
    while (world.instructions < instructions) {
      const near = marks ? instructions - NEAR : instructions;
      if (world.instructions >= near) {
        timeline.mark();
        marks = false;
        continue;
      }
      const before = timeline.place;
      const stop: WorldStop = timeline.run(Math.min(PIECE, near - world.instructions), PIECE_STEPS, bounds);
      if (stop.reason === 'exited' || stop.reason === 'panicked') return false;
      if (comparePlaces(before, timeline.place) === 0) return false;
      yield (world.instructions - begin) / total;
    }
    return true;
  }
}

/** Whether it is in the middle of what the Host does. */
function isMidway(hit: Hit): boolean {
  return hit.by === 'line' && hit.midway;
}

/** Walks to the end at once. */
export function walk(journey: Journey): boolean {
  for (;;) {
    const { done, value } = journey.next();
    if (done === true) return value;
  }
}
