/** The Guests' consoles, in xterm.js, which is fetched when the first Guest boots. */
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { SpokenText } from '../page/spoken_text.ts';
import type { SpokenPiece } from '../page/spoken_text.ts';
import { useSession } from '../page/use_session.ts';

/** One screen; where a scene has several Guests, one for each. */
export default function Terminal({ session }: { session: Session }): ReactNode {
  const terminals = useSession(session, (view) => view.terminals);
  if (terminals === 1)
    return (
      <>
        <Screen session={session} tty={0} label="Terminal" />
        <Typist session={session} />
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
      <Typist session={session} />
    </div>
  );
}

/** The page types what the scene has for it, if the reader would rather watch. */
function Typist({ session }: { session: Session }): ReactNode {
  const typist = useSession(session, (view) => view.typist);
  const waits = useSession(session, (view) => view.phase === 'idle');
  if (!typist) return null;
  return (
    <p className="consoles__typist">
      {waits ? 'The Guest waits for you to type.' : 'This Guest listens to the keyboard.'}{' '}
      <button type="button" onClick={() => session.send({ type: 'play' })}>
        Let the page type for me
      </button>
    </p>
  );
}

type Standing = 'fetching' | 'ready' | 'missing';

function Screen({ session, tty, label }: { session: Session; tty: number; label: string }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const spoken = useRef<SpokenText | null>(null);
  const [pieces, setPieces] = useState<readonly SpokenPiece[]>([]);
  const [standing, setStanding] = useState<Standing>('fetching');
  const [attempt, setAttempt] = useState(0);
  const still = useSession(session, (view) => view.phase !== 'running');
  const wayOut = useId();

  useEffect(() => {
    const text = new SpokenText(setPieces);
    spoken.current = text;
    const off = session.onConsole((piece, fresh) => text.print(piece, fresh), tty);
    return () => {
      off();
      text.stop();
    };
  }, [session, tty]);
  // What is drawn at once is said in its own time; but where nothing moves, or nothing is drawn, there is no reason to wait.
  useEffect(() => {
    if (still || standing !== 'ready') spoken.current?.flush();
  }, [still, standing]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let dispose: (() => void) | null = null;
    let wanted = true;
    setStanding('fetching');
    import('./xterm_view.ts').then(
      async ({ openTerminal }) => {
        // Its code has just run, and to draw takes as long again: others may come in between.
        await new Promise((done) => setTimeout(done));
        if (!wanted) return;
        dispose = openTerminal(element, session, { tty, label, wayOut });
        setStanding('ready');
      },
      () => setStanding('missing'),
    );
    return () => {
      wanted = false;
      dispose?.();
    };
  }, [session, tty, label, wayOut, attempt]);

  return (
    <div className="screen">
      <div className="console" data-tty={tty}>
        <div ref={place} className="console__screen" />
        {/* Until xterm is here, and where it cannot be, the text stands as it is; then it is there for those who listen. */}
        <pre className={standing === 'ready' ? 'for-ears' : 'console__plain'} role="log" aria-label={label} tabIndex={-1}>
          {pieces.map(({ id, text }) => (
            <span key={id}>{text}</span>
          ))}
        </pre>
      </div>
      <Changed session={session} tty={tty} />
      {standing === 'missing' ? (
        <p className="console__foot">
          The keyboard of this terminal could not be fetched.{' '}
          <button type="button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </p>
      ) : (
        <p className="console__foot" id={wayOut}>
          All keys go to the Guest; <kbd>Esc</kbd>, then <kbd>Tab</kbd> leaves the terminal.
        </p>
      )}
    </div>
  );
}

/** Characters of it that are told. */
const TOLD = 60;

/** What a step, or a step back, has put on the screen, or taken from it. */
function Changed({ session, tty }: { session: Session; tty: number }): ReactNode {
  const printed = useSession(session, (view) => view.printed.find((one) => one.tty === tty));
  if (printed === undefined) return null;
  return (
    <p className="console__changed">
      {printed.less !== '' && (
        <>
          taken back: <del>{shownOf(printed.less)}</del>
        </>
      )}
      {printed.less !== '' && printed.more !== '' && '; '}
      {printed.more !== '' && (
        <>
          printed: <ins>{shownOf(printed.more)}</ins>
        </>
      )}
    </p>
  );
}

/** Bytes as text in one line, its ends being seen. */
function shownOf(bytes: string): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))).replaceAll('\n', '↵');
  return text.length > TOLD ? `…${text.slice(-TOLD)}` : text;
}
