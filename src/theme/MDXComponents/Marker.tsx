import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';

import { useMarkerClass } from '#live';
import { useChunkIndex } from '../chunk_index.ts';
import { partOfMarker } from '../parts.ts';

/** A marker's badge: a link to its chunk, or, where the marker owns prose only, the place itself. */
export default function Marker({ id }: { id: string }): ReactNode {
  const dress = useClassOf(id);
  const address = useChunkIndex().addressOf(id);
  const links = useBrokenLinks();
  if (address !== undefined) return <Badge id={id} to={address} />;
  links.collectAnchor(id);
  return (
    <a id={id} href={`#${id}`} className={dress}>
      {id}
    </a>
  );
}

/** The badge alone, for who knows the address. */
export function Badge({ id, to }: { id: string; to: string }): ReactNode {
  return (
    <Link className={useClassOf(id)} to={to}>
      {id}
    </Link>
  );
}

function useClassOf(id: string): string {
  return `${useMarkerClass(id)} part-${(partOfMarker(id)?.letter ?? 'P').toLowerCase()}`;
}
