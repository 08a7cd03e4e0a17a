import type { MouseEvent, ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { useMoment } from '#live';

import { useChunkIndex } from '../chunk_index.ts';
import { usePageMoments } from '../moments.ts';

interface MomentProps {
  scene: string;
  /** The chunk where it is. */
  at: string;
  /** A line of it, or a part of one: the run stops just before. Without it, before the first of its lines that runs. */
  line?: string;
  /** A condition over what the line's function knows, the registers and the Guest's memory. */
  when?: string;
  /** Which of the times that this is so; the first, if nothing is said. */
  hit?: number;
  /** The instruments that open, if not the scene's own. */
  panels?: string;
  /** Told by the build. */
  moment?: string;
  title?: string;
  children: ReactNode;
}

/** Words that lead to a moment of a Guest's run: it is opened there, paused, with the line lit. Where nothing runs, they lead to the chunk. */
export default function Moment({ scene, at, moment = '', title, panels, children }: MomentProps): ReactNode {
  const address = useChunkIndex().addressOf(at);
  const known = usePageMoments()[moment];
  const open = useMoment(scene, title);
  if (known === undefined || address === undefined) return children;
  const go = (event: MouseEvent<HTMLAnchorElement>): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const words = event.currentTarget;
    open(known, { from: () => words, ...(panels !== undefined && { panels: panels.split(' ') }) });
  };
  return (
    <Link className="moment" to={address} title="Go there: the Guest opens at this moment, paused" onClick={go}>
      <svg className="moment__sign" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.2" />
        <path d="M6.400 5v6M9.600 5v6" />
      </svg>
      {children}
    </Link>
  );
}
