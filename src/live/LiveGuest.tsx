/** A live Guest's place in a chapter. Until someone boots it, it is a picture frame: nothing is loaded. Then it is in the bay, and a quiet frame says so. */
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from '@docusaurus/router';

import Berth from './bay/Berth.tsx';
import { house, housedGuest, useHoused } from './bay/housed.ts';
import { standHere } from './page/guests_here.ts';
import { keepInPlace } from './page/keep_in_place.ts';
import { readPace } from './page/pace.ts';
import { recall } from './page/remembered.ts';
import { Session } from './page/session.ts';
import { useLiveUrl } from './page/use_live_url.ts';
import { forgetWorker } from './page/workplace.ts';
import { useNear } from './page/use_near.ts';
import { useRebuilt } from './page/use_rebuilt.ts';

/**
 * @param scene name of the chapter's scene (`scenes/<scene>.json`)
 * @param title the scene's, as the build knows it
 */
export default function LiveGuest({ scene, title = 'A live Guest' }: { scene: string; title?: string | undefined }): ReactNode {
  const workerUrl = useLiveUrl('worker.js');
  const sceneUrl = useLiveUrl(`scenes/${scene}.json`);
  const { pathname } = useLocation();
  const session = useMemo(
    () =>
      new Session(
        new URL(workerUrl, origin()).href,
        { type: 'load', url: new URL(sceneUrl, origin()).href },
        { title, pace: readPace(recall('pace', 'rising')) },
      ),
    [workerUrl, sceneUrl, title],
  );
  const housed = useHoused();
  const place = useRef<HTMLElement>(null);
  const near = useNear(place);

  useEffect(() => {
    if (!near) return;
    session.prepare();
    // If they do not come now, it is told when they are wanted.
    import('./bay/Bay.tsx').catch(() => undefined);
  }, [near, session]);
  // What was only prepared goes with the page; what was booted lives in the bay.
  useEffect(
    () => () => {
      if (housedGuest()?.session !== session) session.sleep();
    },
    [session],
  );
  // The writer has changed a chapter: what runs, or is ready to, is of yesterday.
  useRebuilt(
    useCallback(() => {
      housedGuest()?.session.sleep();
      session.sleep();
      forgetWorker();
    }, [session]),
  );
  const boot = useCallback(
    (run: boolean): void =>
      keepInPlace(
        () => place.current,
        () => {
          session.boot(run);
          house({ session, scene, title, home: pathname });
        },
      ),
    [session, scene, title, pathname],
  );

  useEffect(() => standHere(scene, () => boot(true)), [scene, boot]);

  if (housed?.scene === scene) return <Berth ref={place} housed={housed} />;
  return (
    <section ref={place} className="live live--asleep" aria-label={`Live Guest: ${title}`} data-scene={scene} data-phase="asleep">
      <div className="live__poster">
        <p className="live__title">{title}</p>
        <button type="button" className="live__boot" onClick={() => boot(true)}>
          <span aria-hidden="true">▶</span> Boot this Guest
        </button>
        <button type="button" className="live__boot live__boot--quiet" onClick={() => boot(false)}>
          or stop before its first instruction
        </button>
        <p className="live__static">
          A Guest that runs the code of this chapter stands here, on a 32-bit processor emulated in your browser. The lines on this page
          light up as it passes through them.
        </p>
        <noscript>
          <p className="live__static">
            It needs JavaScript. The page reads as well without; and <code>node scripts/scenes.mjs</code> runs the same Guests on a command
            line.
          </p>
        </noscript>
      </div>
    </section>
  );
}

/** During static rendering there is no location; the addresses made then are never used. */
function origin(): string {
  return typeof window === 'undefined' ? 'http://localhost/' : window.location.href;
}
