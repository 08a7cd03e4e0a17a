/** A Guest in the bay: the frame around its instruments, and what goes on as long as it is there. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { Contained, fetched } from '../page/fetched.tsx';
import { useHidden } from '../page/use_hidden.ts';
import { useKeys } from '../page/use_keys.ts';
import { useSession } from '../page/use_session.ts';
import { panelsChosen } from '../panels/table.ts';
import type { PanelName } from '../panels/table.ts';
import Handle from './Handle.tsx';
import type { Housed } from './housed.ts';
import { useKept } from './kept.ts';
import type { BayLayout } from './layout.ts';

const Bay = fetched(() => import('./Bay.tsx'), 'the instruments');

export default function Berthed({ housed, layout }: { housed: Housed; layout: BayLayout }): ReactNode {
  const { session, scene, title, panels, returned = false, keepsFocus = false } = housed;
  const phase = useSession(session, (view) => view.phase);
  const status = useSession(session, (view) => view.status);
  const instructions = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const frame = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  const [chosen, choose] = useState<readonly PanelName[] | null>(() => (panels === undefined ? null : panelsChosen(panels)));
  const onKeyDown = useKeys(session, help, setHelp);
  // The button that was clicked is gone: its focus goes here, where the keys work; with the next frame, as nothing is laid out before.
  useEffect(() => {
    if (returned || keepsFocus) return undefined;
    const asked = requestAnimationFrame(() => frame.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(asked);
  }, [session, returned, keepsFocus]);
  useKept(housed, chosen);
  useHidden(session);
  return (
    <section
      ref={frame}
      className={clsx('live bay', `bay--${layout.folded ? 'folded' : layout.side}`, `live--${phase}`, `world-${world ?? 'neutral'}`)}
      aria-label={scene === null ? `Your Guest: ${title}` : `Live Guest: ${title}`}
      data-scene={scene ?? undefined}
      data-phase={phase}
      data-status={status}
      data-instructions={instructions}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {!layout.folded && <Handle layout={layout} />}
      <Contained what="The bay">
        <Bay key={title} housed={housed} layout={layout} chosen={chosen} choose={choose} help={help} setHelp={setHelp} />
      </Contained>
    </section>
  );
}
