/** One countable place: a chapter's file and line. */
export interface LinePosition {
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly source: string;
  /** Line in it, from 1. */
  readonly line: number;
}

/** Lines that all the files of one program may have together. */
const MOST = 1 << 14;
/** How often lines have run, by the numbers that one program's counters give them. */
export type Hits = Float64Array;

/** What the counter of a line shows that somebody wants to hear of. No other is less than zero. */
const ARMED = -1;

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

/** Hears of a line that is about to run; the clock shows how many ran before it. It may throw, to end what runs. */
export type LineListener = (position: LinePosition) => void;

/**
 * How often each line of one program has run, in one flat array; and a clock that goes on by one with each line.
 *
 * An instrumented file (see instrument.ts) registers its lines once; each has a number. Before each line it calls what {@link countersOf} made: that adds one to the line's counter, and asks
 * whether it was less than zero. That is all, so that counting is nearly free: what the clock shows is the sum of all counters, made when somebody looks. Whoever wants to hear of lines arms them.
 *
 * It is counted between {@link start} and {@link stop}: a world does so while its program runs. What runs at other times leaves no trace.
 */
export class LineCounters {
  /** Lines that ran since the last {@link start}, or {@link ARMED}. */
  readonly #counts: Int32Array;
  /** By number; a file may have numbers to spare. */
  readonly #positions: LinePosition[] = [];
  /** What is no longer in the counters, or was never, since they were armed; by number. */
  readonly #settled: Hits = new Float64Array(MOST);
  /** How many lines that is, since the last {@link start}. */
  #apart = 0;
  /** What the clock showed when so many lines had run since the last start; NaN where nobody has to know. */
  #shown = 0;
  #ran = 0;
  #listening = false;
  #identity = 0;
  /** Who wants to hear, of which lines (null: of all), from which clock on. */
  #hears: LineListener | null = null;
  #watched: ReadonlySet<number> | null = null;
  #from = 0;
  /** In a debug build: who called whom, the latest last. */
  readonly #frames: LiveFrame[] = [];

  /** @param counts of all lines */
  constructor(counts: Int32Array) {
    this.#counts = counts;
  }

  /** Lines since it was last set; NaN since the last {@link hurry}. */
  get clock(): number {
    return this.#shown + this.#sum() - this.#ran;
  }
  set clock(lines: number) {
    this.#shown = lines;
    this.#ran = this.#sum();
  }

  /** Somebody may look at the clock at any time, even after a {@link hurry}. */
  exact = false;

  /** As setting the clock to zero, and cheaper: unless it is {@link exact} or somebody wants to hear of lines, nobody will look at it before it is set again. */
  hurry(): void {
    if (this.#hears === null && !this.exact) this.#shown = NaN;
    else this.clock = 0;
  }

  /** Lines since the last start. */
  #sum(): number {
    let sum = this.#apart;
    if (!this.#listening || this.#hearsAll) return sum;
    const { length } = this.#positions;
    for (let n = 0; n < length; n++) if (this.#counts[n] > 0) sum += this.#counts[n];
    return sum;
  }

  get #hearsAll(): boolean {
    return this.#hears !== null && this.#watched === null;
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

  /** A line is about to run that is armed. @param n its number */
  due(n: number): void {
    // It has not run yet, and where it is stopped it will not.
    this.#counts[n] = ARMED;
    if (this.#from === 0 || this.clock >= this.#from) this.#hears?.(this.#positions[n]);
    this.#put(n, 1);
  }

  /** So often a line ran, which its counter does not know, or will not any more. */
  #put(n: number, times: number): void {
    this.#settled[n] += times;
    this.#apart += times;
  }

  /**
   * Somebody wants to hear of lines, in place of whoever did until now; only of what is counted.
   * @param hears null: nobody does
   * @param lines only of these; null: of all
   * @param from only while the clock shows at least that
   */
  watch(hears: LineListener | null, lines: readonly LinePosition[] | null = null, from = 0): void {
    this.#settle();
    this.#hears = hears;
    this.#from = from;
    this.#watched = lines && this.#numbersOf(lines);
    this.#arm();
  }

  #arm(): void {
    if (!this.#listening) return;
    if (this.#hearsAll) this.#counts.fill(ARMED, 0, this.#positions.length);
    else if (this.#hears !== null) for (const n of this.#watched ?? []) this.#counts[n] = ARMED;
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
    this.#listening = true;
    this.#apart = 0;
    this.#shown = clock;
    this.#ran = 0;
    this.#counts.fill(0, 0, this.#positions.length);
    this.#arm();
  }

  /** From now on it is not. Returns what the clock showed. */
  stop(): number {
    const { clock } = this;
    this.#settle();
    this.#listening = false;
    this.#shown = clock;
    this.#ran = this.#apart;
    return clock;
  }

  /** Hands over every line hit since the last call, with its count, and starts from zero. */
  drain(each: (position: LinePosition, count: number) => void): void {
    const hits = this.createHits();
    this.drainInto(hits);
    this.read(hits, each);
  }

  /** Hits of lines of which none has run yet. */
  createHits(): Hits {
    return new Float64Array(MOST);
  }

  /** As {@link drain}, and much cheaper: adds the counts to what was counted before. */
  drainInto(hits: Hits): void {
    this.#settle();
    this.#arm();
    const { length } = this.#positions;
    for (let n = 0; n < length; n++) hits[n] += this.#settled[n];
    this.#settled.fill(0, 0, length);
  }

  /** Hands over every line that these hits know of, with its count. */
  read(hits: Hits, each: (position: LinePosition, count: number) => void): void {
    for (const [n, position] of this.#positions.entries()) if (hits[n] > 0) each(position, hits[n]);
  }

  /** What the counters show is put away; none is armed any more. */
  #settle(): void {
    if (!this.#listening) return;
    const { length } = this.#positions;
    for (let n = 0; n < length; n++) if (this.#counts[n] > 0) this.#put(n, this.#counts[n]);
    this.#counts.fill(0, 0, length);
  }
}

/**
 * Counters, and what counted code calls before each line, with the line's number. The functions are so small (compilers look at the length of their bytecode: 27 and less, says V8) that they are
 * put where they are called, however often that is: as a few instructions, with nothing but constants.
 */
export function countersOf(): { lines: LineCounters; hit: (n: number) => void } {
  const counts = new Int32Array(MOST);
  const lines = new LineCounters(counts);
  return { lines, hit: hitOf(counterOf(counts), (n) => lines.due(n)) };
}

/** What adds one, and tells what was there before: what was is a small integer, whatever it comes to. Parameters always have values, as constants need not: nobody has to look. */
function counterOf(counts: Int32Array): (n: number) => number {
  return (n) => {
    const ran = counts[n];
    counts[n] = ran + 1;
    return ran;
  };
}

function hitOf(count: (n: number) => number, due: (n: number) => void): (n: number) => void {
  return (n) => {
    if (count(n) < 0) due(n);
  };
}
