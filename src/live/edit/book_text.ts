/** The book's own text of its chunks, wherever they stand. */
import type { Book } from '#weave';

/** A chunk as the book has it. */
export interface BookText {
  /** The chapter. */
  readonly source: string;
  /** Its first line in the chapter, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Fetches it, by marker. @throws Error with a sentence without its full stop */
export async function fetchBook(url: string): Promise<ReadonlyMap<string, BookText>> {
  const answer = await fetch(url).catch(() => {
    throw new Error('you may be offline');
  });
  if (!answer.ok) throw new Error(`it is not there (${answer.status}); this book may have been published anew: load the page again`);
  return textsOf((await answer.json()) as Book);
}

/** All chunks of a book, by marker. */
export function textsOf({ chapters }: Pick<Book, 'chapters'>): ReadonlyMap<string, BookText> {
  const texts = new Map<string, BookText>();
  for (const { path, fences, lines } of chapters) {
    const all = new Map(lines.flatMap(({ first, texts: run }) => run.map((text, n) => [first + n, text] as const)));
    for (const { meta, first, count } of fences) {
      const id = meta.split(' ')[0];
      if (id === '') continue;
      const text = Array.from({ length: count }, (_, n) => all.get(first + n) ?? '').join('\n');
      texts.set(id, { source: path, line: first, text });
    }
  }
  return texts;
}
