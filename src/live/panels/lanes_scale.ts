/** Lanes true to scale: a window of the run, in instructions, and what of it lies where. */
import type { Overview, Stretch } from '../protocol.ts';
import type { WorldName } from '../worlds.ts';
import { LANES } from '../worlds.ts';

/** A piece of the run: instructions, from and to. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Instructions that are seen at least: then one is as wide as a letter. */
export const LEAST = 16;
/** What takes no instruction is still seen: so many pixels. */
const THIN = 2;

/** What is drawn: a stretch; or, of a piece of which only shares are known, one world's. */
export interface Bar {
  readonly world: WorldName;
  readonly guest: number;
  /** Pixels. */
  readonly x: number;
  readonly width: number;
  /** How much of it the world had: 0 to 1. */
  readonly share: number;
  readonly stretch: Stretch | null;
}

/** The whole run. */
export function whole(end: number): Window {
  return { from: 0, to: Math.max(LEAST, end) };
}

/** A window so many times as wide, in which an instruction stays where it is; within the run. */
export function zoomed({ from, to }: Window, end: number, times: number, around: number): Window {
  const size = Math.min(Math.max(LEAST, end), Math.max(LEAST, (to - from) * times));
  const part = to === from ? 0.5 : (around - from) / (to - from);
  return within({ from: around - part * size, to: around + (1 - part) * size }, end);
}

/** The same window, so many instructions on. */
export function moved({ from, to }: Window, end: number, by: number): Window {
  return within({ from: from + by, to: to + by }, end);
}

/** As wide, and within the run. */
function within({ from, to }: Window, end: number): Window {
  const size = to - from;
  const begin = Math.max(0, Math.min(from, Math.max(LEAST, end) - size));
  return { from: begin, to: begin + size };
}

/** The window in which an instruction can be seen: the same where it already can. */
export function showing(window: Window, end: number, at: number): Window {
  if (at >= window.from && at <= window.to) return window;
  return moved(window, end, at - (window.from + window.to) / 2);
}

/** From where to where stretches are known. */
export function knownOf(stretches: readonly Stretch[]): Window | null {
  const last = stretches.at(-1);
  return last === undefined ? null : { from: stretches[0].at, to: last.at + last.instructions };
}

/** Whether all stretches of a window are known. */
export function covers(known: Window | null, { from, to }: Window, end: number): boolean {
  return known !== null && known.from <= Math.ceil(from) && known.to >= Math.min(Math.floor(to), end) - 1;
}

/** What lies in a window. @param width pixels of it */
export function barsIn(stretches: readonly Stretch[], overview: Overview | null, window: Window, width: number): Bar[] {
  const scale = width / (window.to - window.from);
  const known = knownOf(stretches);
  return [...sharesIn(overview, known, window, scale), ...stretchesIn(stretches, window, scale)];
}

function stretchesIn(stretches: readonly Stretch[], { from, to }: Window, scale: number): Bar[] {
  const bars: Bar[] = [];
  for (let n = firstIn(stretches, from); n < stretches.length && stretches[n].at <= to; n++) {
    const stretch = stretches[n];
    const { world, guest, at, instructions } = stretch;
    const left = (Math.max(at, from) - from) * scale;
    const right = (Math.min(at + instructions, to) - from) * scale;
    if (right < left) continue;
    bars.push({ world: laneOf(world), guest, x: left, width: Math.max(THIN, right - left), share: 1, stretch });
  }
  return bars;
}

/** The first stretch that does not end before an instruction. They follow each other. */
function firstIn(stretches: readonly Stretch[], from: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle].at + stretches[middle].instructions < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where no stretches are known: the shares of each piece. */
function sharesIn(overview: Overview | null, known: Window | null, { from, to }: Window, scale: number): Bar[] {
  if (overview === null) return [];
  const bars: Bar[] = [];
  const { width, lanes } = overview;
  for (let piece = Math.floor(from / width); piece * width < Math.min(to, overview.end); piece++) {
    const [begin, end] = [piece * width, (piece + 1) * width];
    if (known !== null && begin >= known.from && end <= known.to) continue;
    const x = (Math.max(begin, from) - from) * scale;
    const right = (Math.min(end, to) - from) * scale;
    lanes.forEach((lane, n) => {
      if (lane[piece] > 0)
        bars.push({ world: LANES[n], guest: 0, x, width: Math.max(1, right - x), share: Math.min(1, lane[piece]), stretch: null });
    });
  }
  return bars;
}

/** What has no lane of its own is the Launcher's. */
function laneOf(world: WorldName): WorldName {
  return LANES.includes(world) ? world : 'launcher';
}

/** Instructions between two marks of a ruler, so that they stand some hundred pixels apart: 1, 2 or 5 times a power of ten. */
export function rulerStep({ from, to }: Window, width: number): number {
  const least = Math.max(1, ((to - from) * 90) / Math.max(1, width));
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? 10 * power;
}
