import type { ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';

import { parts } from '../parts.ts';

/** The seven parts, each with its letter, its first chapter and what one learns there. */
export default function PartList(): ReactNode {
  const docs = useAllDocsData().default?.versions[0].docs ?? [];
  const first = useDocusaurusContext().siteConfig.customFields?.firstChapters as Record<string, string | null>;
  const links = useBrokenLinks();
  for (const part of parts) links.collectAnchor(part.folder);
  return (
    <ol className="part-list">
      {parts.map((part) => {
        const page = docs.find((doc) => doc.id === first[part.folder]);
        return (
          <li key={part.letter} id={part.folder} className={`part-${part.letter.toLowerCase()}`}>
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
              {page === undefined && (
                <i>
                  . Its chapters are still to be written, but nothing has to wait for them: edit a block of any chapter, and{' '}
                  <code>npm run dev</code> runs the Guests on what you wrote
                </i>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
