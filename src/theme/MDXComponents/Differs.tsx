import type { ReactNode } from 'react';
import useBrokenLinks from '@docusaurus/useBrokenLinks';

import { anchorOfDifference } from '../difference_anchor.ts';

/** A remark in the margin: here this book's lguest does something else than the original. */
export default function Differs({ of, children }: { of: string; children: ReactNode }): ReactNode {
  const anchor = anchorOfDifference(of);
  useBrokenLinks().collectAnchor(anchor);
  return (
    <span className="note note--differs" role="note" id={anchor}>
      <b>Here we differ.</b> {children}
    </span>
  );
}
