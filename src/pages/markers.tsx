/** The marker index: every marker of the tour and where its code stands. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

import program from '@generated/tangle/default/program.json';
import { useChapterAddress } from '#live';
import { partOfMarker, parts } from '../theme/parts.ts';
import { Badge } from '../theme/MDXComponents/Marker.tsx';

/** By chapter. */
const titles: Readonly<Record<string, string>> = program.titles;

export default function Markers(): ReactNode {
  const addressOf = useChapterAddress();
  return (
    <Layout title="Markers" description="Every marker of the tour, and where it stands">
      <main className="index-page markdown">
        <h1>Markers</h1>
        <p>
          The tour’s markers are its milestones: a letter for the part, a number along the way. Every line of the program belongs to one; a
          few have words only. The other way round, <Link to="/program">the program by file</Link> shows which markers each file is made of.
        </p>
        {parts.map((part) => {
          const own = program.markers.filter(({ marker }) => partOfMarker(marker) === part);
          if (own.length === 0) return null;
          return (
            <section key={part.letter} className={`part-${part.letter.toLowerCase()}`}>
              <h2>
                <span className="badge-letter" aria-hidden="true">
                  {part.letter}
                </span>{' '}
                {part.title}
              </h2>
              <ul className="index-list">
                {own.map(({ marker, chapter, file, more }) => (
                  <li key={marker}>
                    <Badge id={marker} to={`${addressOf(chapter)}#${marker}`} /> {titles[chapter]}
                    {file !== null && <code className="index-list__file">{file}</code>}
                    {more.length > 0 && (
                      <span className="index-list__more">
                        {more.map((piece) => (
                          <Link key={piece.id} to={`${addressOf(piece.chapter)}#${piece.id}`}>
                            {piece.id.slice(marker.length)}
                          </Link>
                        ))}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </main>
    </Layout>
  );
}
