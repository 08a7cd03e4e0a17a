/** Who has called whom, as the stack of the machine code tells: where the processor stands, and above it to where each will return. */
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { nameOf } from '../page/symbols.ts';
import { useSession, useView } from '../page/use_session.ts';

const hex = (address: number): string => address.toString(16).padStart(8, '0');

export default function Callers({ session }: { session: Session }): ReactNode {
  const callers = useView(session, 'callers');
  const next = useView(session, 'next');
  const symbols = useSession(session, (view) => view.symbols);
  if (callers === null || next === null) return null;
  return (
    <>
      <ol className="calls" aria-label="Functions that have not returned, the latest first">
        <li data-current="">
          <span className="here__address">{hex(next.address)}</span> {nameOf(symbols, next.address) ?? 'here'}
        </li>
        {callers.map(({ address, slot, call }) => (
          <li key={slot}>
            <span className="here__address">{hex(address)}</span> {nameOf(symbols, address) ?? ''}
            {call === null && <i> a trap came here</i>}
          </li>
        ))}
      </ol>
      {callers.length === 0 && <p className="panel__empty">The stack does not tell who called this.</p>}
    </>
  );
}
