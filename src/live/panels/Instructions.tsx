/** The instructions around the one that comes next: each with the line of its chapter, and a place to make runs stop there. */
import type { ReactNode } from 'react';

import { withOne } from '../page/breakpoints.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView } from '../page/use_session.ts';
import { withNames } from '../page/symbols.ts';
import ChapterLink from './ChapterLink.tsx';

const hex = (address: number): string => address.toString(16).padStart(8, '0');

export default function Instructions({ session }: { session: Session }): ReactNode {
  const listing = useView(session, 'listing');
  const symbols = useSession(session, (view) => view.symbols);
  const breakpoints = useSession(session, (view) => view.breakpoints);
  if (listing === null) return null;
  if (listing.code.length === 0) return <p className="here__place">Nothing is mapped here.</p>;
  const stopAt = (address: number) => breakpoints.find((one) => one.kind === 'address' && one.address === address);
  const toggle = (address: number): void => {
    const known = stopAt(address);
    const list = known === undefined ? withOne(breakpoints, { kind: 'address', address }) : breakpoints.filter((one) => one !== known);
    session.send({ type: 'breakpoints', breakpoints: list });
  };
  return (
    <ol className="here__listing here__instructions" aria-label="The instructions around" tabIndex={0}>
      {listing.code.map(({ address, text, place }) => {
        const stops = stopAt(address) !== undefined;
        return (
          <li key={address} data-current={address === listing.address ? '' : undefined}>
            <button
              type="button"
              className="here__stop"
              aria-pressed={stops}
              aria-label={`Runs stop at ${hex(address)}`}
              title={stops ? 'Runs stop here; click to let them pass' : 'Make runs stop here'}
              onClick={() => toggle(address)}
            />
            <span className="here__address">{hex(address)}</span> <span className="here__text">{withNames(symbols, text)}</span>
            {place !== null && <ChapterLink source={place.source} line={place.line} />}
          </li>
        );
      })}
    </ol>
  );
}
