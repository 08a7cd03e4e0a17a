/** A live Guest in a chapter. Until someone boots it, it is a picture frame: nothing is loaded. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';
import clsx from 'clsx';

import Counters from './panels/Counters.tsx';
import Dock from './panels/Dock.tsx';
import Events from './panels/Events.tsx';
import Here from './panels/Here.tsx';
import Keys from './panels/Keys.tsx';
import Lanes from './panels/Lanes.tsx';
import Registers from './panels/Registers.tsx';
import Terminal from './panels/Terminal.tsx';
import Toolbar from './panels/Toolbar.tsx';
import { Session } from './session.ts';
import { useNear } from './use_near.ts';
import { useRebuilt } from './use_rebuilt.ts';
import { describe } from './describe.ts';

/** Panels in the order they are laid out; scenes name them so. */
const PANELS = [
  ['terminal', 'Terminal'], ['registers', 'Registers'], ['here', 'Next instruction'], ['lanes', 'Who is running'], ['events', 'Events'], ['counters', 'Counters'],
] as const;
type PanelName = (typeof PANELS)[number][0];

/** Other names scenes may use. */
const ALIASES: Readonly<Record<string, PanelName>> = { disassembly: 'here', source: 'here', who: 'lanes', running: 'lanes' };
const DEFAULT_PANELS: readonly PanelName[] = ['terminal', 'registers', 'here', 'lanes'];

const VIEWS: Readonly<Record<PanelName, (props: { session: Session }) => ReactNode>> = {
  terminal: Terminal, registers: Registers, here: Here, lanes: Lanes, events: Events, counters: Counters,
};

/** @param scene name of the chapter's scene (`scenes/<scene>.json`) */
export default function LiveGuest({ scene }: { scene: string }): ReactNode {
  const workerUrl = useBaseUrl('/live/worker.js');
  const sceneUrl = useBaseUrl(`/live/scenes/${scene}.json`);
  const session = useMemo(() => new Session(new URL(workerUrl, origin()).href, new URL(sceneUrl, origin()).href), [workerUrl, sceneUrl]);
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const frame = useRef<HTMLElement>(null);
  const near = useNear(frame);
  const [chosen, setChosen] = useState<ReadonlySet<PanelName> | null>(null);
  const [help, setHelp] = useState(false);

  useEffect(() => {
    if (near) session.prepare();
  }, [near, session]);
  useEffect(() => () => session.sleep(), [session]);
  // The button that was clicked is gone: its focus goes to the frame, where the keys work.
  useEffect(() => {
    if (view.open) frame.current?.focus({ preventScroll: true });
  }, [view.open]);
  useRebuilt(useCallback(() => session.sleep(), [session]));

  const open = chosen ?? panelsOf(view.panels);
  const togglePanel = (name: PanelName): void => {
    setChosen((before) => {
      const next = new Set(before ?? panelsOf(view.panels));
      if (!next.delete(name)) next.add(name);
      return next;
    });
  };

  const onKeyDown = useCallback((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target as HTMLElement;
    if (target.closest('.xterm, input, select, textarea') !== null) return;
    const act = (): boolean => {
      switch (event.key) {
        case 'p': case 'r': session.toggle(); return true;
        case 's': session.step(); return true;
        case 'b': session.back(); return true;
        case 'n': session.stepToEvent(); return true;
        case 'N': session.backToEvent(); return true;
        case '0': session.reset(); return true;
        case '?': setHelp((shown) => !shown); return true;
        case 'Escape': setHelp(false); return false;
        default: return false;
      }
    };
    if (act()) event.preventDefault();
  }, [session]);

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
            A Guest that runs the code of this chapter stands here, on a 32-bit processor emulated in your browser. The lines on this page light up as it passes
            through them.
          </p>
          <noscript>
            <p className="live__static">It needs JavaScript. The page reads as well without; and <code>node scripts/scenes.mjs</code> runs the same Guests on a command line.</p>
          </noscript>
        </div>
      ) : (
        <>
          <Toolbar session={session} onHelp={() => setHelp(!help)} />
          <p className="live__status" role="status">{describe(view)}</p>
          <div className="live__panels">
            {PANELS.filter(([name]) => open.has(name)).map(([name, label]) => {
              const Panel = VIEWS[name];
              return (
                <section key={name} className={`panel panel--${name}`} aria-label={label}>
                  <p className="panel__title">{label}</p>
                  <Panel session={session} />
                </section>
              );
            })}
          </div>
          <div className="live__chooser" role="group" aria-label="Instruments">
            {PANELS.map(([name, label]) => (
              <button key={name} type="button" aria-pressed={open.has(name)} onClick={() => togglePanel(name)}>{label}</button>
            ))}
          </div>
          {help && <Keys onClose={() => setHelp(false)} />}
          <Dock session={session} frame={frame} />
        </>
      )}
    </section>
  );
}

function panelsOf(names: readonly string[]): ReadonlySet<PanelName> {
  const known = names.map((name) => ALIASES[name] ?? name).filter((name): name is PanelName => PANELS.some(([own]) => own === name));
  return new Set(known.length === 0 ? DEFAULT_PANELS : known);
}

/** During static rendering there is no location; the addresses made then are never used. */
function origin(): string {
  return typeof window === 'undefined' ? 'http://localhost/' : window.location.href;
}
