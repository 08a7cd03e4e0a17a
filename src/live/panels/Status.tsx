/** A plain sentence on how things stand: for the eye as often as it changes, for the ear now and then. */
import type { ReactNode } from 'react';

import { describe } from '../page/describe.ts';
import { hasEnded, lastOf } from '../page/state.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { useSpoken } from '../page/use_spoken.ts';
import { chapterName } from '../page/chapter_address.ts';
import { rowOf } from '../rows.ts';
import ChapterLink from './ChapterLink.tsx';
import { useElsewhere } from './Here.tsx';
import Now from './Now.tsx';

export default function Status({ session }: { session: Session }): ReactNode {
  const sentence = useSession(session, describe);
  const subject = useSession(session, ({ phase, search, reading }) => `${phase} ${search ?? ''} ${reading?.what ?? ''}`);
  const paused = useSession(session, ({ phase }) => phase !== 'running' && phase !== 'loading');
  // What stands still is a sentence of its own each time: a step, and another.
  const whole = `${sentence}${usePlaceInWords(session)}`;
  const spoken = useSpoken(whole, paused ? whole : subject);
  return (
    <div className="live__status">
      {/* The same, for the eye: nobody is to hear it twice. */}
      <p aria-hidden="true">{sentence}</p>
      <p className="for-ears" role="status">
        {spoken}
      </p>
      <Now session={session} />
      <Ends session={session} />
    </div>
  );
}

/** The line that comes next, for those who cannot see it: lines of the Host all come after the same number of instructions. */
function usePlaceInWords(session: Session): string {
  const place = useSession(session, (view) => (view.phase === 'paused' ? view.place : null));
  const row = place === null ? null : rowOf(place);
  const elsewhere = useElsewhere(row === null ? place : null);
  if (place === null) return '';
  const text = (row?.textContent ?? elsewhere?.lines.find(({ line }) => line === place.line)?.text ?? '').trim();
  return ` ${chapterName(place.source)}, line ${place.line}${text === '' ? '.' : `: ${text}`}`;
}

/** Where the Guests ended: the instruction, and its line as a link. */
function Ends({ session }: { session: Session }): ReactNode {
  const ended = useSession(session, hasEnded);
  const ends = useSession(session, (view) => view.ends);
  const several = useSession(session, (view) => view.terminals > 1);
  const bare = useSession(session, (view) => view.bare);
  const guests = ended ? lastOf({ phase: 'exited', ends }) : [];
  return guests.map(({ guest, address, text, place }) => (
    <p key={guest} className="live__end">
      {several ? <span className="guest-tag">G{guest + 1}</span> : bare ? 'It' : 'The Guest'} came as far as{' '}
      {address.toString(16).padStart(8, '0')}
      {text !== null && (
        <>
          , <code>{text}</code>
        </>
      )}
      {place === null ? (
        '.'
      ) : (
        <>
          : <ChapterLink source={place.source} line={place.line} />.
        </>
      )}
    </p>
  ));
}
