/** One countable place: a chapter's file and line. */
export interface LinePosition {
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly source: string;
  /** Line in it, from 1. */
  readonly line: number;
}

/** Lines that all the files of one program may have together. */
const MOST = 1 << 14;
/** No clock gets that far. With one more, the largest number that every engine keeps as a small integer: a larger one would make counting slow. */
const NEVER = 2 ** 30 - 2;

/** A function of a debug build that has been called and has not returned. */
export interface Frame {
  /** Empty where it has no name. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** The line that it has come to; null where it has come to none. */
  readonly position: LinePosition | null;
  /** What its variables stand for there, parameters first. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The constants of its file. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** The same while it runs: instrumented code keeps `at`, its line's number, and `see`. */
export interface LiveFrame {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly constants: () => object;
  /** How many called each other before it. */
  readonly depth: number;
  at: number;
  see: (() => object) | null;
}

/** The lines that may still run until one is due, where counted code keeps them. */
interface Countdown {
  get(): number;
  set(lines: number): void;
}

/** Hears of a line that is about to run; the clock shows how many ran before it. It may throw, to end what runs. */
export type LineListener = (position: LinePosition) => void;

/**
 * How often each line of one program has run, in one flat array; and a clock that goes on by one with each line.
 *
 * An instrumented file (see instrument.ts) registers its lines once; each has a number. Before each line it calls what {@link countersOf} made: that counts down to the clock
 * that somebody waits for, and adds one to the line's counter. That is all, so that counting is nearly free. Whoever wants to hear of lines waits for an earlier clock.
 *
 * It is counted between {@link start} and {@link stop}: a world does so while its program runs. What runs at other times leaves no trace.
 */
export class LineCounters {
  readonly #counts: Uint32Array;
  /** One more than the lines until the clock shows the limit: what the clock shows is kept nowhere else. */
  readonly #left: Countdown;
  /** At this clock a line is {@link due}. */
  #limit = NEVER;
  /** By number; a file may have numbers to spare. */
  readonly #positions: LinePosition[] = [];
  /** Counts until the last {@link stop}. */
  readonly #settled = new Map<number, number>();
  #listening = false;
  #identity = 0;
  /** Who wants to hear, of which lines (null: of all), from which clock on. */
  #hears: LineListener | null = null;
  #watched: ReadonlySet<number> | null = null;
  #from = NEVER;
  /** In a debug build: who called whom, the latest last. */
  readonly #frames: LiveFrame[] = [];

  /** @param counts of all lines */
  constructor(counts: Uint32Array, left: Countdown) {
    this.#counts = counts;
    this.#left = left;
    this.clock = 0;
  }

  /** Lines since it was last set. */
  get clock(): number {
    return this.#limit + 1 - this.#left.get();
  }
  set clock(lines: number) {
    this.#limit = Math.max(lines, this.#listening ? this.#from : NEVER);
    this.#left.set(this.#limit + 1 - lines);
  }

  /** A function of a debug build is called. Returns what it keeps up to date. */
  enter(name: string, parameters: readonly string[], constants: () => object): LiveFrame {
    const frame: LiveFrame = { name, parameters, constants, depth: this.#frames.length, at: -1, see: null };
    this.#frames.push(frame);
    return frame;
  }

  /** It has returned, or thrown. */
  leave({ depth }: LiveFrame): void {
    this.#frames.length = depth;
  }

  /** How many functions of a debug build have been called and have not returned. */
  get depth(): number {
    return this.#frames.length;
  }

  /** Those functions, the latest first, with what their variables stand for at present. */
  frames(): Frame[] {
    return this.#frames
      .map(({ name, parameters, constants, at, see }) => ({
        name,
        parameters,
        position: at < 0 ? null : this.#positions[at],
        variables: { ...see?.() },
        constants: { ...constants() },
      }))
      .reverse();
  }

  /**
   * Makes the lines of one extracted file known.
   * @param first the number of the first of them; the others follow
   * @param sources chapters of the file
   * @param places pairs: index into `sources`, line
   * @param hash of the file's code
   */
  register(first: number, sources: readonly string[], places: readonly number[], hash = 0): void {
    this.#identity = (this.#identity + hash) >>> 0;
    if (first + places.length / 2 > MOST) throw new RangeError(`a program has no more than ${MOST} lines that are counted`);
    for (let i = 0; i < places.length; i += 2) this.#positions[first + i / 2] = { source: sources[places[i]], line: places[i + 1] };
  }

  /** 32 bits that differ between programs whose code differs, in whatever order its files were loaded. */
  get identity(): number {
    return this.#identity;
  }

  /** All lines that could be hit: the denominator of a coverage figure. */
  get positions(): readonly LinePosition[] {
    return this.#positions.filter(() => true);
  }

  /** A line is about to run, and the clock shows the limit. @param n its number */
  due(n: number): void {
    // It has not run yet, and where it is stopped it will not.
    this.#left.set(1);
    if (this.#watched?.has(n) !== false) this.#hears?.(this.#positions[n]);
    this.clock++;
  }

  /**
   * Somebody wants to hear of lines, in place of whoever did until now; only of what is counted.
   * @param hears null: nobody does
   * @param lines only of these; null: of all
   * @param from only while the clock shows at least that
   */
  watch(hears: LineListener | null, lines: readonly LinePosition[] | null = null, from = 0): void {
    const { clock } = this;
    this.#hears = hears;
    this.#from = hears === null || lines?.length === 0 ? NEVER : from;
    this.#watched = lines && this.#numbersOf(lines);
    this.clock = clock;
  }

  #numbersOf(lines: readonly LinePosition[]): Set<number> {
    const wanted = new Set(lines.map(({ source, line }) => `${source}:${line}`));
    return new Set(this.#positions.flatMap(({ source, line }, n) => (wanted.has(`${source}:${line}`) ? [n] : [])));
  }

  /** Is what runs counted? */
  get listening(): boolean {
    return this.#listening;
  }

  /** From now on it is counted. @param clock what the clock shows */
  start(clock: number): void {
    this.#counts.fill(0, 0, this.#positions.length);
    this.#listening = true;
    this.clock = clock;
  }

  /** From now on it is not. Returns what the clock showed. */
  stop(): number {
    this.#settle();
    const { clock } = this;
    this.#listening = false;
    this.clock = clock;
    return clock;
  }

  /** Hands over every line hit since the last call, with its count, and starts from zero. */
  drain(each: (position: LinePosition, count: number) => void): void {
    if (this.#listening) this.#settle();
    for (const [n, count] of this.#settled) each(this.#positions[n], count);
    this.#settled.clear();
  }

  #settle(): void {
    const { length } = this.#positions;
    for (let n = 0; n < length; n++) {
      if (this.#counts[n] === 0) continue;
      this.#settled.set(n, (this.#settled.get(n) ?? 0) + this.#counts[n]);
      this.#counts[n] = 0;
    }
  }
}

/**
 * Counters, and what counted code calls before each line, with the line's number. Both functions are so small (compilers look at the length of their bytecode: 27 and less, says V8) that they are
 * put where they are called, however often that is: as a few instructions, with nothing but constants.
 */
export function countersOf(): { lines: LineCounters; hit: (n: number) => void } {
  const counts = new Uint32Array(MOST);
  let left = 0;
  const lines = new LineCounters(counts, { get: () => left, set: (more) => (left = more) });
  const due = (n: number): void => lines.due(n);
  const tick = (n: number): void => {
    if (--left === 0) due(n);
  };
  const hit = (n: number): void => {
    tick(n);
    counts[n]++;
  };
  return { lines, hit };
}
