import type { ReactNode } from 'react';
import clsx from 'clsx';

import Marker from './Marker.tsx';
import Sideways from './Sideways.tsx';

/** A picture with its legend. `wide` lets it reach into the margin; `from` names the chunk that it shows. */
export default function Figure({
  caption,
  wide,
  from,
  children,
}: {
  caption: ReactNode;
  wide?: boolean;
  from?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <figure className={clsx('figure', wide && 'figure--wide')}>
      <Sideways what="A figure">{children}</Sideways>
      <figcaption>
        {caption}
        {from !== undefined && (
          <>
            {' '}
            <Marker id={from} />
          </>
        )}
      </figcaption>
    </figure>
  );
}
