/** What a reader has solved: kept by the browser, and in files. */
import { useCallback, useSyncExternalStore } from 'react';

import type { Edits } from '../protocol.ts';
import { keptRecord } from '../page/kept_record.ts';

/** What a file of it says of itself. */
const FORMAT = 'lguest-live-progress';
const VERSION = 1;

/** An exercise, solved. */
export interface Solved {
  /** When: ISO 8601. */
  readonly at: string;
  /** What was found out. */
  readonly answer?: string;
  /** What was changed. */
  readonly edits?: Edits;
}

/** Exercises solved, by id. */
export type Progress = Readonly<Record<string, Solved>>;

/** A reader's progress, as it stands in a file. */
export interface ProgressFile {
  /** Whose. */
  readonly name: string;
  readonly solved: Progress;
}

/** One for all: a visit has one reader. */
const record = keptRecord('solved', progressIn);

/** What another file has as solved is so here, too: the earlier of what both have. */
export function takeInProgress(progress: Progress): void {
  const mine = record.all();
  const earlier = Object.entries(merged(mine, progress)).filter(([id, one]) => mine[id] !== one);
  record.change(Object.fromEntries(earlier));
}

/** One more is solved. */
export function keepSolved(id: string, how: Omit<Solved, 'at'>): void {
  record.change({ [id]: { at: new Date().toISOString(), ...how } });
}

const NOTHING: Progress = {};

/** All that is solved; nothing while the page is made. */
export function useProgress(): Progress {
  return useSyncExternalStore(record.subscribe, record.all, () => NOTHING);
}

/** Whether one is solved, and how. */
export function useSolved(id: string): Solved | undefined {
  return useSyncExternalStore(
    record.subscribe,
    useCallback(() => record.all()[id], [id]),
    () => undefined,
  );
}

/** Progress as a file. */
export function writeProgress({ name, solved }: ProgressFile): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, name, solved }, null, 1)}\n`;
}

/** What a file says. @throws Error with a sentence, where it is none of ours */
export function readProgress(text: string): ProgressFile {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    throw new Error('this is no file of progress: it is not JSON');
  }
  const { format, version, name, solved } = isRecord(told) ? told : {};
  if (format !== FORMAT) throw new Error('this is no file of progress');
  if (version !== VERSION) throw new Error(`this file is of version ${String(version)}, and this book knows version ${VERSION}`);
  return { name: typeof name === 'string' ? name.slice(0, 200) : '', solved: progressIn(solved) };
}

/** Two readers' progress together: of what both have solved, the earlier. */
export function merged(one: Progress, other: Progress): Progress {
  const earlier = Object.entries(other).filter(([id, { at }]) => !(id in one) || at < one[id].at);
  return { ...one, ...Object.fromEntries(earlier) };
}

/** What of a value can be progress; the rest is left out. */
function progressIn(value: unknown): Progress {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([id, one]): [string, Solved][] => {
      if (!isRecord(one) || typeof one.at !== 'string' || Number.isNaN(Date.parse(one.at))) return [];
      const { at, answer, edits } = one;
      const texts = isRecord(edits) && Object.values(edits).every((text) => typeof text === 'string') ? (edits as Edits) : undefined;
      return [[id, { at, ...(typeof answer === 'string' && { answer }), ...(texts !== undefined && { edits: texts }) }]];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
