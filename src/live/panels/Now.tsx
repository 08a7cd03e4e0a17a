/** The line that runs next, where this page does not show it: its chunk, its words, and a way to it. */
import { useEffect } from 'react';
import type { ReactNode } from 'react';

import { useMarkerClass } from '../page/use_marker_class.ts';
import type { Session } from '../page/session.ts';
import { isFollowed, lineToSee } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import { reveal } from '../page/into_sight.ts';
import { rowOf } from '../rows.ts';
import ChapterLink from './ChapterLink.tsx';
import { useElsewhere } from './Here.tsx';

export default function Now({ session }: { session: Session }): ReactNode {
  const place = useSession(session, (view) => (isFollowed(view) && view.phase !== 'running' ? lineToSee(view) : null));
  const byHand = useSession(session, (view) => view.byHand);
  const row = place === null ? null : rowOf(place);
  const elsewhere = useElsewhere(row === null ? place : null);
  const dress = useMarkerClass(elsewhere?.chunk ?? '');
  // Who steps from line to line wants to see the line.
  useEffect(() => {
    if (byHand && row !== null && !isInSight(row)) reveal(row);
  }, [byHand, row]);
  if (place === null || row !== null) return null;
  const text = elsewhere?.lines.find(({ line }) => line === place.line)?.text.trim();
  return (
    <p className="now">
      {elsewhere !== null && <span className={dress}>{elsewhere.chunk}</span>}
      <code>{text ?? '…'}</code>
      <ChapterLink source={place.source} line={place.line} />
    </p>
  );
}

function isInSight(row: HTMLElement): boolean {
  const { top, bottom } = row.getBoundingClientRect();
  return top >= 60 && bottom <= window.innerHeight - 8 && !isCovered(row);
}

/** Below the bay, at the foot of the window. */
function isCovered(row: HTMLElement): boolean {
  const bay = document.querySelector('.bay')?.getBoundingClientRect();
  const { bottom, left } = row.getBoundingClientRect();
  return bay !== undefined && bay.left <= left && bottom > bay.top;
}
