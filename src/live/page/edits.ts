/** What a reader made of the book's chunks: kept by the browser, known to every page. */
import type { Edits } from '../protocol.ts';
import { keptRecord } from './kept_record.ts';

/** An edited chunk. */
export interface ChunkEdit {
  /** What Guests run; null: the book's own, so far. */
  readonly text: string | null;
  /** What was typed since. */
  readonly draft: string | null;
  /** The book's text when it was edited. */
  readonly book: string;
  /** The reader's text that a button of the chapter's changed last, which can be had again by it. */
  readonly before?: string;
}

type Kept = Readonly<Record<string, ChunkEdit>>;

/** One for all: all pages of a visit show one book. */
const record = keptRecord('edits', read);

/** All edits and drafts by chunk. */
export function keptEdits(): Kept {
  return record.all();
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

/** Chunks of other edits that the reader has other edits or drafts of. */
export function lostTo(edits: Edits): string[] {
  const kept = keptEdits();
  return Object.keys(edits).filter((chunk) => {
    const mine = kept[chunk] as ChunkEdit | undefined;
    return mine !== undefined && (mine.draft ?? mine.text ?? mine.book) !== edits[chunk];
  });
}

/** Changes what is kept of a chunk; null: it is as in the book again. */
export function keepEdit(chunk: string, edit: ChunkEdit | null): void {
  record.change({ [chunk]: edit === null || (edit.text === null && edit.draft === null) ? null : edit });
}

/** All that is known here is as in the book again. */
export function forgetEdits(): void {
  record.change(Object.fromEntries(Object.keys(keptEdits()).map((chunk) => [chunk, null])));
}

/** Tells of changes, another tab's too. Returns the way out. */
export function onEdits(listener: () => void): () => void {
  return record.subscribe(listener);
}

function read(told: unknown): Kept {
  if (typeof told !== 'object' || told === null) return {};
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return Object.fromEntries(
    Object.entries(told as Record<string, Partial<ChunkEdit> | null>).flatMap(([chunk, edit]) =>
      typeof edit?.book === 'string'
        ? [
            [
              chunk,
              {
                text: text(edit.text),
                draft: text(edit.draft),
                book: edit.book,
                ...(typeof edit.before === 'string' && { before: edit.before }),
              },
            ],
          ]
        : [],
    ),
  );
}
