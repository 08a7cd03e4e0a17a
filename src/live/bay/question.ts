/** Somebody else's code waits to be looked at, before it runs. */
import { useSyncExternalStore } from 'react';

import type { Edits } from '../protocol.ts';

/** What is asked. */
export interface EditsQuestion {
  /** What has brought it. */
  readonly from: 'link' | 'file';
  readonly title: string;
  readonly edits: Edits;
  /** What becomes of it: it runs; the Guest runs as the book has it; nothing runs. */
  readonly answer: (what: 'run' | 'book' | 'nothing') => void;
}

/** One for all: there is one reader to be asked. */
let asked: EditsQuestion | null = null;
const listeners = new Set<() => void>();

/** Asks the reader; a question that was not answered is asked no more. */
export function ask(question: EditsQuestion): void {
  settle({
    ...question,
    answer: (what) => {
      settle(null);
      question.answer(what);
    },
  });
}

/** Nobody is asked any more. */
export function askNoMore(): void {
  settle(null);
}

function settle(question: EditsQuestion | null): void {
  asked = question;
  for (const listener of listeners) listener();
}

/** The question that waits for an answer. */
export function useQuestion(): EditsQuestion | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
    () => null,
  );
}

/** Whether two readers' edits are the same: a reader's own are no news to the reader. */
export function sameEdits(one: Edits, other: Edits): boolean {
  return Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([chunk, text]) => other[chunk] === text);
}
