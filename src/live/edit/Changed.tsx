/** A chunk that a reader has changed, its editor closed. */
import type { ReactNode } from 'react';

import Difference from './Difference.tsx';
import type { EditableChunk } from './Editable.tsx';
import { applyEdit, editChunk, runEdits, useEdit } from './state.ts';

export default function Changed({ chunk, source, line, code }: EditableChunk): ReactNode {
  const edit = useEdit(chunk);
  const text = edit?.text ?? code;
  return (
    <>
      <p className="edit__note">
        You have changed this block. {edit !== undefined && edit.book !== code && 'It was written anew in the book since: look at both. '}
        <button type="button" className="link" onClick={() => editChunk(chunk, true)}>
          Go on editing
        </button>
        {', '}
        <button
          type="button"
          className="link"
          onClick={() => {
            applyEdit(chunk, code, code);
            runEdits();
          }}
        >
          have the book’s again
        </button>
        .
      </p>
      <Difference source={source} book={code} text={text} line={line} />
    </>
  );
}
