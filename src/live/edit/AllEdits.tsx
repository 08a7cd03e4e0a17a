/** All edits of the visit together: how many, back to the book, out as a patch. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import { currentEdits } from '../page/edits.ts';
import { saveAs } from '../page/save_as.ts';
import { patchOfEdits } from './check.ts';
import { resetAll, useEditCount } from './state.ts';

export default function AllEdits({ checker }: { checker: string }): ReactNode {
  const count = useEditCount();
  const [trouble, setTrouble] = useState('');
  if (count === 0) return null;
  const save = (): void => {
    patchOfEdits(checker, currentEdits()).then(
      (text) => {
        setTrouble('');
        saveAs(new Blob([text], { type: 'text/x-diff' }), 'lguest-live.patch');
      },
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <p className="edit__note edit__all">
      {count === 1 ? 'One block is' : `${count} blocks are`} not as in the book: {Object.keys(currentEdits()).join(', ')}.{' '}
      <button type="button" className="link" onClick={save}>
        Save as a patch
      </button>{' '}
      <button type="button" className="link" onClick={resetAll}>
        Have the whole book again
      </button>
      {trouble !== '' && <span role="alert"> That went wrong: {trouble}.</span>}
    </p>
  );
}
