/** What a reader made of the book's chunks: kept by the browser, known to every page. */
import type { Edits } from '../protocol.ts';
import { recall, remember } from './remembered.ts';

const NAME = 'edits';

/** An edited chunk. */
export interface ChunkEdit {
  /** What Guests run; null: the book's own, so far. */
  readonly text: string | null;
  /** What was typed since. */
  readonly draft: string | null;
  /** The book's text when it was edited. */
  readonly book: string;
}

type Kept = Readonly<Record<string, ChunkEdit>>;

/** One for all: all pages of a visit show one book. Null until it is asked for. */
let kept: Kept | null = null;
const listeners = new Set<() => void>();

/** All edits and drafts by chunk. */
export function keptEdits(): Kept {
  kept ??= read();
  return kept;
}

/** What Guests run instead of the book's own chunks. */
export function currentEdits(): Edits {
  return Object.fromEntries(
    Object.entries(keptEdits()).flatMap(([chunk, { text, book }]) => (text === null || text === book ? [] : [[chunk, text]])),
  );
}

/** The same with what was typed since: what a reader sees in the editors. */
export function typedEdits(): Edits {
  return Object.fromEntries(
    Object.entries(keptEdits()).flatMap(([chunk, { text, draft, book }]) => {
      const typed = draft ?? text;
      return typed === null || typed === book ? [] : [[chunk, typed]];
    }),
  );
}

/** Changes what is kept of a chunk; null: it is as in the book again. */
export function keepEdit(chunk: string, edit: ChunkEdit | null): void {
  const { [chunk]: _, ...others } = keptEdits();
  write(edit === null || (edit.text === null && edit.draft === null) ? others : { ...others, [chunk]: edit });
}

/** All is as in the book again. */
export function forgetEdits(): void {
  write({});
}

/** Tells of changes. Returns the way out. */
export function onEdits(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function write(edits: Kept): void {
  kept = edits;
  remember(NAME, JSON.stringify(edits));
  for (const listener of listeners) listener();
}

function read(): Kept {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  try {
    const told = JSON.parse(recall(NAME, '{}')) as Record<string, Partial<ChunkEdit> | null>;
    return Object.fromEntries(
      Object.entries(told).flatMap(([chunk, edit]) =>
        typeof edit?.book === 'string' ? [[chunk, { text: text(edit.text), draft: text(edit.draft), book: edit.book }]] : [],
      ),
    );
  } catch {
    return {};
  }
}
