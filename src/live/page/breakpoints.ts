/** The reader's breakpoints, as a list that is replaced and never changed. */
import type { Breakpoint, Place } from '../protocol.ts';

/** A breakpoint that has no number yet. */
export type NewBreakpoint = Breakpoint extends infer One ? (One extends Breakpoint ? Omit<One, 'id' | 'on'> : never) : never;

/** With one more, that is on. */
export function withOne(list: readonly Breakpoint[], one: NewBreakpoint): readonly Breakpoint[] {
  const id = 1 + Math.max(0, ...list.map((other) => other.id));
  return [...list, { ...one, id, on: true }];
}

/** With one at a line, or without the one that was there. */
export function withLine(list: readonly Breakpoint[], place: Place): readonly Breakpoint[] {
  const others = list.filter((one) => !isAt(one, place));
  return others.length < list.length ? others : withOne(list, { kind: 'line', place, note: '' });
}

/** With one at each of these lines. */
export function withLines(list: readonly Breakpoint[], places: readonly Place[]): readonly Breakpoint[] {
  return places.reduce((all, place) => (all.some((one) => isAt(one, place)) ? all : withLine(all, place)), list);
}

function isAt(one: Breakpoint, { source, line }: Place): boolean {
  return one.kind === 'line' && one.place.source === source && one.place.line === line;
}

/** With one changed. */
export function withChange(list: readonly Breakpoint[], id: number, change: object): readonly Breakpoint[] {
  return list.map((one) => (one.id === id ? { ...one, ...change } : one));
}

/** What a reader may write as an address: hexadecimal, with `0x` before it or without. Null where it is none. */
export function readAddress(text: string): number | null {
  const digits = /^\s*(?:0x)?([0-9a-f]{1,8})\s*$/i.exec(text)?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}
