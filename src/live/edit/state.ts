/** Which chunks are being edited, and what is kept of them: for the buttons, the blocks and the bay. Small: every page has it. */
import { useCallback, useSyncExternalStore } from 'react';

import { housedGuest } from '../bay/housed.ts';
import { forgetEdits, keepEdit, keptEdits, onEdits } from '../page/edits.ts';
import type { ChunkEdit } from '../page/edits.ts';
import { bootHere, bootUnder } from '../page/guests_here.ts';

/** One for all: a chunk stands on one page, and the reader sees one page. */
let open: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function setOpen(chunks: ReadonlySet<string>): void {
  open = chunks;
  for (const listener of listeners) listener();
}

/** Opens or closes a chunk's editor. */
export function editChunk(chunk: string, on: boolean): void {
  setOpen(new Set(on ? [...open, chunk] : [...open].filter((one) => one !== chunk)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const off = onEdits(listener);
  return () => {
    listeners.delete(listener);
    off();
  };
}

/** Whether a chunk's editor is open. */
export function useOpen(chunk: string): boolean {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => open.has(chunk), [chunk]),
    () => false,
  );
}

/** What is kept of a chunk; nothing while the page is made. */
export function useEdit(chunk: string): ChunkEdit | undefined {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => keptEdits()[chunk], [chunk]),
    () => undefined,
  );
}

/** What stands in a chunk's place. */
export function useShown(chunk: string, code: string): 'book' | 'editor' | 'changed' {
  const open = useOpen(chunk);
  const text = useEdit(chunk)?.text ?? null;
  if (open) return 'editor';
  return text !== null && text !== code ? 'changed' : 'book';
}

/** How many chunks are not as in the book. */
export function useEditCount(): number {
  return useSyncExternalStore(
    subscribe,
    () => Object.values(keptEdits()).filter(({ text, book }) => text !== null && text !== book).length,
    () => 0,
  );
}

/** The other chunks in which something is typed that no Guest runs yet, as words; empty where there is none. */
export function useOtherDrafts(chunk: string): string {
  return useSyncExternalStore(
    subscribe,
    useCallback(
      () =>
        Object.entries(keptEdits())
          .filter(([other, { draft }]) => other !== chunk && draft !== null)
          .map(([other]) => other)
          .join(', '),
      [chunk],
    ),
    () => '',
  );
}

/** One for all: the book's text of the chunks on the page. */
const onPage = new Map<string, string>();

/** A chunk stands on the page. Returns the way out. */
export function knowCode(chunk: string, code: string): () => void {
  onPage.set(chunk, code);
  return () => onPage.delete(chunk);
}

/** The book's text of a chunk, if it stands on the page. */
export function bookCode(chunk: string): string | undefined {
  return onPage.get(chunk);
}

/** One for all: who shows a chunk's text, as the editor that is open does. */
const appliedListeners = new Set<(chunk: string, text: string) => void>();

/** From now on Guests run this text of a chunk. @param before what it was before a button changed it */
export function applyEdit(chunk: string, book: string, text: string, before = keptEdits()[chunk]?.before): void {
  keepEdit(chunk, text === book ? null : { text, draft: null, book, ...(before !== undefined && before !== book && { before }) });
  for (const listener of appliedListeners) listener(chunk, text);
}

/** Tells what Guests run of a chunk from now on, by this page's own doing. Returns the way out. */
export function onApplied(listener: (chunk: string, text: string) => void): () => void {
  appliedListeners.add(listener);
  return () => appliedListeners.delete(listener);
}

/** Starts a Guest on the code as it is now: the one in the bay, or a scene's on this page, or the page's first. Returns whether there is one. */
export function runEdits(scene?: string): boolean {
  const housed = housedGuest();
  if (housed?.scene == null || (scene !== undefined && housed.scene !== scene)) return bootHere(scene);
  housed.session.rebuild();
  return true;
}

/** The same for the edit of one chunk: what a patch brings is seen in a Guest under that patch only. */
export function runEditOf(chunk: string): boolean {
  const [patch] = chunk.split('.');
  const [, ...under] = housedGuest()?.scene?.split(/[.+]/) ?? [];
  const isUnder = under.includes(patch.replace(':', '-'));
  return isUnder || !bootUnder(patch) ? runEdits() : true;
}

/** The whole book as it is, and no editor open. */
export function resetAll(): void {
  setOpen(new Set());
  forgetEdits();
  runEdits();
}
