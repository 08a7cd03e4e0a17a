/** The route through the tour, one stop a part. */
import type { ReactNode } from 'react';
import { useActiveDocContext, useAllDocsData } from '@docusaurus/plugin-content-docs/client';
import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import clsx from 'clsx';

import { partOf, parts } from '../parts.ts';

export default function TrailNavbarItem({ mobile }: { mobile?: boolean }): ReactNode {
  const data = useAllDocsData().default;
  const active = useActiveDocContext('default').activeDoc;
  const here = active === undefined ? undefined : partOf(active.id);
  const firstChapters = useDocusaurusContext().siteConfig.customFields?.firstChapters as Record<string, string | null>;
  return (
    <ol className={clsx('trail', mobile && 'trail--mobile')} aria-label="The parts of the tour">
      {parts.map((part) => {
        const first = data?.versions[0].docs.find((doc) => doc.id === firstChapters[part.folder]);
        const letter = part.letter.toLowerCase();
        return (
          <li key={part.letter} className={`part-${letter}`}>
            {first === undefined ? (
              <Link
                className="trail__stop trail__stop--blank"
                to={`/#${part.folder}`}
                title={`${part.title}: ${part.blurb}. Its chapters are still to be written; here is what can be done today`}
                aria-label={`${part.title}, still to be written`}
              >
                {part.letter}
              </Link>
            ) : (
              <Link
                className={clsx('trail__stop', here === part && 'trail__stop--here')}
                to={first.path}
                title={`${part.title}: ${part.blurb}`}
                aria-label={part.title}
                aria-current={active?.id === first.id ? 'page' : undefined}
              >
                {part.letter}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}
