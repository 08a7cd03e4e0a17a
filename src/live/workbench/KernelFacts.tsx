/** What is known of the reader's own kernel: how far its files are read, and whether it can be a Guest. */
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';

export default function KernelFacts({ session }: { session: Session }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const diagnosis = useSession(session, (view) => view.diagnosis);
  const reading = useSession(session, (view) => view.reading);
  return (
    <>
      {diagnosis !== null && (diagnosis.findings.length > 0 || diagnosis.release !== null) && (
        <div className={clsx('bench__diagnosis', `bench__diagnosis--${diagnosis.guest}`)} role="note">
          <p>
            <span aria-hidden="true">{diagnosis.guest === 'yes' ? '✓' : diagnosis.guest === 'no' ? '✗' : '?'}</span>{' '}
            {verdict(diagnosis.guest, diagnosis.release)}
          </p>
          {diagnosis.findings.length > 0 && (
            <ul>
              {diagnosis.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {phase === 'loading' && reading !== null && (
        <progress className="bench__progress" value={reading.done} max={reading.total} aria-label={`Reading ${reading.what}`} />
      )}
    </>
  );
}

function verdict(guest: 'yes' | 'no' | 'unknown', release: string | null): string {
  const name = release === null ? 'This kernel' : `Linux ${release}`;
  if (guest === 'yes') return `${name} can be an lguest Guest.`;
  return guest === 'no'
    ? `${name} cannot be an lguest Guest. It is tried all the same.`
    : `${name} may be an lguest Guest or not: its file does not tell.`;
}
