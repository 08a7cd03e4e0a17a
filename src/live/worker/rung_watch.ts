/** The next checkpoint comes after so many milliseconds of running, or so many times what the last one took. */
const RUNG_MS = 20;
const RUNG_RATIO = 12;

/** When the next checkpoint of a run is due. */
export class RungWatch {
  /** Milliseconds of running since the last one, and what that one took. */
  #ranFor = 0;
  #took = 0;

  /** It ran for so many milliseconds. */
  ran(milliseconds: number): void {
    this.#ranFor += milliseconds;
  }

  get isDue(): boolean {
    return this.#ranFor >= Math.max(RUNG_MS, RUNG_RATIO * this.#took);
  }

  /** Makes one. */
  make(mark: () => void, clock: () => number): void {
    const begin = clock();
    mark();
    this.#took = clock() - begin;
    this.#ranFor = 0;
  }

  /** The world is somewhere else. */
  jump(): void {
    this.#ranFor = 0;
  }
}
