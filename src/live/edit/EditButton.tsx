/** In a chunk's head: opens its editor. */
import type { ReactNode } from 'react';

import { editChunk, useOpen } from './state.ts';

export default function EditButton({ chunk }: { chunk: string }): ReactNode {
  const open = useOpen(chunk);
  return (
    <button
      type="button"
      className="chunk__copy chunk__edit"
      aria-expanded={open}
      aria-label={open ? `Close the editor of ${chunk}` : `Edit ${chunk}`}
      onClick={() => editChunk(chunk, !open)}
    >
      {open ? 'close' : 'edit'}
    </button>
  );
}
