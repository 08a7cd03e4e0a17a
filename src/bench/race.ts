/** Two engines over the same work, in turn: how long each took, and how the one compares with the other. */

/** Seconds: the first time, with everything cold, and the best of all. */
export interface Lap {
  readonly first: number;
  readonly best: number;
}

/** One piece of work. */
export interface RaceRow {
  readonly name: string;
  readonly ours: Lap;
  readonly theirs: Lap;
}

/** What `compare.mjs --out` writes of an engine: seconds of the first repetition and of the later ones, over all rounds. */
export interface Timed {
  readonly first: readonly number[];
  readonly warm: readonly number[];
}

/**
 * The rows of a comparison, in the order of the work.
 * @param work by name, what each engine took for it, by the engine's name
 * @throws Error where an engine is missing at some work: a race of which one did not arrive is none
 */
export function rowsOf(work: Readonly<Record<string, Readonly<Record<string, Timed>>>>, ours: string, theirs: string): RaceRow[] {
  return Object.entries(work).map(([name, by]) => {
    const lap = (engine: string): Lap => {
      const timed = by[engine];
      if (timed === undefined) throw new Error(`${engine} has not done ${name}`);
      const first = Math.min(...timed.first);
      return { first, best: Math.min(first, ...timed.warm) };
    };
    return { name, ours: lap(ours), theirs: lap(theirs) };
  });
}

/** What one takes of the other's time: the geometric mean over all rows. */
export function meanRatio(rows: readonly RaceRow[], of: keyof Lap): number {
  return Math.exp(rows.reduce((sum, { ours, theirs }) => sum + Math.log(ours[of] / theirs[of]), 0) / rows.length);
}

/** A line a row, and the means. */
export function formatRace(rows: readonly RaceRow[]): string {
  const seconds = (value: number): string => value.toFixed(3).padStart(10);
  const ratio = (value: number): string => value.toFixed(2).padStart(8);
  return [
    `${''.padEnd(14)}${['first, s', 'theirs', 'best, s', 'theirs'].map((head) => head.padStart(10)).join('')}${['first', 'best'].map((head) => head.padStart(8)).join('')}`,
    ...rows.map(
      ({ name, ours, theirs }) =>
        name.padEnd(14) +
        [ours.first, theirs.first, ours.best, theirs.best].map(seconds).join('') +
        [ours.first / theirs.first, ours.best / theirs.best].map(ratio).join(''),
    ),
    `${'mean'.padEnd(54)}${ratio(meanRatio(rows, 'first'))}${ratio(meanRatio(rows, 'best'))}`,
  ].join('\n');
}
