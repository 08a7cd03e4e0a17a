import type { ReactNode } from 'react';
import clsx from 'clsx';

import Marker from './Marker.tsx';

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
      {children}
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
