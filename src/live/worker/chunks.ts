/** The chunks of chapters, from the listings that lie beside the worker; where it is shut in, and has none, from the book that was brought along. */
import type { Book } from '#weave';
import type { ChunkRange, Place } from '../protocol.ts';
import { beside, isInReach } from './beside.ts';

interface Listed {
  readonly line: number;
  readonly text: string;
}

/** What has been asked for, by chapter. One for all: a chapter is the same for every world. */
const asked = new Map<string, Promise<readonly ChunkRange[]>>();

/** The chunk that has a line; null where none does, or it is not to be had. */
export async function chunkOf({ source, line }: Place): Promise<ChunkRange | null> {
  let chunks = asked.get(source);
  if (chunks === undefined) asked.set(source, (chunks = chunksOf(source)));
  return (await chunks).find(({ from, to }) => line >= from && line <= to) ?? null;
}

async function chunksOf(source: string): Promise<readonly ChunkRange[]> {
  const listing = `lines/${source.replace(/^docs\//, '').replace(/\.mdx?$/, '')}.json`;
  if (isInReach(listing)) {
    const listed = (await fetched(listing)) as readonly Listed[] | null;
    return listed?.map(({ line, text }) => ({ source, from: line, to: line + text.split('\n').length - 1 })) ?? [];
  }
  const book = (await fetched('book.json')) as Pick<Book, 'chapters'> | null;
  const chapter = book?.chapters.find(({ path }) => path === source);
  return chapter?.fences.map(({ first, count }) => ({ source, from: first, to: first + count - 1 })) ?? [];
}

function fetched(file: string): Promise<unknown> {
  return fetch(beside(file)).then(
    (answer) => (answer.ok ? (answer.json() as Promise<unknown>) : null),
    () => null,
  );
}
