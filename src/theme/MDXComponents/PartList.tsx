import type { ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';
import Link from '@docusaurus/Link';

import { parts } from '../parts.ts';

/** The seven parts, each with its letter, its first chapter and what one learns there. */
export default function PartList(): ReactNode {
  const docs = useAllDocsData().default?.versions[0].docs ?? [];
  const first = useDocusaurusContext().siteConfig.customFields?.firstChapters as Record<string, string | null>;
  return (
    <ol className="part-list">
      {parts.map((part) => {
        const page = docs.find((doc) => doc.id === first[part.folder]);
        return (
          <li key={part.letter} className={`part-${part.letter.toLowerCase()}`}>
            <span className="badge-letter" aria-hidden="true">
              {part.letter}
            </span>
            <span>
              {page === undefined ? (
                <b>{part.title}</b>
              ) : (
                <Link to={page.path}>
                  <b>{part.title}</b>
                </Link>
              )}
              , {part.blurb}
              {page === undefined && <i> (still to be written)</i>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
