/** The way from code that a link has brought to edits of one's own: asked twice, since from then on it is no longer shut in. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import { lostTo } from '../page/edits.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { Edits } from '../protocol.ts';
import { housedGuest } from './housed.ts';
import { takeOver } from './take_over.ts';

export default function TakeOver({ edits }: { edits: Edits }): ReactNode {
  const url = useLiveUrl('book.json');
  const [asked, setAsked] = useState(false);
  const [trouble, setTrouble] = useState('');
  if (!asked)
    return (
      <button type="button" className="link" onClick={() => setAsked(true)}>
        Take it over into my book
      </button>
    );
  const lost = lostTo(edits);
  const take = (): void => {
    const guest = housedGuest();
    if (guest === null) return;
    takeOver(guest, url).catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
  };
  return (
    <span role="group" aria-label="Take it over">
      Then it is an edit of yours, kept as if you had typed it, and runs as yours do: no longer shut in.
      {lost.length > 0 && ` What you have made of ${lost.join(', ')} would be lost.`}{' '}
      <button type="button" className="link" onClick={take}>
        I have read it: take it over
      </button>{' '}
      <button type="button" className="link" onClick={() => setAsked(false)}>
        Leave it shut in
      </button>
      {trouble !== '' && <span role="alert"> That went wrong: {trouble}.</span>}
    </span>
  );
}
