/** A Guest on stage: it boots before the reader's eyes, beside its code, and stays out of the bay. Nothing is fetched before it is in sight; who wants stillness presses a button. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import { housedGuest, useHoused } from '../bay/housed.ts';
import { readLink } from '../bay/link.ts';
import { fetched } from '../page/fetched.tsx';
import { Session } from '../page/session.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import { useSession } from '../page/use_session.ts';
import { calm } from '../rows.ts';

const Film = fetched(() => import('./Film.tsx'), 'the screen');

/** Of the stage, what must be in sight before it begins. */
const ENOUGH = 0.35;

interface StageProps {
  /** The scene. */
  scene: string;
  title: string;
  /** Its code. */
  children: ReactNode;
}

export default function Stage({ scene, title, children }: StageProps): ReactNode {
  const workerUrl = useLiveUrl('worker.js');
  const sceneUrl = useLiveUrl(`scenes/${scene}.json`);
  const [session, setSession] = useState<Session | null>(null);
  const place = useRef<HTMLElement>(null);
  const housed = useHoused();
  const play = useMemo(
    () => (): void => {
      const at = (path: string): string => new URL(path, window.location.href).href;
      setSession((before) => {
        before?.sleep();
        return new Session(at(workerUrl), { type: 'load', url: at(sceneUrl) }, { title, pace: 'rising' });
      });
    },
    [workerUrl, sceneUrl, title],
  );
  // The reader may have asked for another Guest in between: it is not put to sleep for this one.
  useEffect(() => {
    if (housedGuest() === null) session?.boot(true);
  }, [session]);
  useEffect(() => () => session?.sleep(), [session]);
  useEffect(() => beginOnSight(place.current, play), [play]);
  return (
    <section ref={place} className="stage" aria-label={`On stage: ${title}`} data-stage={scene}>
      <div className="stage__code">{children}</div>
      <div className="stage__film">
        {session === null ? (
          <Curtain play={play} taken={housed !== null} word="Play" />
        ) : (
          <Running session={session} play={play} taken={housed !== null} />
        )}
      </div>
    </section>
  );
}

function Running({ session, play, taken }: { session: Session; play: () => void; taken: boolean }): ReactNode {
  const asleep = useSession(session, ({ phase }) => phase === 'asleep');
  const failed = useSession(session, ({ phase }) => phase === 'failed');
  if (asleep || failed) return <Curtain play={play} taken={taken} word={failed ? 'It did not come. Try again' : 'Play it again'} />;
  return <Film session={session} onAgain={play} />;
}

/** Before it begins, and when the processor is somebody else's. */
function Curtain({ play, taken, word }: { play: () => void; taken: boolean; word: string }): ReactNode {
  return (
    <div className="stage__curtain">
      {taken ? (
        <p>The processor is at work for the Guest in the bay.</p>
      ) : (
        <button type="button" className="stage__play" onClick={play}>
          <span aria-hidden="true">▶</span> {word}
        </button>
      )}
    </div>
  );
}

/** Begins once, when enough of it can be seen and the page has nothing else to do; unless the reader wants peace, or another Guest is there already. */
function beginOnSight(stage: HTMLElement | null, play: () => void): (() => void) | undefined {
  const thrifty = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (stage === null || calm() || thrifty || readLink(window.location) !== null) return undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const sight = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      waiting = setTimeout(() => {
        // A link with a run in it may have been followed meanwhile; its Guest is on the way.
        if (housedGuest() === null && readLink(window.location) === null) play();
      }, 400);
    },
    { threshold: ENOUGH },
  );
  sight.observe(stage);
  return () => {
    sight.disconnect();
    clearTimeout(waiting);
  };
}
