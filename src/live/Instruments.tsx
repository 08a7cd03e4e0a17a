/** The instrument case of a Guest that is awake: controls, status, panels and their chooser. */
import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import type { ReactNode, RefObject } from 'react';

import { describe } from './page/describe.ts';
import Counters from './panels/Counters.tsx';
import Dock from './panels/Dock.tsx';
import Events from './panels/Events.tsx';
import Here from './panels/Here.tsx';
import Keys from './panels/Keys.tsx';
import Lanes from './panels/Lanes.tsx';
import Registers from './panels/Registers.tsx';
import Terminal from './panels/Terminal.tsx';
import Toolbar from './panels/Toolbar.tsx';
import type { Session } from './page/session.ts';

const Rings = lazy(() => import('./panels/Rings.tsx'));

/** Panels in the order they are laid out; scenes name them so. */
const PANELS = [
  ['terminal', 'Terminal'],
  ['registers', 'Registers'],
  ['here', 'Next instruction'],
  ['lanes', 'Who is running'],
  ['rings', 'Rings'],
  ['events', 'Events'],
  ['counters', 'Counters'],
] as const;
type PanelName = (typeof PANELS)[number][0];

/** Other names scenes may use. */
const ALIASES: Readonly<Record<string, PanelName>> = { disassembly: 'here', source: 'here', who: 'lanes', running: 'lanes' };
const DEFAULT_PANELS: readonly PanelName[] = ['terminal', 'registers', 'here', 'lanes'];

const VIEWS: Readonly<Record<PanelName, (props: { session: Session }) => ReactNode>> = {
  terminal: Terminal,
  registers: Registers,
  here: Here,
  lanes: Lanes,
  events: Events,
  counters: Counters,
  rings: ({ session }) => (
    <Suspense fallback={<p className="panel__empty">…</p>}>
      <Rings session={session} />
    </Suspense>
  ),
};

/** @param frame the element around it, which hears the keys */
export default function Instruments({
  session,
  frame,
  help,
  setHelp,
}: {
  session: Session;
  frame: RefObject<HTMLElement | null>;
  help: boolean;
  setHelp: (shown: boolean) => void;
}): ReactNode {
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const [chosen, setChosen] = useState<ReadonlySet<PanelName> | null>(null);
  const open = chosen ?? panelsOf(view.panels);
  const togglePanel = (name: PanelName): void => {
    setChosen((before) => {
      const next = new Set(before ?? panelsOf(view.panels));
      if (!next.delete(name)) next.add(name);
      return next;
    });
  };
  return (
    <>
      <Toolbar session={session} onHelp={() => setHelp(!help)} />
      <p className="live__status" role="status">
        {describe(view)}
      </p>
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
          <button key={name} type="button" aria-pressed={open.has(name)} onClick={() => togglePanel(name)}>
            {label}
          </button>
        ))}
      </div>
      {help && <Keys onClose={() => setHelp(false)} />}
      <Dock session={session} frame={frame} />
    </>
  );
}

function panelsOf(names: readonly string[]): ReadonlySet<PanelName> {
  const known = names.map((name) => ALIASES[name] ?? name).filter((name): name is PanelName => PANELS.some(([own]) => own === name));
  return new Set(known.length === 0 ? DEFAULT_PANELS : known);
}
