/** Where the processor stands: the instruction as text, and the lines of the chapter around it, be they on this page or not. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { useLiveUrl } from '../page/use_live_url.ts';
import type { NextView, Place, SymbolTable } from '../protocol.ts';
import { chapterName } from '../page/chapter_address.ts';
import { excerpt, fetchChunks, knownChunks } from '../page/listing.ts';
import type { Excerpt } from '../page/listing.ts';
import type { Session } from '../page/session.ts';
import { hasEnded, isFollowed, lastOf, lineToSee } from '../page/state.ts';
import { nameOf, withNames } from '../page/symbols.ts';
import { useSession, useView } from '../page/use_session.ts';
import { blockOf, LINE } from '../rows.ts';
import ChapterLink from './ChapterLink.tsx';
import Instructions from './Instructions.tsx';

const AROUND = 3;

export default function Here({ session }: { session: Session }): ReactNode {
  const next = useView(session, 'next');
  const place = useSession(session, lineToSee);
  const moving = useSession(session, (view) => !isFollowed(view));
  const ended = useSession(session, hasEnded);
  const ends = useSession(session, (view) => view.ends);
  const bare = useSession(session, (view) => view.bare);
  const [asCode, setAsCode] = useState(false);
  const [last] = ended ? lastOf({ phase: 'exited', ends }) : [];
  const symbols = useSession(session, (view) => view.symbols);
  const { address, text } = last ?? { address: next?.address, text: next?.code[0]?.text };
  const name = address === undefined ? null : nameOf(symbols, address);
  return (
    <>
      {last !== undefined && <p className="here__place">{bare ? 'It' : ends.length > 1 ? 'The Guest 1' : 'The Guest'} ended here:</p>}
      <p className={clsx('here__instruction', last !== undefined && `world-${last.registers.world}`)}>
        <span className="here__address">{address === undefined ? '' : hex(address)}</span>
        {name !== null && <b className="here__name">{name}</b>}
        <code>{text ? withNames(symbols, text) : address === undefined ? '…' : 'nothing is mapped here'}</code>
      </p>
      {last === undefined && (
        <div className="filters here__how" role="group" aria-label="What is around it">
          <button type="button" aria-pressed={!asCode} onClick={() => setAsCode(false)}>
            lines
          </button>
          <button type="button" aria-pressed={asCode} onClick={() => setAsCode(true)}>
            instructions
          </button>
        </div>
      )}
      <div className="here__around">
        {moving ? null : asCode && last === undefined ? (
          <Instructions session={session} />
        ) : place === null ? (
          <Ahead next={last === undefined ? next : null} symbols={symbols} />
        ) : (
          <Around place={place} />
        )}
      </div>
      <Passed session={session} />
    </>
  );
}

const hex = (address: number): string => address.toString(16).padStart(8, '0');

/** Nobody's lines: the instructions behind. */
function Ahead({ next, symbols }: { next: NextView | null; symbols: SymbolTable | null }): ReactNode {
  return (
    <>
      <ol className="here__listing" aria-label="The instructions behind it" tabIndex={0}>
        {next?.code.map(({ address, text }, n) => (
          <li key={address} data-current={n === 0 ? '' : undefined}>
            <span className="here__address">{hex(address)}</span> {withNames(symbols, text)}
          </li>
        ))}
      </ol>
      {symbols === null && <p className="here__place">No chapter has this code.</p>}
    </>
  );
}

/** The lines of a chapter. */
function Around({ place }: { place: Place }): ReactNode {
  const listing = useRef<HTMLElement>(null);
  const isHere = blockOf(place) !== null;
  const elsewhere = useElsewhere(isHere ? null : place);
  useLayoutEffect(() => listing.current?.replaceChildren(...rowsAround(place)), [place, elsewhere]);
  return (
    <>
      <pre className="here__listing" role="group" aria-label="The lines around" tabIndex={0}>
        {elsewhere === null ? (
          <code key="here" ref={listing} />
        ) : (
          <code key="elsewhere">
            {elsewhere.lines.map(({ line, text }) => (
              <span key={line} className="row" data-current={line === place.line ? '' : undefined}>
                {text}
                {'\n'}
              </span>
            ))}
          </code>
        )}
      </pre>
      <p className="here__place">
        {elsewhere !== null && `${elsewhere.chunk} in `}
        <ChapterLink source={place.source} line={place.line} />
      </p>
    </>
  );
}

/** The lines around a place that this page does not show; null until they are there, and where there are none. */
export function useElsewhere(place: Place | null): Excerpt | null {
  const folder = useLiveUrl('lines/');
  const url = place === null ? null : `${folder}${chapterName(place.source)}.json`;
  const known = url === null ? null : knownChunks(url);
  const [, setFetched] = useState(0);
  useEffect(() => {
    if (url === null || known !== null) return undefined;
    let wanted = true;
    void fetchChunks(url).then(() => {
      if (wanted) setFetched((times) => times + 1);
    });
    return () => {
      wanted = false;
    };
  }, [url, known]);
  return place === null || known === null ? null : excerpt(known, place.line, AROUND);
}

/** What a single step ran. */
function Passed({ session }: { session: Session }): ReactNode {
  const stepped = useSession(session, (view) => view.stepped);
  const passed = new Map<string, number>();
  for (const { source } of stepped) passed.set(source, (passed.get(source) ?? 0) + 1);
  if (passed.size === 0) return null;
  return (
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
  );
}

/** Copies of the rows that the page itself shows, so that here and there look the same; none where it does not show them. */
function rowsAround(place: Place): Node[] {
  const block = blockOf(place);
  const rows: Node[] = [];
  for (let line = place.line - AROUND; block !== null && line <= place.line + AROUND; line++) {
    const row = block.querySelector(`[${LINE}="${line}"]`);
    if (row === null) continue;
    const copy = row.cloneNode(true) as HTMLElement;
    copy.removeAttribute('data-chosen');
    copy.toggleAttribute('data-current', line === place.line);
    rows.push(copy);
  }
  return rows;
}
