/**
 * What instrumented code calls while it runs: line counters, keyed by the position in the chapter.
 *
 * The bundler puts `hit(n)` before each statement of an extracted file (see instrument.ts); here the hits are counted
 * and, while someone steps, recorded in order.
 */

/** One countable place: a chapter's file and line. */
export interface LinePosition {
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly source: string;
  /** Line in it, from 1. */
  readonly line: number;
}

const positions: LinePosition[] = [];
let counts = new Uint32Array(1024);
/** Order of hits, kept only while {@link recordLines} is on. */
let trace: number[] | null = null;
const TRACE_LIMIT = 100_000;

/**
 * Registers the places of one extracted file.
 * @param sources chapters of the file
 * @param places pairs: index into `sources`, line
 * @returns the function that the file calls with the index of a place
 */
export function register(sources: readonly string[], places: readonly number[]): (place: number) => void {
  const base = positions.length;
  for (let i = 0; i < places.length; i += 2) positions.push({ source: sources[places[i]], line: places[i + 1] });
  if (positions.length > counts.length) {
    const larger = new Uint32Array(Math.max(positions.length, counts.length * 2));
    larger.set(counts);
    counts = larger;
  }
  return (place) => {
    counts[base + place]++;
    if (trace !== null && trace.length < TRACE_LIMIT) trace.push(base + place);
  };
}

/** Hands over every place hit since the last call, with its count, and starts from zero. */
export function drainHits(each: (position: LinePosition, count: number) => void): void {
  for (let i = 0; i < positions.length; i++) {
    if (counts[i] === 0) continue;
    each(positions[i], counts[i]);
    counts[i] = 0;
  }
}

/** All places that could be hit: the denominator of a coverage figure. */
export function allPlaces(): readonly LinePosition[] {
  return positions;
}

/** Starts (true) or ends (false) recording the order of hits. */
export function recordLines(on: boolean): void {
  trace = on ? [] : null;
}

/** The lines hit since recording began or since the last call, in order; at most a hundred thousand. */
export function drainTrace(): LinePosition[] {
  if (trace === null) return [];
  const lines = trace.map((i) => positions[i]);
  trace = [];
  return lines;
}
