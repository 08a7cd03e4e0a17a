/** Checkpoints of a run: close together near where it is, ever farther apart in the past. */
import { comparePlaces } from './place.ts';
import type { Place } from './place.ts';

/** What a rung needs to say of itself. */
interface Placed {
  readonly place: Place;
}

/** Rungs in the order of their places; those that are given up are handed back to be freed. */
export class Ladder<T extends Placed> {
  #rungs: T[] = [];
  readonly #most: number;
  readonly #drop: (rung: T) => void;

  /**
   * @param most how many rungs to keep at most
   * @param drop hears of each rung that is given up
   */
  constructor(most: number, drop: (rung: T) => void) {
    this.#most = most;
    this.#drop = drop;
  }

  get length(): number {
    return this.#rungs.length;
  }

  /** The furthest rung. */
  get last(): T | null {
    return this.#rungs.at(-1) ?? null;
  }

  /** In order. */
  get rungs(): readonly T[] {
    return this.#rungs;
  }

  /** Adds a rung where it belongs (one at the same place is replaced), and gives one up if there are too many. */
  add(rung: T): void {
    const at = this.#rungs.findLastIndex(({ place }) => comparePlaces(place, rung.place) < 0) + 1;
    const same = at < this.#rungs.length && comparePlaces(this.#rungs[at].place, rung.place) === 0;
    for (const replaced of this.#rungs.splice(at, same ? 1 : 0, rung)) this.#drop(replaced);
    while (this.#rungs.length > this.#most) this.thin();
  }

  /** The furthest rung at or before a place. */
  below(place: Place): T | null {
    return this.#rungs.findLast((rung) => comparePlaces(rung.place, place) <= 0) ?? null;
  }

  /** The furthest rung at or before so many instructions, if a run can still come to just so many from there. */
  belowCount(instructions: number): T | null {
    return this.#rungs.findLast(({ place }) => place.at <= instructions) ?? null;
  }

  /** Gives up all rungs behind a place: that future will never come. */
  cut(place: Place): void {
    while (this.last !== null && comparePlaces(this.last.place, place) > 0) this.#drop(this.#rungs.pop() as T);
  }

  /**
   * Gives up the rung that is missed least: the one whose neighbours are closest, in proportion to how far back it lies. The first and the last stay.
   * @returns false where there is none to give up
   */
  thin(): boolean {
    const now = this.last?.place.at ?? 0;
    let least = -1;
    let price = Infinity;
    for (let i = 1; i < this.#rungs.length - 1; i++) {
      const gap = this.#rungs[i + 1].place.at - this.#rungs[i - 1].place.at;
      const loss = gap / (now - this.#rungs[i].place.at + 1);
      if (loss < price) [least, price] = [i, loss];
    }
    if (least < 0) return false;
    this.#drop(this.#rungs.splice(least, 1)[0]);
    return true;
  }

  /** Gives up everything. */
  clear(): void {
    for (const rung of this.#rungs.splice(0)) this.#drop(rung);
  }
}
