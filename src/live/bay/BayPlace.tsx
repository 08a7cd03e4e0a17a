/** The bay: a place for one Guest above all pages. Empty until one is booted; its instruments are fetched then. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { Contained, fetched } from '../page/fetched.tsx';
import { useHidden } from '../page/use_hidden.ts';
import { useKeys } from '../page/use_keys.ts';
import { useSession } from '../page/use_session.ts';
import Handle from './Handle.tsx';
import { useHoused } from './housed.ts';
import type { Housed } from './housed.ts';
import { useKept, useReturn } from './kept.ts';
import { useBayLayout } from './layout.ts';
import { useLink } from './permalink.ts';

const Bay = fetched(() => import('./Bay.tsx'), 'the instruments');
const LinkedEdits = fetched(() => import('./LinkedEdits.tsx'), 'what the link brings');

export default function BayPlace(): ReactNode {
  const housed = useHoused();
  const question = useLink();
  useReturn();
  if (question !== null) return <LinkedEdits question={question} />;
  return housed === null ? null : <Berthed key={`${housed.scene} ${housed.title}`} housed={housed} />;
}

function Berthed({ housed }: { housed: Housed }): ReactNode {
  const { session, scene, title, returned = false, keepsFocus = false } = housed;
  const phase = useSession(session, (view) => view.phase);
  const status = useSession(session, (view) => view.status);
  const instructions = useSession(session, (view) => view.instructions);
  const world = useSession(session, (view) => view.world);
  const layout = useBayLayout();
  const frame = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  const onKeyDown = useKeys(session, help, setHelp);
  // The button that was clicked is gone: its focus goes here, where the keys work.
  useEffect(() => {
    if (!returned && !keepsFocus) frame.current?.focus({ preventScroll: true });
  }, [session, returned, keepsFocus]);
  useKept(housed);
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
        <Bay key={title} housed={housed} layout={layout} help={help} setHelp={setHelp} />
      </Contained>
    </section>
  );
}
