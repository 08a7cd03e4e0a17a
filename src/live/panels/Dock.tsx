/** The controls once more, at the foot of the window, while the Guest's frame is out of sight. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode, RefObject } from 'react';

import { describe } from '../page/describe.ts';
import type { Session } from '../page/session.ts';
import Toolbar from './Toolbar.tsx';

export default function Dock({ session, frame }: { session: Session; frame: RefObject<HTMLElement | null> }): ReactNode {
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => setAway(!(entries.at(-1)?.isIntersecting ?? true)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame]);
  if (!away) return null;
  const { place } = view;
  const goThere = (): void => {
    if (place === null) return;
    const row = document.querySelector(`.chunk[data-mdx="${CSS.escape(place.source)}"] .row[data-line="${place.line}"]`);
    const fold = row?.closest('details');
    if (fold) fold.open = true;
    row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  };
  return (
    <div className="dock">
      <Toolbar session={session} />
      <p className="dock__line">
        <button type="button" onClick={() => frame.current?.scrollIntoView({ block: 'start', behavior: 'smooth' })}>
          back to the Guest
        </button>
        {place !== null && view.phase !== 'running' && (
          <button type="button" onClick={goThere}>
            to <code>{view.instruction}</code>
          </button>
        )}
        <span>{describe(view)}</span>
      </p>
    </div>
  );
}
