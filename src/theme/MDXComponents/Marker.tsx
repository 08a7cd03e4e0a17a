import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';

import { useChunkIndex } from '../chunk_index.ts';
import { parts } from '../parts.ts';

/** A marker's badge: a link to its chunk, or, where the marker owns prose only, the place itself. */
export default function Marker({ id }: { id: string }): ReactNode {
  const index = useChunkIndex();
  const links = useBrokenLinks();
  const address = index.addressOf(id);
  const letter = parts.find((part) => part.letter === id[0])?.letter.toLowerCase() ?? 'p';
  const className = `marker part-${letter}`;
  if (address !== undefined) {
    return (
      <Link className={className} to={address}>
        {id}
      </Link>
    );
  }
  links.collectAnchor(id);
  return (
    <a id={id} href={`#${id}`} className={className}>
      {id}
    </a>
  );
}
