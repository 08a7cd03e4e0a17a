/** The program by file: of which chunks each extracted file is joined. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import Layout from '@theme/Layout';

import { signOf, worldOfFile } from '#live';
import { useChunkIndex } from '../theme/chunk_index.ts';
import type { ChunkFact } from '../theme/chunk_index.ts';

export default function Program(): ReactNode {
  const index = useChunkIndex();
  const links = useBrokenLinks();
  const files = index.files.filter((file) => !file.startsWith('examples/'));
  for (const file of index.files) links.collectAnchor(file);
  return (
    <Layout title="The program by file" description="Of which chunks each extracted file is joined">
      <main className="index-page markdown">
        <h1>The program by file</h1>
        <p>
          All of it is written in the chapters and joined by the tangler, in tour order, into <code>.tangled/</code>. Here is each file with
          its chunks, and the lines that they become. The <Link to="/markers">marker index</Link> lists them along the way.
        </p>
        {files.map((file) => {
          const world = worldOfFile(file);
          const chunks = index.chunks.filter((chunk) => chunk.filePath === file && chunk.output !== undefined);
          return (
            <section key={file} id={file} className={`world-${world ?? 'neutral'} program-file`}>
              <h2>
                {world !== null && (
                  <span className="world__shape" title={signOf(world).label}>
                    {signOf(world).shape}
                  </span>
                )}{' '}
                {file}
              </h2>
              <ol className="program-file__chunks">
                {chunks.map((chunk) => (
                  <li key={chunk.id}>
                    <span className="program-file__lines">{linesOf(chunk)}</span>{' '}
                    <Link to={index.addressOf(chunk.id) ?? '#'}>{chunk.id}</Link>{' '}
                    {chunk.defines !== undefined && <span className="program-file__defines">{chunk.defines.join(', ')}</span>}
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

function linesOf(chunk: ChunkFact): string {
  return (chunk.output ?? []).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
