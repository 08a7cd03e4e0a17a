/** How fast a Guest runs: as the reader chose, or slowly at first and then ever faster, so that there is something to see. */

/** Instructions per second; null: as fast as it goes; `rising`: slowly at first, then faster and faster. */
export type Pace = number | null | 'rising';

/** The choices, in words. */
export const PACES: readonly (readonly [label: string, pace: Pace])[] = [
  ['slow, then faster', 'rising'],
  ['crawl, 8 a second', 8],
  ['walk, 200 a second', 200],
  ['amble, 2,000 a second', 2000],
  ['trot, 20,000 a second', 20_000],
  ['gallop, 1 MHz', 1e6],
  ['as fast as it goes', null],
];

/** From this rate on, the line where the processor stands would only flicker. */
const READABLE = 1000;

/** Whether a reader can follow the processor from line to line at so many instructions a second. */
export function isReadable(rate: number | null): boolean {
  return rate !== null && rate < READABLE;
}

/** A rise begins with so many instructions a second, for so many milliseconds; then it doubles, each time after so many more. */
const FIRST_RATE = 8;
const FIRST_MS = 1200;
const DOUBLING_MS = 400;
/** From here on there is nothing left to hold back. */
const LAST_RATE = 4e6;

/** The rate at a step of the rise, 0 being its beginning, and how long it lasts (milliseconds). */
export function riseAt(step: number): { readonly rate: number | null; readonly lasts: number } {
  const rate = FIRST_RATE * 2 ** step;
  return rate > LAST_RATE ? { rate: null, lasts: Infinity } : { rate, lasts: step === 0 ? FIRST_MS : DOUBLING_MS };
}

/** Whether it is one of them. */
export function isPace(value: unknown): value is Pace {
  return PACES.some(([, pace]) => pace === value);
}

/** The pace as a word to be remembered. */
export function writePace(pace: Pace): string {
  return String(pace);
}

/** The pace that a remembered word means; rising, where it is no word of ours. */
export function readPace(word: string): Pace {
  const known = PACES.find(([, pace]) => writePace(pace) === word);
  return known === undefined ? 'rising' : known[1];
}
