/** The reader's own Guest, booted: what is known of its kernel, the instruments, its disk. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { megabytes } from '../page/describe.ts';
import Instruments from '../Instruments.tsx';
import type { Session } from '../page/session.ts';
import { useKeys } from '../page/use_keys.ts';
import { useSession } from '../page/use_session.ts';
import { calm } from '../rows.ts';

export default function Booted({ session }: { session: Session }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const status = useSession(session, (view) => view.status);
  const instructions = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const diagnosis = useSession(session, (view) => view.diagnosis);
  const reading = useSession(session, (view) => view.reading);
  const disk = useSession(session, (view) => view.disk);
  const frame = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  const onKeyDown = useKeys(session, help, setHelp);
  useEffect(() => {
    frame.current?.focus({ preventScroll: true });
    frame.current?.scrollIntoView({ block: 'nearest', behavior: calm() ? 'instant' : 'smooth' });
    return () => session.sleep();
  }, [session]);
  return (
    <section
      ref={frame}
      className={clsx('live', `live--${phase}`, `world-${world ?? 'neutral'}`)}
      aria-label="Your Guest"
      data-phase={phase}
      data-status={status}
      data-instructions={instructions}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
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
      <Instruments session={session} frame={frame} help={help} setHelp={setHelp} />
      {disk !== null && (
        <div className="bench__disk">
          <p>
            <b>{disk.name}</b>, {megabytes(disk.bytes)} MB:{' '}
            {disk.written === 0 ? 'as you brought it.' : `changed in ${disk.written} ${disk.written === 1 ? 'place' : 'places'} of 64 KB; `}
            {disk.written > 0 &&
              (disk.lasts
                ? 'your browser keeps what was written, also over a reload.'
                : 'your browser lets this page keep nothing, so what was written goes when the page does: download it.')}
          </p>
          {disk.trouble !== null && <p role="alert">The Guest was told of an error on its disk: {disk.trouble}.</p>}
          <button type="button" onClick={() => session.send({ type: 'save-disk' })}>
            Download it as it is now
          </button>
          <button type="button" disabled={disk.written === 0} onClick={() => session.send({ type: 'discard-disk' })}>
            Forget what was written, and start anew
          </button>
        </div>
      )}
    </section>
  );
}

function verdict(guest: 'yes' | 'no' | 'unknown', release: string | null): string {
  const name = release === null ? 'This kernel' : `Linux ${release}`;
  if (guest === 'yes') return `${name} can be an lguest Guest.`;
  return guest === 'no'
    ? `${name} cannot be an lguest Guest. It is tried all the same.`
    : `${name} may be an lguest Guest or not: its file does not tell.`;
}
