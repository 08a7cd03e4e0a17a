/** How often each line of the chapters ran: one store for the page, from the live Guest to the code blocks. */
import { grouped } from './grouped.ts';
import type { LineHit, Place } from '../protocol.ts';

/** What a code block hears. */
export interface LineNews {
  /** Line and its count since the world began. */
  readonly counts: ReadonlyMap<number, number>;
  /** Whether the lines should flash: they ran in a single step. */
  readonly fresh: boolean;
}

type Listener = (news: LineNews) => void;

/** One for all: a page has one set of lines, whichever Guest lights them. */
let counts = new Map<string, Map<number, number>>();
const listeners = new Map<string, Set<Listener>>();
let current: Place | null = null;
const currentListeners = new Set<(place: Place | null) => void>();

/** Adds hits and tells the blocks of the chapters concerned. */
export function publishHits(hits: readonly LineHit[], fresh: boolean): void {
  const news = new Map<string, Map<number, number>>();
  for (const { source, line, count } of hits) {
    const total = (counts.get(source)?.get(line) ?? 0) + count;
    within(counts, source).set(line, total);
    within(news, source).set(line, total);
  }
  tell(news, fresh);
}

/** Puts these hits in place of all that were: the run is at another place. Only what differs is told. */
export function replaceHits(hits: readonly LineHit[]): void {
  const news = new Map<string, Map<number, number>>();
  const now = new Map<string, Map<number, number>>();
  for (const { source, line, count } of hits) {
    within(now, source).set(line, count);
    if (counts.get(source)?.get(line) !== count) within(news, source).set(line, count);
  }
  for (const [source, chapter] of counts) {
    for (const line of chapter.keys()) if (now.get(source)?.has(line) !== true) within(news, source).set(line, 0);
  }
  counts = now;
  tell(news, false);
}

/** Forgets all counts: there is no run any more. */
export function clearHits(): void {
  replaceHits([]);
  publishCurrent(null);
}

function within(chapters: Map<string, Map<number, number>>, source: string): Map<number, number> {
  let chapter = chapters.get(source);
  if (chapter === undefined) chapters.set(source, (chapter = new Map<number, number>()));
  return chapter;
}

function tell(news: ReadonlyMap<string, ReadonlyMap<number, number>>, fresh: boolean): void {
  for (const [source, changed] of news) {
    for (const listener of listeners.get(source) ?? []) listener({ counts: changed, fresh });
  }
}

/** All counts of a chapter so far. */
export function hitsOf(source: string): ReadonlyMap<number, number> {
  return counts.get(source) ?? new Map<number, number>();
}

/** Listens to a chapter's lines. Returns the way out. */
export function onHits(source: string, listener: Listener): () => void {
  let set = listeners.get(source);
  if (set === undefined) listeners.set(source, (set = new Set()));
  set.add(listener);
  return () => set.delete(listener);
}

/** Says where the processor stands; null: nowhere in a chapter, or running too fast to tell. */
export function publishCurrent(place: Place | null): void {
  if (place?.source === current?.source && place?.line === current?.line) return;
  current = place;
  for (const listener of currentListeners) listener(place);
}

/** Where the processor stands. */
export function currentPlace(): Place | null {
  return current;
}

/** Listens to where the processor stands. Returns the way out. */
export function onCurrent(listener: (place: Place | null) => void): () => void {
  currentListeners.add(listener);
  return () => currentListeners.delete(listener);
}

type RunTo = (place: Place, backwards: boolean) => void;
/** One for all: one Guest of a page is at work. */
let runner: RunTo | null = null;

/** The live Guest at work says how to go to a line; null: there is none any more. */
export function offerRunTo(run: RunTo | null): void {
  runner = run;
  // Lines that can be run to show it.
  document.documentElement.toggleAttribute('data-guest-awake', run !== null);
}

/** Whether there is a Guest at work that can go to lines. */
export function canRunTo(): boolean {
  return runner !== null;
}

/** The reader wants to go to a line: to the next time it runs, or back to the last. */
export function runTo(place: Place, backwards: boolean): void {
  runner?.(place, backwards);
}

/** Light of a line, 0 to 1, from its count: a million executions are as bright as it gets. */
export function heat(count: number): number {
  return Math.min(1, Math.log10(count + 1) / 6);
}

/** A count in at most five characters: 7, 1,234, 56k, 1.2M. */
export function shortCount(count: number): string {
  if (count < 10_000) return grouped(count);
  if (count < 1e6) return `${Math.floor(count / 1000)}k`;
  if (count < 1e7) return `${(Math.floor(count / 1e5) / 10).toFixed(1)}M`;
  return count < 1e9 ? `${Math.floor(count / 1e6)}M` : `${Math.floor(count / 1e9)}G`;
}
