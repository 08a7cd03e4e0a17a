/** The program by file: of which chunks each extracted file is joined. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import Layout from '@theme/Layout';

import program from '@generated/tangle/default/program.json';
import { signOf, useChapterAddress, worldOfFile } from '#live';

export default function Program(): ReactNode {
  const addressOf = useChapterAddress();
  const archive = useBaseUrl('/live/lguest-program.zip');
  const links = useBrokenLinks();
  for (const { path } of program.files) links.collectAnchor(path);
  return (
    <Layout title="The program by file" description="Of which chunks each extracted file is joined">
      <main className="index-page markdown">
        <h1>The program by file</h1>
        <p>
          All of it is written in the chapters and joined by the tangler, in tour order, into <code>.tangled/</code>. Here is each file with
          its chunks, and the lines that they become. The <Link to="/markers">marker index</Link> lists them along the way, and{' '}
          <Link to="/identifiers">the index of names</Link> by what they define.
        </p>
        <div>
          <a className="download" href={archive} download>
            Download it all
          </a>{' '}
          as an archive, with what it takes to build it and to run its Guests: it wants Node, and nothing to be installed.
        </div>
        {program.files.map(({ path, chunks }) => {
          const world = worldOfFile(path);
          return (
            <section key={path} id={path} className={`world-${world ?? 'neutral'} program-file`}>
              <h2>
                {world !== null && (
                  <span className="world__shape" title={signOf(world).label}>
                    {signOf(world).shape}
                  </span>
                )}{' '}
                {path}
              </h2>
              <ol className="program-file__chunks">
                {chunks.map(({ id, chapter, output, defines }) => (
                  <li key={id}>
                    <small>{linesOf(output)}</small> <Link to={`${addressOf(chapter)}#${id}`}>{id}</Link>{' '}
                    {defines.length > 0 && <i>{defines.join(', ')}</i>}
                  </li>
                ))}
              </ol>
            </section>
          );
        })}
      </main>
    </Layout>
  );
}

function linesOf(stretches: readonly (readonly [from: number, to: number])[]): string {
  return stretches.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
