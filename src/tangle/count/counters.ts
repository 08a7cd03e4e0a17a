/** One countable place: a chapter's file and line. */
export interface LinePosition {
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly source: string;
  /** Line in it, from 1. */
  readonly line: number;
}

/** Places that all the files of one program may have together. */
const MOST = 1 << 14;

/**
 * How often each line of one program has run: one flat array, and where each of its places stands in the chapters. What is taken out costs what ran, not what there is.
 *
 * An instrumented file (see instrument.ts) registers its places once, and calls {@link hit} before each of them. It is counted only while somebody listens: a world, while
 * its program runs.
 */
export class LineCounters {
  readonly #positions: LinePosition[] = [];
  readonly #counts = new Uint32Array(MOST);
  /** While nobody listens: everything is as if it had been hit before, so that nobody takes note of it. */
  readonly #deaf = new Uint32Array(MOST).fill(1);
  /** Places whose counts are not zero, in the order they were first hit. */
  readonly #touched: number[] = [];
  #now = this.#deaf;
  #identity = 0;
  /** Places that somebody wants to hear of, just before they run. */
  #watched: ReadonlySet<number> | null = null;
  #hears: ((position: LinePosition) => void) | null = null;

  /**
   * Makes the places of one extracted file known.
   * @param sources chapters of the file
   * @param places pairs: index into `sources`, line
   * @param hash of the file's code
   * @returns the number of the first; the others follow
   */
  register(sources: readonly string[], places: readonly number[], hash = 0): number {
    this.#identity = (this.#identity + hash) >>> 0;
    const first = this.#positions.length;
    if (first + places.length / 2 > MOST) throw new RangeError(`a program has no more than ${MOST} lines that are counted`);
    for (let i = 0; i < places.length; i += 2) this.#positions.push({ source: sources[places[i]], line: places[i + 1] });
    return first;
  }

  /** 32 bits that differ between programs whose code differs, in whatever order its files were loaded. */
  get identity(): number {
    return this.#identity;
  }

  /** All places that could be hit: the denominator of a coverage figure. */
  get positions(): readonly LinePosition[] {
    return this.#positions;
  }

  /** Place number `n` is about to run. */
  hit(n: number): void {
    if (this.#watched !== null && this.#watched.has(n) && this.listening) this.#hears?.(this.#positions[n]);
    if (this.#now[n]++ === 0) this.#touched.push(n);
  }

  /** Watches lines, instead of those until now; none: nobody watches. Only what is counted is heard of. */
  watch(lines: readonly LinePosition[], hears: ((position: LinePosition) => void) | null): void {
    const wanted = new Set(lines.map(({ source, line }) => `${source}:${line}`));
    const places = this.#positions.flatMap(({ source, line }, n) => (wanted.has(`${source}:${line}`) ? [n] : []));
    this.#watched = places.length > 0 ? new Set(places) : null;
    this.#hears = hears;
  }

  /** Is what runs counted? */
  get listening(): boolean {
    return this.#now === this.#counts;
  }
  set listening(on: boolean) {
    this.#now = on ? this.#counts : this.#deaf;
  }

  /** Hands over every place hit since the last call, with its count, and starts from zero. */
  drain(each: (position: LinePosition, count: number) => void): void {
    for (const n of this.#touched) {
      each(this.#positions[n], this.#counts[n]);
      this.#counts[n] = 0;
    }
    this.#touched.length = 0;
  }
}
