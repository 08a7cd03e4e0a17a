/** Leads from a chapter to its source, where the site knows its repository. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import type { Props } from '@theme/EditThisPage';

export default function EditThisPage({ editUrl }: Props): ReactNode {
  return (
    <Link to={editUrl} className="leaf__source">
      The source of this chapter
    </Link>
  );
}
