/** The frame of an exercise: its title, whether it is solved, what to do. */
import type { ReactNode } from 'react';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import clsx from 'clsx';

import { useSolved } from './progress.ts';

interface ItemProps {
  readonly id: string;
  readonly title: string;
  /** What kind of a thing it is: “change”. */
  readonly kind: string;
  /** What it asks. */
  readonly children: ReactNode;
  /** What can be done about it. */
  readonly means?: ReactNode;
}

/** The place of an exercise in its page: `#turn-late-tick`. */
export const anchorOf = (id: string): string => `turn-${id}`;

export default function Item({ id, title, kind, children, means }: ItemProps): ReactNode {
  const solved = useSolved(id) !== undefined;
  useBrokenLinks().collectAnchor(anchorOf(id));
  return (
    <section id={anchorOf(id)} className={clsx('turn', solved && 'turn--solved')} aria-labelledby={`${anchorOf(id)}-title`}>
      <h3 className="turn__title" id={`${anchorOf(id)}-title`}>
        <span className="turn__kind">{kind}</span> {title}
        {solved && <span className="turn__solved"> solved</span>}
      </h3>
      <div className="turn__asks">{children}</div>
      {means}
    </section>
  );
}
