/** The chunks of chapters, from the listings that lie beside the worker. */
import type { ChunkRange, Place } from '../protocol.ts';
import { beside, isInReach } from './beside.ts';

interface Listed {
  readonly line: number;
  readonly text: string;
}

/** What has been asked for, by chapter. One for all: a chapter is the same for every world. */
const asked = new Map<string, Promise<readonly Listed[]>>();

/** The chunk that has a line; null where none does, or it is not to be had. */
export async function chunkOf({ source, line }: Place): Promise<ChunkRange | null> {
  const name = source.replace(/^docs\//, '').replace(/\.mdx?$/, '');
  let listing = asked.get(source);
  if (listing === undefined) {
    if (!isInReach(`lines/${name}.json`)) return null;
    listing = fetch(beside(`lines/${name}.json`)).then(
      (answer) => (answer.ok ? (answer.json() as Promise<readonly Listed[]>) : []),
      () => [],
    );
    asked.set(source, listing);
  }
  for (const chunk of await listing) {
    const to = chunk.line + chunk.text.split('\n').length - 1;
    if (line >= chunk.line && line <= to) return { source, from: chunk.line, to };
  }
  return null;
}
