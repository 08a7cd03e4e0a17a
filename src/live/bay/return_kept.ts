/** The run that this tab kept, made again after the page was loaded anew. */
import { currentEdits } from '../page/edits.ts';
import { housedGuest } from './housed.ts';
import { readKept } from './kept.ts';
import { moveIn } from './move_in.ts';

/** Has the run that this tab kept again, where the bay is empty. */
export function returnKept(): void {
  const kept = readKept();
  if (kept === null || housedGuest() !== null) return;
  const { url, run, edits, panels, notes, ...guest } = kept;
  // With other edits it is another run, which begins at its beginning.
  const same = edits === JSON.stringify(currentEdits());
  moveIn({
    ...guest,
    ...(panels && { panels }),
    order: { type: 'load', url, ...(same && { again: run }) },
    ...(same && { notes }),
    returned: true,
  });
}
