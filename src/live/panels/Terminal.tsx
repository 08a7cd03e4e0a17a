/** The Guest's console, in xterm.js, which is fetched when the first Guest boots. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../session.ts';

export default function Terminal({ session }: { session: Session }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [plain, setPlain] = useState('');
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let dispose: (() => void) | null = null;
    let wanted = true;
    // Until xterm is here, and where it cannot be, the text stands as it is.
    const offPlain = session.onConsole((text) => setPlain((old) => (text === null ? '' : old + text)));
    void import('./xterm_view.ts').then(({ openTerminal }) => {
      if (!wanted) return;
      offPlain();
      dispose = openTerminal(element, session);
      setReady(true);
    }, () => undefined);
    return () => {
      wanted = false;
      offPlain();
      dispose?.();
    };
  }, [session]);

  return (
    <div className="console">
      <div ref={place} className="console__screen" />
      {!ready && <pre className="console__plain">{plain}</pre>}
    </div>
  );
}
