/** What is in the bay: whose it is, the controls, how things stand, the instruments and their chooser. Folded, it is controls and one sentence. */
import { useEffect, useState } from 'react';
import type { Dispatch, ReactNode, SetStateAction } from 'react';
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';

import { Contained, fetched } from '../page/fetched.tsx';
import type { Session } from '../page/session.ts';
import { hasEnded, lineToSee } from '../page/state.ts';
import { useInTurn } from '../page/use_in_turn.ts';
import { useSession } from '../page/use_session.ts';
import ChapterLink from '../panels/ChapterLink.tsx';
import { components } from '../panels/components.ts';
import Hint from '../panels/Hint.tsx';
import Keys from '../panels/Keys.tsx';
import Status from '../panels/Status.tsx';
import { panelNames, PANELS, panelsOf } from '../panels/table.ts';
import type { PanelName } from '../panels/table.ts';
import Toolbar from '../panels/Toolbar.tsx';
import type { Housed } from './housed.ts';
import EditedNote from './EditedNote.tsx';
import type { BayLayout } from './layout.ts';
import Share from './Share.tsx';
import Timeline from './Timeline.tsx';
import WorldMenu from './WorldMenu.tsx';

const OwnKernel = fetched(() => import('../workbench/KernelFacts.tsx'), 'what is known of the kernel');
const OwnDisk = fetched(() => import('../workbench/DiskFacts.tsx'), 'what is known of the disk');

export default function Bay({
  housed,
  layout,
  chosen,
  choose,
  help,
  setHelp,
}: {
  housed: Housed;
  layout: BayLayout;
  /** The instruments that the reader, or whoever led here, has chosen. */
  chosen: readonly PanelName[] | null;
  choose: Dispatch<SetStateAction<readonly PanelName[] | null>>;
  help: boolean;
  setHelp: (shown: boolean) => void;
}): ReactNode {
  const { session, scene } = housed;
  const named = useSession(session, (view) => view.panels);
  // Who stands before a line of the Host's, however that was come to, wants to see what its variables are.
  const [studied, setStudied] = useState(false);
  const studies = useSession(session, (view) => view.phase === 'paused' && view.midway);
  useEffect(() => {
    if (studies) setStudied(true);
  }, [studies]);
  // All Guests have a terminal; what else they open is not known before they are there, and nothing is to change under the reader's finger.
  const usual = named === null ? (['terminal'] as const) : panelsOf(named);
  const initially: readonly PanelName[] = studied ? [...usual, 'locals'] : usual;
  const open: ReadonlySet<PanelName> = new Set(chosen ?? initially);
  const toggle = (name: PanelName): void =>
    choose((before) => {
      const next = new Set(before ?? initially);
      if (!next.delete(name)) next.add(name);
      return [...next];
    });
  // To draw all of them takes longer than anybody likes to wait for the first: they come one behind the other.
  const wanted = panelNames.filter((name) => open.has(name));
  const there = useInTurn(named === null && chosen === null ? null : wanted.length);
  const complete = there === Infinity;
  // The panels' own effects have come before: they watch for themselves.
  useEffect(() => {
    if (named !== null && complete) session.arrived();
  }, [session, named, complete]);
  return (
    <>
      <Head housed={housed} layout={layout} panels={[...open]} />
      <Toolbar session={session} onHelp={() => setHelp(true)} />
      {!layout.folded && <Timeline session={session} />}
      <Status session={session} />
      <EditedNote session={session} />
      {!layout.folded && (
        <div className="bay__room">
          <Hint />
          {scene === null && <OwnKernel session={session} />}
          <div className="live__panels" data-coming={named === null || complete ? undefined : ''}>
            {wanted.slice(0, there).map((name) => {
              const Panel = components[name];
              return (
                <section key={name} className={`panel panel--${name}`} aria-label={PANELS[name].label}>
                  <p className="panel__title">{PANELS[name].label}</p>
                  <Contained what={PANELS[name].label}>
                    <Panel session={session} />
                  </Contained>
                </section>
              );
            })}
          </div>
          {named !== null && (
            <div className="live__chooser" role="group" aria-label="Instruments">
              {panelNames.map((name) => (
                <button key={name} type="button" aria-pressed={open.has(name)} onClick={() => toggle(name)}>
                  {PANELS[name].label}
                </button>
              ))}
            </div>
          )}
          {scene === null && <OwnDisk session={session} />}
        </div>
      )}
      {help && <Keys session={session} onClose={() => setHelp(false)} />}
    </>
  );
}

/** Whose bay it is, the way to where it stands in the book, and the bay's own two buttons. */
function Head({
  housed,
  layout: { folded, fold },
  panels,
}: {
  housed: Housed;
  layout: BayLayout;
  panels: readonly PanelName[];
}): ReactNode {
  const { session, scene, home } = housed;
  const title = useSession(session, (view) => view.title);
  const { pathname } = useLocation();
  return (
    <header className="bay__head">
      <p className="live__name">
        {title}
        {pathname !== home && (
          <Link className="bay__home" to={home}>
            to its chapter
          </Link>
        )}
      </p>
      <ToLine session={session} />
      <WorldMenu housed={housed} panels={panels} />
      {scene !== null && <Share session={session} scene={scene} home={home} panels={panels} />}
      <button
        type="button"
        className="bay__fold"
        aria-expanded={!folded}
        title={folded ? 'Show the instruments' : 'Fold it down to its controls'}
        aria-label={folded ? 'Show the instruments' : 'Fold the instruments away'}
        onClick={() => fold(!folded)}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d={folded ? 'M3 10l5-5 5 5' : 'M3 6l5 5 5-5'} fill="none" stroke="currentColor" strokeWidth="1.8" />
        </svg>
      </button>
      <button
        type="button"
        className="bay__away"
        title="Put the Guest away"
        aria-label="Put the Guest away"
        onClick={() => session.sleep()}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="1.8" />
        </svg>
      </button>
    </header>
  );
}

/** Leads to the line where the processor stands, or the Guest ended, on whatever page that is. */
function ToLine({ session }: { session: Session }): ReactNode {
  const place = useSession(session, (view) => (view.phase === 'running' ? null : lineToSee(view)));
  const ended = useSession(session, hasEnded);
  return (
    <span className="bay__line">
      {place !== null && (
        <ChapterLink source={place.source} line={place.line}>
          {ended ? 'where it ended' : 'the next line'}
        </ChapterLink>
      )}
    </span>
  );
}
