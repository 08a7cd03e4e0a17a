/** Code from a link becomes the reader's own edits. */
import { fetchBook } from '../edit/book_text.ts';
import { applyEdit } from '../edit/state.ts';
import { currentEdits } from '../page/edits.ts';
import { areNotes, isKeptRun } from '../whole.ts';
import type { Housed } from './housed.ts';
import { moveIn } from './move_in.ts';
import { sameEdits } from './question.ts';

/**
 * Keeps what a link has brought as if the reader had typed it, and has its Guest anew, on the reader's edits and no longer shut in. Blocks that the book has no more are left out.
 * @throws Error with a sentence without its full stop, where the book's own text cannot be had
 */
export async function takeOver({ session, scene, title, home }: Housed, bookUrl: string): Promise<void> {
  const { foreign, worker } = session;
  if (foreign === null || session.order.type !== 'load') return;
  const { url } = session.order;
  const book = await fetchBook(bookUrl);
  for (const [chunk, text] of Object.entries(foreign)) {
    const own = book.get(chunk);
    if (own !== undefined) applyEdit(chunk, own.text, text);
  }
  const { pace, breakpoints, notes, byHand, kept } = session.view();
  const noted = Object.values(notes);
  // On the same code it is the same run; with edits of the reader's own beside it, another one, which begins at its beginning.
  const again = isKeptRun(kept) && sameEdits(session.edits, currentEdits()) ? { again: kept } : {};
  const order = { type: 'load', url, ...again } as const;
  moveIn({ worker, order, pace, scene, title, home, breakpoints, notes: areNotes(noted) ? noted : [], byHand, returned: true });
}
