/** Nothing runs where nobody looks: a run pauses while the page is hidden, and goes on when it is seen again. */
import { useEffect } from 'react';

import type { Session } from './session.ts';

export function useHidden(session: Session): void {
  useEffect(() => {
    let paused = false;
    const look = (): void => {
      const { phase } = session.view();
      if (document.hidden && phase === 'running') {
        paused = true;
        session.send({ type: 'toggle' });
      } else if (!document.hidden && paused) {
        paused = false;
        // Whoever has done something with it meanwhile wants it so.
        if (phase === 'paused') session.send({ type: 'toggle' });
      }
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [session]);
}
