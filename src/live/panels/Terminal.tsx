/** The Guests' consoles, in xterm.js, which is fetched when the first Guest boots. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';

/** One screen; where a scene has several Guests, one for each. */
export default function Terminal({ session }: { session: Session }): ReactNode {
  const terminals = useSession(session, (view) => view.terminals);
  const typist = useSession(session, (view) => view.typist);
  const phase = useSession(session, (view) => view.phase);
  const help = typist && (
    <p className="consoles__typist">
      {phase === 'idle' ? 'The Guest waits for you to type.' : 'This Guest listens to the keyboard.'}{' '}
      <button type="button" onClick={() => session.send({ type: 'play' })}>
        Let the page type for me
      </button>
    </p>
  );
  if (terminals === 1)
    return (
      <>
        <Screen session={session} tty={0} label="Terminal" />
        {help}
      </>
    );
  return (
    <div className="consoles">
      {Array.from({ length: terminals }, (_, tty) => (
        <div key={tty}>
          <p className="consoles__name">
            <span className="guest-tag">G{tty + 1}</span> Guest {tty + 1}
          </p>
          <Screen session={session} tty={tty} label={`Terminal of Guest ${tty + 1}`} />
        </div>
      ))}
      {help}
    </div>
  );
}

function Screen({ session, tty, label }: { session: Session; tty: number; label: string }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let dispose: (() => void) | null = null;
    let wanted = true;
    const offText = session.onConsole((piece, fresh) => setText((old) => ((fresh ? '' : old) + piece).slice(-SPOKEN)), tty);
    void import('./xterm_view.ts').then(
      ({ openTerminal }) => {
        if (!wanted) return;
        dispose = openTerminal(element, session, tty);
        setReady(true);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
      offText();
      dispose?.();
    };
  }, [session, tty]);

  return (
    <div className="console" data-tty={tty}>
      <div ref={place} className="console__screen" />
      {/* Until xterm is here, and where it cannot be, the text stands as it is; then it is there for those who listen. */}
      <pre className={ready ? 'console__spoken' : 'console__plain'} role="log" aria-label={label} tabIndex={-1}>
        {text}
      </pre>
    </div>
  );
}

/** Characters that are kept for those who listen. */
const SPOKEN = 20_000;
