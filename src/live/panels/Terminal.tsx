/** The Guest's console, in xterm.js, which is fetched when the first Guest boots. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../session.ts';

export default function Terminal({ session }: { session: Session }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let dispose: (() => void) | null = null;
    let wanted = true;
    const offText = session.onConsole((piece) => setText((old) => (piece === null ? '' : old + piece)));
    void import('./xterm_view.ts').then(({ openTerminal }) => {
      if (!wanted) return;
      dispose = openTerminal(element, session);
      setReady(true);
    }, () => undefined);
    return () => {
      wanted = false;
      offText();
      dispose?.();
    };
  }, [session]);

  return (
    <div className="console">
      <div ref={place} className="console__screen" />
      {/* Until xterm is here, and where it cannot be, the text stands as it is; then it is there for those who listen. */}
      <pre className={ready ? 'console__spoken' : 'console__plain'} role="log" aria-label="Terminal" tabIndex={-1}>{text}</pre>
    </div>
  );
}
