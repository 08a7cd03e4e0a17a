/** One change of one line, made and unmade by a button, in what the reader has made of the chunk. */
import { useState } from 'react';

import type { ChunkEdit } from '../page/edits.ts';
import { turned } from './broken.ts';
import type { LineChange } from './broken.ts';
import { applyEdit, bookCode, runEdits, useEdit } from './state.ts';

/** What a button breaks. */
export interface Break extends LineChange {
  /** The chunk; it stands on the same page. */
  readonly chunk: string;
  /** The Guest that shows what comes of it. */
  readonly scene: string;
}

/** Whether it is broken so, how to change that, and whether it was tried where the line is not in the reader's text. */
export function useBreak(what: Break): { readonly isBroken: boolean; readonly isAstray: boolean; readonly change: () => void } {
  const { chunk, scene } = what;
  const edit = useEdit(chunk);
  const [tried, setTried] = useState(false);
  const { isBroken, next } = turnedIn(edit, edit?.book ?? '', what);
  const change = (): void => {
    const book = bookCode(chunk);
    if (book === undefined) return;
    const { isBroken: was, next: text } = turnedIn(edit, book, what);
    setTried(text === null);
    if (text === null) return;
    applyEdit(chunk, book, text, was ? undefined : typedIn(edit, book));
    runEdits(scene);
  };
  return { isBroken, isAstray: tried && edit !== undefined && next === null, change };
}

function typedIn(edit: ChunkEdit | undefined, book: string): string {
  return edit?.draft ?? edit?.text ?? book;
}

function turnedIn(edit: ChunkEdit | undefined, book: string, what: LineChange): ReturnType<typeof turned> {
  return turned(typedIn(edit, book), what, [edit?.before ?? book, edit?.book ?? book]);
}
