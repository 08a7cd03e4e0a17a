/** A live Guest in a chapter. Until someone boots it, it is a picture frame: nothing is loaded. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';
import clsx from 'clsx';

import { Session } from './page/session.ts';
import { useKeys } from './page/use_keys.ts';
import { useNear } from './page/use_near.ts';
import { useRebuilt } from './page/use_rebuilt.ts';

const Instruments = lazy(() => import('./Instruments.tsx'));

/** @param scene name of the chapter's scene (`scenes/<scene>.json`) */
export default function LiveGuest({ scene }: { scene: string }): ReactNode {
  const workerUrl = useBaseUrl('/live/worker.js');
  const sceneUrl = useBaseUrl(`/live/scenes/${scene}.json`);
  const session = useMemo(
    () => new Session(new URL(workerUrl, origin()).href, { type: 'load', url: new URL(sceneUrl, origin()).href }),
    [workerUrl, sceneUrl],
  );
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const frame = useRef<HTMLElement>(null);
  const near = useNear(frame);
  const [help, setHelp] = useState(false);
  const onKeyDown = useKeys(session, help, setHelp);

  useEffect(() => {
    if (!near) return;
    session.prepare();
    void import('./Instruments.tsx');
  }, [near, session]);
  useEffect(() => () => session.sleep(), [session]);
  // The button that was clicked is gone: its focus goes to the frame, where the keys work.
  useEffect(() => {
    if (view.open) frame.current?.focus({ preventScroll: true });
  }, [view.open]);
  useRebuilt(useCallback(() => session.sleep(), [session]));

  const asleep = !view.open;
  const world = view.registers?.world ?? 'neutral';
  return (
    <section
      ref={frame}
      className={clsx('live', asleep && 'live--asleep', !asleep && `live--${view.phase}`, `world-${asleep ? 'neutral' : world}`)}
      aria-label="Live Guest"
      data-scene={scene}
      data-phase={asleep ? 'asleep' : view.phase}
      data-status={view.status}
      data-instructions={view.instructions}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {asleep ? (
        <div className="live__poster">
          <p className="live__title">{view.title === '' ? 'A live Guest' : view.title}</p>
          <button type="button" className="live__boot" onClick={() => session.boot(true)}>
            <span aria-hidden="true">▶</span> Boot this Guest
          </button>
          <button type="button" className="live__boot live__boot--quiet" onClick={() => session.boot(false)}>
            or stop before its first instruction
          </button>
          <p className="live__static">
            A Guest that runs the code of this chapter stands here, on a 32-bit processor emulated in your browser. The lines on this page
            light up as it passes through them.
          </p>
          <noscript>
            <p className="live__static">
              It needs JavaScript. The page reads as well without; and <code>node scripts/scenes.mjs</code> runs the same Guests on a
              command line.
            </p>
          </noscript>
        </div>
      ) : (
        <Suspense
          fallback={
            <p className="live__status" role="status">
              Fetching the instruments…
            </p>
          }
        >
          <Instruments session={session} frame={frame} help={help} setHelp={setHelp} />
        </Suspense>
      )}
    </section>
  );
}

/** During static rendering there is no location; the addresses made then are never used. */
function origin(): string {
  return typeof window === 'undefined' ? 'http://localhost/' : window.location.href;
}
