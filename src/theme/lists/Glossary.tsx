import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';

import program from '@generated/tangle/default/program.json';
import { anchorOf } from '../glossary/anchor.ts';
import { glossary } from '../glossary/glossary.ts';

/** All terms, each with the page that introduces it. */
export default function Glossary(): ReactNode {
  const docs = useAllDocsData().default?.versions[0].docs ?? [];
  const titles: Readonly<Record<string, string>> = program.titles;
  const links = useBrokenLinks();
  return (
    <dl className="glossary">
      {glossary.map(({ term, says, page }) => {
        links.collectAnchor(anchorOf(term));
        const path = docs.find((doc) => doc.id === page)?.path;
        return (
          <div key={term} id={anchorOf(term)} className="glossary__term">
            <dt>{term}</dt>
            <dd>
              {says} {path !== undefined && <Link to={path}>{titles[`docs/${page}.mdx`] ?? 'Introduced here'}</Link>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
