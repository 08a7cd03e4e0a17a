/** One change of one line, made and unmade by a button. */
import { broken } from './broken.ts';
import type { LineChange } from './broken.ts';
import { applyEdit, bookCode, runEdits, useEdit } from './state.ts';

/** What a button breaks. */
export interface Break extends LineChange {
  /** The chunk; it stands on the same page. */
  readonly chunk: string;
  /** The Guest that shows what comes of it. */
  readonly scene: string;
}

/** Whether it is broken so, and how to change that. */
export function useBreak(what: Break): { readonly isBroken: boolean; readonly change: () => void } {
  const { chunk, scene } = what;
  const edit = useEdit(chunk);
  const isBroken = edit?.text != null && edit.text === broken(edit.book, what);
  const change = (): void => {
    const book = bookCode(chunk);
    if (book === undefined) return;
    applyEdit(chunk, book, isBroken ? book : (broken(book, what) ?? book));
    runEdits(scene);
  };
  return { isBroken, change };
}
