/** The instrument case of a Guest that is awake: controls, status, panels and their chooser. */
import { useEffect, useState } from 'react';
import type { ReactNode, RefObject } from 'react';

import { components } from './panels/components.ts';
import Dock from './panels/Dock.tsx';
import Hint from './panels/Hint.tsx';
import Keys from './panels/Keys.tsx';
import Status from './panels/Status.tsx';
import { panelNames, PANELS, panelsOf } from './panels/table.ts';
import type { PanelName } from './panels/table.ts';
import Toolbar from './panels/Toolbar.tsx';
import { Contained } from './page/fetched.tsx';
import type { Session } from './page/session.ts';
import { useSession } from './page/use_session.ts';

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
  const title = useSession(session, (view) => view.title);
  const named = useSession(session, (view) => view.panels);
  const [chosen, setChosen] = useState<ReadonlySet<PanelName> | null>(null);
  const open = chosen ?? new Set(panelsOf(named));
  const toggle = (name: PanelName): void => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  // The panels' own effects have come before: they watch for themselves.
  useEffect(() => session.arrived(), [session]);
  return (
    <>
      <p className="live__name">{title}</p>
      <Toolbar session={session} onHelp={() => setHelp(true)} />
      <Status session={session} />
      <Hint />
      <div className="live__panels">
        {panelNames
          .filter((name) => open.has(name))
          .map((name) => {
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
      <div className="live__chooser" role="group" aria-label="Instruments">
        {panelNames.map((name) => (
          <button key={name} type="button" aria-pressed={open.has(name)} onClick={() => toggle(name)}>
            {PANELS[name].label}
          </button>
        ))}
      </div>
      {help && <Keys onClose={() => setHelp(false)} />}
      <Dock session={session} frame={frame} onHelp={() => setHelp(true)} />
    </>
  );
}
