/** Checkpoints of a run: close together near the present, ever farther apart in the past. */

/** What a rung needs to say of itself. */
interface Placed {
  /** Instructions retired there. */
  readonly instructions: number;
}

/** Rungs in ascending order; those that are given up are handed back to be freed. */
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

  /** The latest rung. */
  get last(): T | null {
    return this.#rungs.at(-1) ?? null;
  }

  /** Where the rungs are. */
  get places(): number[] {
    return this.#rungs.map(({ instructions }) => instructions);
  }

  /** Adds a rung above all others (one at the same place is replaced), and gives one up if there are too many. */
  add(rung: T): void {
    this.cut(rung.instructions - 1);
    this.#rungs.push(rung);
    while (this.#rungs.length > this.#most) this.thin();
  }

  /** The highest rung at or below a place. */
  below(instructions: number): T | null {
    return this.#rungs.findLast((rung) => rung.instructions <= instructions) ?? null;
  }

  /** The highest rung for which something holds, if it holds for all below it, too. */
  lastWhere(holds: (rung: T) => boolean): T | null {
    return this.#rungs.findLast(holds) ?? null;
  }

  /** Gives up all rungs above a place: that future may never come. */
  cut(instructions: number): void {
    while ((this.last?.instructions ?? -1) > instructions) this.#drop(this.#rungs.pop() as T);
  }

  /**
   * Gives up the rung that is missed least: the one whose neighbours are closest, in proportion to how far back it lies. The first and the last stay.
   * @returns false where there is none to give up
   */
  thin(): boolean {
    const now = this.last?.instructions ?? 0;
    let least = -1;
    let price = Infinity;
    for (let i = 1; i < this.#rungs.length - 1; i++) {
      const gap = this.#rungs[i + 1].instructions - this.#rungs[i - 1].instructions;
      const loss = gap / (now - this.#rungs[i].instructions + 1);
      if (loss < price) [least, price] = [i, loss];
    }
    if (least < 0) return false;
    this.#drop(this.#rungs.splice(least, 1)[0]);
    return true;
  }

  /** Gives up everything. */
  clear(): void {
    this.cut(-1);
  }
}
