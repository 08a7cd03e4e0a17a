/** Lines at which runs stop: one store for the page, between the blocks, where they are chosen and marked, and the Guest at work. */
import type { Place } from '../protocol.ts';

/** What a line is to the reader. */
export type LineMark = 'stop' | 'off' | 'note';

/** One for all, with what follows: one Guest of a page is at work. */
let toggle: ((place: Place) => void) | null = null;
let marks: ReadonlyMap<string, LineMark> = new Map();
/** Chosen while no Guest is at work: the next to be booted stops there. */
let kept: readonly Place[] = [];
const listeners = new Set<() => void>();

const keyOf = ({ source, line }: Place): string => `${source}:${line}`;

/** The Guest at work says how a line's breakpoint is set, or taken away. */
export function offerStops(change: ((place: Place) => void) | null): void {
  toggle = change;
}

/** The reader wants runs to stop at a line, or no more. */
export function toggleStop(place: Place): void {
  if (toggle !== null) {
    toggle(place);
    return;
  }
  const others = kept.filter((one) => keyOf(one) !== keyOf(place));
  kept = others.length < kept.length ? others : [...kept, place];
  publishMarks(kept.map((one) => [one, 'stop']));
}

/** A Guest is booted: hands over the lines that were chosen before there was one. */
export function takeKeptStops(): readonly Place[] {
  const taken = kept;
  kept = [];
  return taken;
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
