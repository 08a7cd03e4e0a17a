/** Lines at which runs stop: one store for the page, between the blocks, where they are chosen and marked, and the Guest at work. */
import type { Place } from '../protocol.ts';

/** What a line is to the reader. */
export type LineMark = 'stop' | 'off' | 'note';

/** One for all, with what follows: one Guest of a page is at work. */
let toggle: ((place: Place) => void) | null = null;
let marks: ReadonlyMap<string, LineMark> = new Map();
const listeners = new Set<() => void>();

const keyOf = ({ source, line }: Place): string => `${source}:${line}`;

/** The Guest at work says how a line's breakpoint is set, or taken away. */
export function offerStops(change: ((place: Place) => void) | null): void {
  toggle = change;
}

/** The reader wants runs to stop at a line, or no more. */
export function toggleStop(place: Place): void {
  toggle?.(place);
}

/** Says which lines are marked. */
export function publishMarks(lines: readonly (readonly [Place, LineMark])[]): void {
  marks = new Map(lines.map(([place, mark]) => [keyOf(place), mark]));
  for (const listener of listeners) listener();
}

/** What a line is. */
export function markOf(place: Place): LineMark | undefined {
  return marks.get(keyOf(place));
}

/** Listens to changes. Returns the way out. */
export function onMarks(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
