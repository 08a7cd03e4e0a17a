/** Where the processor stands: the instruction as text, and the lines of the chapter around it. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

import { blockOf, LINE } from '../rows.ts';
import ChapterLink from './ChapterLink.tsx';
import type { Place } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { isFollowed } from '../page/state.ts';
import { useSession, useView } from '../page/use_session.ts';

const AROUND = 3;

export default function Here({ session }: { session: Session }): ReactNode {
  const next = useView(session, 'next');
  const place = useSession(session, (view) => view.place);
  const stepped = useSession(session, (view) => view.stepped);
  const listing = useRef<HTMLElement>(null);
  const moving = useSession(session, (view) => !isFollowed(view));
  useEffect(() => {
    const target = listing.current;
    if (target === null) return;
    target.replaceChildren(...(moving || place === null ? [] : rowsAround(place)));
  }, [place, moving]);
  const passed = new Map<string, number>();
  for (const { source } of stepped) passed.set(source, (passed.get(source) ?? 0) + 1);
  return (
    <>
      <p className="here__instruction">
        <span className="here__address">{next === null ? '' : next.address.toString(16).padStart(8, '0')}</span>
        <code>{next?.text ?? '…'}</code>
      </p>
      <pre className="here__listing" aria-label="The lines around">
        <code ref={listing} />
      </pre>
      {place !== null && !moving && (
        <p className="here__place">
          <ChapterLink source={place.source} />, line {place.line}
        </p>
      )}
      {passed.size > 0 && (
        <p className="here__place">
          This step ran{' '}
          {[...passed].map(([source, lines], i) => (
            <span key={source}>
              {i > 0 && ', '}
              {lines} line{lines === 1 ? '' : 's'} of <ChapterLink source={source} />
            </span>
          ))}
          .
        </p>
      )}
    </>
  );
}

/** Copies of the rows that the page itself shows, so that here and there look the same. */
function rowsAround(place: Place): Node[] {
  const rows: Node[] = [];
  const block = blockOf(place);
  if (block === null) return [document.createTextNode('These lines stand in another chapter.')];
  for (let line = place.line - AROUND; line <= place.line + AROUND; line++) {
    const row = block.querySelector(`[${LINE}="${line}"]`);
    if (row === null) continue;
    const copy = row.cloneNode(true) as HTMLElement;
    if (line === place.line) copy.dataset.current = '';
    else delete copy.dataset.current;
    rows.push(copy);
  }
  return rows;
}
