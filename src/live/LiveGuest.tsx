/** A live Guest in a chapter. Until someone boots it, it is a picture frame: nothing is loaded. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';
import clsx from 'clsx';

import { fetched } from './page/fetched.tsx';
import { keepInPlace } from './page/keep_in_place.ts';
import { readPace } from './page/pace.ts';
import { recall } from './page/remembered.ts';
import { Session } from './page/session.ts';
import { useKeys } from './page/use_keys.ts';
import { useNear } from './page/use_near.ts';
import { useRebuilt } from './page/use_rebuilt.ts';
import { useSession } from './page/use_session.ts';

const Instruments = fetched(() => import('./Instruments.tsx'), 'the instruments');

/**
 * @param scene name of the chapter's scene (`scenes/<scene>.json`)
 * @param title the scene's, as the build knows it
 */
export default function LiveGuest({ scene, title = 'A live Guest' }: { scene: string; title?: string | undefined }): ReactNode {
  const workerUrl = useBaseUrl('/live/worker.js');
  const sceneUrl = useBaseUrl(`/live/scenes/${scene}.json`);
  const session = useMemo(
    () => new Session(new URL(workerUrl, origin()).href, { type: 'load', url: new URL(sceneUrl, origin()).href }, { title }),
    [workerUrl, sceneUrl, title],
  );
  const open = useSession(session, (view) => view.open);
  const phase = useSession(session, (view) => view.phase);
  const status = useSession(session, (view) => view.status);
  const instructions = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const frame = useRef<HTMLElement>(null);
  const near = useNear(frame);
  const [help, setHelp] = useState(false);
  const onKeyDown = useKeys(session, help, setHelp);

  useEffect(() => session.send({ type: 'pace', pace: readPace(recall('pace', 'rising')) }), [session]);
  useEffect(() => {
    if (!near) return;
    session.prepare();
    // If they do not come now, it is told when they are wanted.
    import('./Instruments.tsx').catch(() => undefined);
  }, [near, session]);
  useEffect(() => () => session.sleep(), [session]);
  // The button that was clicked is gone: its focus goes to the frame, where the keys work.
  useEffect(() => {
    if (open) frame.current?.focus({ preventScroll: true });
  }, [open]);
  useRebuilt(useCallback(() => session.sleep(), [session]));

  const boot = (run: boolean): void => keepInPlace(frame.current, () => session.boot(run));
  return (
    <section
      ref={frame}
      className={clsx('live', open ? `live--${phase}` : 'live--asleep', `world-${open ? (world ?? 'neutral') : 'neutral'}`)}
      aria-label={`Live Guest: ${title}`}
      data-scene={scene}
      data-phase={open ? phase : 'asleep'}
      data-status={status}
      data-instructions={instructions}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {!open ? (
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
              It needs JavaScript. The page reads as well without; and <code>node scripts/scenes.mjs</code> runs the same Guests on a
              command line.
            </p>
          </noscript>
        </div>
      ) : (
        <Instruments session={session} frame={frame} help={help} setHelp={setHelp} />
      )}
    </section>
  );
}

/** During static rendering there is no location; the addresses made then are never used. */
function origin(): string {
  return typeof window === 'undefined' ? 'http://localhost/' : window.location.href;
}
