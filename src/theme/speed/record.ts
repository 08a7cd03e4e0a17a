/** What `npm run bench -- --record` has kept of a measurement: the part of it that the page shows. */
import type { PageFigure } from '../../bench/page.ts';
import type { RaceRow } from '../../bench/race.ts';

/** On what, and when. */
export interface On {
  /** The day, as 2008-04-01. */
  readonly day: string;
  readonly processor: string;
  readonly cores: number;
  /** Node's version. */
  readonly node: string;
  /** How many programs wanted a processor just before it began. */
  readonly load: number;
  readonly commit: string | null;
}

/** A section's figures, with where they come from. */
export interface Recorded<T> {
  readonly on: On;
  readonly figures: T;
}

/** Two engines over the same work. */
export interface RaceFigures {
  readonly rounds: number;
  /** The other's version. */
  readonly version: string;
  readonly rows: readonly RaceRow[];
}

/** What a reader waits for, in a browser. */
export interface PageFigures {
  /** Its name and version, as Chrome/150.0. */
  readonly browser: string;
  readonly figures: readonly PageFigure[];
}

/** What one operation costs, here and under the original lguest. */
export interface Cost {
  readonly operation: string;
  readonly microseconds: number;
  /** Under QEMU, and under v86. */
  readonly original: readonly number[];
}

/** A number as three digits tell it: 1.48, 0.61, 12.3, 283. */
export function threeDigits(value: number): string {
  if (value >= 999.5) return Math.round(value).toLocaleString('en');
  return value.toPrecision(3);
}

/**
 * Where a value stands on a logarithmic scale, from 0 to 100; what is off the scale stands at its end.
 * @param least what stands at 0
 * @param most what stands at 100
 */
export function onScale(value: number, least: number, most: number): number {
  return Math.min(100, Math.max(0, (100 * Math.log(value / least)) / Math.log(most / least)));
}
