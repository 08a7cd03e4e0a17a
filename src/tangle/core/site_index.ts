/** The part of the chunk index that every page carries. */
import type { ChunkIndex, ChunkKind, Lang } from './types.ts';

/** A chunk as the page needs it; what is null or empty is left out. */
export interface SiteChunk {
  kind: ChunkKind;
  lang: Lang;
  /** Index in {@link SiteIndex.chapters}. */
  chapter: number;
  /** First line of the code in the chapter. */
  line: number;
  /** Index in {@link SiteIndex.files}. */
  file?: number;
  /** First and last line of each stretch in the extracted file. */
  output?: [from: number, to: number][];
  hidden?: true;
  into?: string;
  replaces?: string;
  /** Pieces, when it has slots: name of the slot -> ids. */
  slots?: Record<string, string[]>;
  previous?: string;
  next?: string;
  defines?: string[];
  /** Name and defining chunk. */
  uses?: [name: string, chunk: string][];
  /** Chunks that use what this one defines: id -> names. */
  usedIn?: Record<string, string[]>;
}

/** What `usePluginData('tangle')` gives. */
export interface SiteIndex {
  /** Paths from the project's root, `docs/host/page_tables.mdx`. */
  chapters: string[];
  /** Paths inside the output folder, `host/page_tables.ts`. */
  files: string[];
  /** In tour order, by id. */
  chunks: Record<string, SiteChunk>;
  /** Marker -> ids of its chunks. */
  markers: Record<string, string[]>;
}

/** Makes the page's index of the whole one. */
export function siteIndex(index: ChunkIndex): SiteIndex {
  const chapters = [...new Set(index.chunks.map(({ chapter }) => chapter))];
  const files = index.files.map(({ path }) => path);
  const chapterNumber = new Map(chapters.map((path, number) => [path, number]));
  const fileNumber = new Map(files.map((path, number) => [path, number]));
  const chunks: Record<string, SiteChunk> = {};
  for (const entry of index.chunks) {
    const chunk: SiteChunk = { kind: entry.kind, lang: entry.lang, chapter: chapterNumber.get(entry.chapter)!, line: entry.lines.from };
    if (entry.file !== null) chunk.file = fileNumber.get(entry.file);
    if (entry.output.length > 0) chunk.output = entry.output.map(({ from, to }) => [from, to]);
    if (entry.hidden) chunk.hidden = true;
    if (entry.into !== null) chunk.into = entry.into;
    if (entry.replaces !== null) chunk.replaces = entry.replaces;
    if (entry.continues.previous !== null) chunk.previous = entry.continues.previous;
    if (entry.continues.next !== null) chunk.next = entry.continues.next;
    if (entry.defines.length > 0) chunk.defines = entry.defines;
    if (entry.uses.length > 0) chunk.uses = entry.uses.map((use) => [use.name, use.chunk]);
    if (entry.slots.length > 0) chunk.slots = Object.fromEntries(entry.slots.map((name) => [name, []]));
    chunks[entry.id] = chunk;
  }
  for (const entry of index.chunks) {
    if (entry.into !== null) chunks[entry.into]?.slots?.[entry.id.split('.')[1]]?.push(entry.id);
    for (const use of entry.uses) {
      const definer = chunks[use.chunk];
      definer.usedIn ??= {};
      (definer.usedIn[entry.id] ??= []).push(use.name);
    }
  }
  return { chapters, files, chunks, markers: Object.fromEntries(index.markers.map((entry) => [entry.marker, entry.chunks])) };
}
