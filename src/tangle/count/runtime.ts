/**
 * What instrumented code counts in while it runs: a counter for each line, keyed by the position in the chapter.
 *
 * The bundler puts `$hit(n)` before each statement of an extracted file (see instrument.ts), which adds one to the file's own counters.
 */

/** One countable place: a chapter's file and line. */
export interface LinePosition {
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly source: string;
  /** Line in it, from 1. */
  readonly line: number;
}

const positions: LinePosition[] = [];
/** Counters of each extracted file, in the order of {@link positions}. */
const files: Uint32Array[] = [];

/**
 * Registers the places of one extracted file.
 * @param sources chapters of the file
 * @param places pairs: index into `sources`, line
 * @returns the file's counters, one a place
 */
export function register(sources: readonly string[], places: readonly number[]): Uint32Array {
  for (let i = 0; i < places.length; i += 2) positions.push({ source: sources[places[i]], line: places[i + 1] });
  const counts = new Uint32Array(places.length / 2);
  files.push(counts);
  return counts;
}

/** Hands over every place hit since the last call, with its count, and starts from zero. */
export function drainHits(each: (position: LinePosition, count: number) => void): void {
  let base = 0;
  for (const counts of files) {
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      each(positions[base + i], counts[i]);
      counts[i] = 0;
    }
    base += counts.length;
  }
}

/** All places that could be hit: the denominator of a coverage figure. */
export function allPlaces(): readonly LinePosition[] {
  return positions;
}
