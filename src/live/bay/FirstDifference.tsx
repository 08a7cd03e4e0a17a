/** Of a Guest on the reader's edits: where its run is first another than the book's, with the same input, and the way there. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { ToldParting } from '../edit_protocol.ts';
import { partingOf } from '../edit/check.ts';
import type { Session } from '../page/session.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import { housedGuest } from './housed.ts';

export default function FirstDifference({ session }: { session: Session }): ReactNode {
  const checker = useLiveUrl('checker.js');
  const [asked, setAsked] = useState(false);
  const [found, setFound] = useState<ToldParting | null | string | undefined>();
  const ask = (): void => {
    const scene = housedGuest()?.scene;
    if (scene == null) return;
    setAsked(true);
    void partingOf(checker, scene, session.edits, session.view().kept?.inputs ?? []).then(setFound);
  };
  if (!asked)
    return (
      <button type="button" className="link" onClick={ask}>
        Where does it part from the book?
      </button>
    );
  if (found === undefined) return <span role="status">Running both…</span>;
  if (found === null) return <span role="status">In all that is told of its run, it does what the book’s does.</span>;
  if (typeof found === 'string') return <span role="alert">That cannot be told: {found}.</span>;
  const { shared, at, book, edited } = found;
  return (
    <span role="status">
      The first {grouped(shared)} events are the book’s. Then, at instruction {grouped(at)}, the book has{' '}
      {book === null ? 'nothing more' : `“${book}”`}, and here it is {edited === null ? 'nothing more' : `“${edited}”`}.{' '}
      <button type="button" className="link" onClick={() => session.send({ type: 'to', at })}>
        Go there
      </button>
    </span>
  );
}
