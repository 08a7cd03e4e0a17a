/** The controls once more, at the foot of the window, while the Guest's frame is out of sight. */
import { useEffect, useState } from 'react';
import type { ReactNode, RefObject } from 'react';

import { describe } from '../page/describe.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { calm, reveal, rowOf } from '../rows.ts';
import Toolbar from './Toolbar.tsx';

export default function Dock({
  session,
  frame,
  onHelp,
}: {
  session: Session;
  frame: RefObject<HTMLElement | null>;
  onHelp: () => void;
}): ReactNode {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => setAway(!(entries.at(-1)?.isIntersecting ?? true)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame]);
  if (!away) return null;
  return (
    <div className="dock">
      <Toolbar session={session} onHelp={onHelp} />
      <p className="dock__line">
        <button type="button" onClick={() => frame.current?.scrollIntoView({ block: 'start', behavior: calm() ? 'instant' : 'smooth' })}>
          back to the Guest
        </button>
        <ToLine session={session} />
        <Sentence session={session} />
      </p>
    </div>
  );
}

function ToLine({ session }: { session: Session }): ReactNode {
  const place = useSession(session, (view) => (view.phase === 'running' ? null : view.place));
  if (place === null) return null;
  const row = rowOf(place);
  if (row === null) return null;
  return (
    <button type="button" onClick={() => reveal(row)}>
      to the line that comes next
    </button>
  );
}

function Sentence({ session }: { session: Session }): ReactNode {
  return <span>{useSession(session, describe)}</span>;
}
