/** Lines of chapters that are not on this page: fetched when the processor stands in one. */

/** A chunk as it stands in its chapter. */
export interface ListedChunk {
  /** `S:120` */
  readonly id: string;
  /** Line in the chapter of the first line of code. */
  readonly line: number;
  readonly text: string;
}

/** A line of a chapter, shown elsewhere. */
export interface ListedLine {
  readonly line: number;
  readonly text: string;
}

/** A piece of a chapter around a line, and the chunk that it is of. */
export interface Excerpt {
  readonly chunk: string;
  readonly lines: readonly ListedLine[];
}

/** The lines around one, as far as its chunk goes; null where no chunk has it. */
export function excerpt(chunks: readonly ListedChunk[], line: number, around: number): Excerpt | null {
  for (const chunk of chunks) {
    const texts = chunk.text.split('\n');
    if (line < chunk.line || line >= chunk.line + texts.length) continue;
    const lines = texts.map((text, i) => ({ line: chunk.line + i, text })).filter((one) => Math.abs(one.line - line) <= around);
    return { chunk: chunk.id, lines };
  }
  return null;
}

/** What is being fetched, or was, by address. One for all: a chapter is the same for every Guest of a page. */
const asked = new Map<string, Promise<readonly ListedChunk[] | null>>();
/** What has come. One for all, likewise. */
const known = new Map<string, readonly ListedChunk[]>();

/** The chunks of a chapter, if they have been fetched. @param url address of its listing */
export function knownChunks(url: string): readonly ListedChunk[] | null {
  return known.get(url) ?? null;
}

/** The chunks of a chapter; null where they cannot be had at present. */
export function fetchChunks(url: string, get: typeof fetch = fetch): Promise<readonly ListedChunk[] | null> {
  let chunks = asked.get(url);
  if (chunks === undefined) {
    chunks = get(url).then(
      (response) => (response.ok ? (response.json() as Promise<readonly ListedChunk[]>) : null),
      () => null,
    );
    asked.set(url, chunks);
    void chunks.then((got) => {
      // What did not come is asked for again the next time.
      if (got === null) asked.delete(url);
      else known.set(url, got);
    });
  }
  return chunks;
}
