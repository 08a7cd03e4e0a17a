import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import program from '@generated/tangle/default/program.json';
import { useChapterAddress } from '#live';
import { anchorOfDifference } from '../difference_anchor.ts';
import { differences } from '../differences.ts';

/** All differences from the original, by chapter. */
export default function Differences(): ReactNode {
  const addressOf = useChapterAddress();
  const titles: Readonly<Record<string, string>> = program.titles;
  const pages = [...new Set(differences.map(({ page }) => page))];
  return pages.map((page) => {
    const file = `docs/${page}.mdx`;
    return (
      <section key={page}>
        <h2>{titles[file]}</h2>
        <ul>
          {differences
            .filter((one) => one.page === page)
            .map(({ id, says }) => (
              <li key={id}>
                {says} <Link to={`${addressOf(file)}#${anchorOfDifference(id)}`}>Told here</Link>
              </li>
            ))}
        </ul>
      </section>
    );
  });
}
