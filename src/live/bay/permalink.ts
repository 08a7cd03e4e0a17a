/** Who opens the address of a moment finds the Guest there. */
import { useEffect } from 'react';
import { useLocation } from '@docusaurus/router';

import { readPace } from '../page/pace.ts';
import { recall } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import { house, housedGuest } from './housed.ts';
import { readLink } from './link.ts';

/** Opens what the address of this page holds, once, when the bay is empty. */
export function useLink(): void {
  const { pathname, search } = useLocation();
  const worker = useLiveUrl('worker.js');
  const scenes = useLiveUrl('scenes/');
  useEffect(() => {
    const linked = readLink(search);
    if (linked === null || housedGuest() !== null) return;
    const { scene, title, inputs, where, midway, panels, breakpoints } = linked;
    const at = (path: string): string => new URL(path, window.location.href).href;
    const again = { at: where.at, inputs };
    const session = new Session(
      at(worker),
      { type: 'load', url: at(`${scenes}${scene}.json`), again },
      { title, pace: readPace(recall('pace', 'rising')) },
    );
    session.boot(false);
    session.send({ type: 'breakpoints', breakpoints });
    house({ session, scene, title, home: pathname, returned: true, panels });
    if (!midway) return;
    // The last of the way is within what the Host does.
    const off = session.subscribe(() => {
      const { phase, instructions } = session.view();
      if (phase !== 'paused' || instructions < where.at) return;
      off();
      session.send({ type: 'to-exact', where, midway });
    });
  }, []);
}
