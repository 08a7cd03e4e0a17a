/** The marker index: every marker of the tour and where its code stands. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

import { useChunkIndex } from '../theme/chunk_index.ts';
import { parts } from '../theme/parts.ts';
import Marker from '../theme/MDXComponents/Marker.tsx';

export default function Markers(): ReactNode {
  const index = useChunkIndex();
  return (
    <Layout title="Markers" description="Every marker of the tour, and where it stands">
      <main className="index-page markdown">
        <h1>Markers</h1>
        <p>
          The tour’s markers are its milestones: a letter for the part, a number along the way. Every line of the program belongs to one.
          The other way round, <Link to="/program">the program by file</Link> shows which markers each file is made of.
        </p>
        {parts.map((part) => {
          const own = index.markers.filter((marker) => marker.startsWith(part.letter));
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
                {own.map((marker) => {
                  const first = index.firstOf(marker);
                  const pieces = index.chunks.filter((chunk) => chunk.id.startsWith(`${marker}.`) && chunk.id !== first?.id);
                  return (
                    <li key={marker}>
                      <Marker id={marker} /> <code>{first?.filePath}</code>
                      {pieces.length > 0 && (
                        <span className="index-list__more">
                          {pieces.map(({ id }) => (
                            <Link key={id} to={index.addressOf(id) ?? '#'}>
                              {id.slice(marker.length)}
                            </Link>
                          ))}
                        </span>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          );
        })}
      </main>
    </Layout>
  );
}
