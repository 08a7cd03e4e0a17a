/** A chunk's code: as in the book, or in an editor, or as a reader has changed it. */
import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { fetched } from '../page/fetched.tsx';
import { knowCode, useShown } from './state.ts';

/** A chunk, as the page has it. */
export interface EditableChunk {
  readonly chunk: string;
  /** The chapter. */
  readonly source: string;
  /** Its first line in the chapter. */
  readonly line: number;
  readonly language: string;
  /** The book's text. */
  readonly code: string;
}

const Editor = fetched<EditableChunk>(() => import('./Editor.tsx'), 'the editor');
const Changed = fetched<EditableChunk>(() => import('./Changed.tsx'), 'your edit');

export default function Editable({ children, ...chunk }: EditableChunk & { children: ReactNode }): ReactNode {
  const { chunk: id, code } = chunk;
  useEffect(() => knowCode(id, code), [id, code]);
  const shown = useShown(id, code);
  if (shown === 'editor') return <Editor {...chunk} />;
  if (shown === 'changed') return <Changed {...chunk} />;
  return children;
}
