/** The marker index: every marker of the tour and where its code stands. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

import program from '@generated/tangle/default/program.json';
import { useChapterAddress } from '#live';
import { milestoneOf, ownOf } from '../theme/catalogue.ts';
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
          The tour’s markers are its milestones: a letter for the part, a number along the way. The 128 of the original are all here, each
          with what is told there. Those that this book has added, for Guests, drivers and a kernel of its own, follow them in a dashed
          dress, which they wear on every page. The other way round, <Link to="/program">the program by file</Link> shows which markers each
          file is made of, and <Link to="/identifiers">the index of names</Link> where each is defined and used.
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
                {own.map((one) => {
                  const milestone = milestoneOf(one.marker);
                  return milestone === undefined ? null : (
                    <Row key={one.marker} {...one} address={addressOf(one.chapter) ?? ''}>
                      {milestone.says} <Link to={`${addressOf(one.chapter)}#${one.marker}`}>{titles[one.chapter]}</Link>
                    </Row>
                  );
                })}
              </ul>
              {own.some(({ marker }) => milestoneOf(marker) === undefined) && (
                <details className="index-own">
                  <summary>This book’s own</summary>
                  <ul className="index-list">
                    {own.map((one) =>
                      milestoneOf(one.marker) !== undefined ? null : (
                        <Row key={one.marker} {...one} address={addressOf(one.chapter) ?? ''}>
                          {ownOf(one.marker)?.says} <Link to={`${addressOf(one.chapter)}#${one.marker}`}>{titles[one.chapter]}</Link>
                        </Row>
                      ),
                    )}
                  </ul>
                </details>
              )}
            </section>
          );
        })}
      </main>
    </Layout>
  );
}

interface RowProps {
  marker: string;
  chapter: string;
  file: string | null;
  more: readonly { id: string; chapter: string }[];
  address: string;
  children: ReactNode;
}

/** A marker, what is told there, and its pieces. */
function Row({ marker, chapter, file, more, address, children }: RowProps): ReactNode {
  const addressOf = useChapterAddress();
  return (
    <li>
      <Badge id={marker} to={`${address}#${marker}`} /> {children}
      {file !== null && <code className="index-list__file">{file}</code>}
      {more.length > 0 && (
        <span className="index-list__more">
          {more.map((piece) => (
            <Link key={piece.id} to={`${addressOf(piece.chapter) ?? addressOf(chapter)}#${piece.id}`}>
              {piece.id.slice(marker.length)}
            </Link>
          ))}
        </span>
      )}
    </li>
  );
}
