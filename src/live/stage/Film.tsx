/** What is seen of a Guest on stage: its terminal, who is running, and how far it is. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import Lanes from '../panels/Lanes.tsx';
import { signOf } from '../worlds.ts';

export default function Film({ session, onAgain }: { session: Session; onAgain: () => void }): ReactNode {
  const [text, setText] = useState('');
  useEffect(() => {
    setText('');
    return session.onConsole((more, fresh) => setText((before) => (fresh ? '' : before) + more));
  }, [session]);
  const world = useSession(session, (view) => view.world);
  const phase = useSession(session, (view) => view.phase);
  const instructions = useSession(session, (view) => view.instructions);
  const sign = world === null ? null : signOf(world);
  const ended = phase === 'exited' || phase === 'panicked';
  return (
    <>
      <pre className="stage__screen" role="img" aria-label={`Its terminal says: ${text === '' ? 'nothing yet' : text}`}>
        {text}
        {!ended && <span className="stage__cursor" />}
      </pre>
      <Lanes session={session} />
      <p className={`stage__state world-${world ?? 'neutral'}`}>
        <span className="stage__world">
          <span aria-hidden="true">{sign?.shape ?? '·'}</span> {ended ? 'The Host has ended it' : (sign?.label ?? 'Coming')}
        </span>
        <span className="stage__count">{grouped(instructions)} instructions</span>
        {ended && (
          <button type="button" onClick={onAgain}>
            Again
          </button>
        )}
      </p>
    </>
  );
}
