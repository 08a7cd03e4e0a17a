/** What a page's code block is told about itself: written into the fence's info string by the site's build, read from there by the page. */

/** Facts about one chunk that are known from its chapter alone. */
export interface FenceFacts {
  /** Marker and suffix; of an example the path without extension. */
  readonly chunk: string;
  /** Path of the chapter from the project's root, `docs/host/page_tables.mdx`. */
  readonly chapter: string;
  /** Line of the first line of code in the chapter. */
  readonly line: number;
  /** Folded in the page. */
  readonly hidden: boolean;
  /** Names of the slots, by their lines' index in the code. */
  readonly slots: Readonly<Record<number, string>>;
}

const START = '{"chunk":';

/** The info string, without its language, for a chunk's block. */
export function writeFence({ chunk, chapter, line, hidden, slots }: FenceFacts): string {
  return JSON.stringify({ chunk, chapter, line, hidden, slots });
}

/** What {@link writeFence} wrote; null for a fence that is no chunk. */
export function readFence(meta: string | undefined): FenceFacts | null {
  return meta?.startsWith(START) === true ? (JSON.parse(meta) as FenceFacts) : null;
}
