import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { anchorOf } from '../glossary/anchor.ts';

/** The first use of a term on a page: a link to the glossary, and, as long as the reader stays on it, a card. */
export default function Term({ of, children }: { of: string; children: ReactNode }): ReactNode {
  const anchor = anchorOf(of);
  return (
    <Link className="term" to={`/appendix/glossary/#${anchor}`} data-term={anchor}>
      {children}
    </Link>
  );
}
