/** What the pages know of the program: chunks by id, where each stands, and how they hang together. */
import { useMemo } from 'react';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';
import { usePluginData } from '@docusaurus/useGlobalData';

import type { SiteChunk, SiteIndex } from '#tangle';

/** One chunk and where it is. */
export interface ChunkFact extends SiteChunk {
  readonly id: string;
  /** Path of the chapter from the repository's top, `docs/host/page_tables.mdx`. */
  readonly chapterPath: string;
  /** Path of the extracted file inside `.tangled/`; null when it is in none. */
  readonly filePath: string | null;
}

/** The site's program, with the addresses of its chunks. */
export interface ChunkIndexView {
  /** Extracted files, in tour order. */
  readonly files: readonly string[];
  /** Markers in tour order. */
  readonly markers: readonly string[];
  /** All chunks, in tour order. */
  readonly chunks: readonly ChunkFact[];
  chunk(id: string): ChunkFact | undefined;
  /** The chunk that carries a marker's own anchor. */
  firstOf(marker: string): ChunkFact | undefined;
  /** Address of a chapter (`docs/host/page_tables.mdx`), or undefined when the site has no such page. */
  pageOf(chapter: string): string | undefined;
  /** Address of a chunk or marker, anchor included. */
  addressOf(id: string): string | undefined;
}

const EMPTY: SiteIndex = { chapters: [], files: [], chunks: {}, markers: {} };

/** The chunk index of the site. */
export function useChunkIndex(): ChunkIndexView {
  const index = (usePluginData('tangle') as SiteIndex | undefined) ?? EMPTY;
  const docs = useAllDocsData();
  return useMemo(() => makeView(index, docs), [index, docs]);
}

type AllDocs = ReturnType<typeof useAllDocsData>;

function makeView(index: SiteIndex, docs: AllDocs): ChunkIndexView {
  const cached = views.get(index);
  if (cached !== undefined) return cached;
  const pages = new Map<string, string>();
  for (const doc of docs.default?.versions[0]?.docs ?? []) pages.set(doc.id, doc.path);
  const pageOf = (chapter: string): string | undefined => pages.get(chapter.replace(/^docs\//, '').replace(/\.mdx?$/, ''));
  const facts = new Map<string, ChunkFact>();
  for (const [id, chunk] of Object.entries(index.chunks)) {
    facts.set(id, {
      ...chunk,
      id,
      chapterPath: index.chapters[chunk.chapter],
      filePath: chunk.file === undefined ? null : index.files[chunk.file],
    });
  }
  const firstOf = (marker: string): ChunkFact | undefined => facts.get(marker) ?? facts.get(index.markers[marker]?.[0] ?? '');
  const view: ChunkIndexView = {
    files: index.files,
    markers: Object.keys(index.markers),
    chunks: [...facts.values()],
    chunk: (id) => facts.get(id),
    firstOf,
    pageOf,
    addressOf: (id) => {
      const chunk = facts.get(id) ?? firstOf(id);
      const page = chunk && pageOf(chunk.chapterPath);
      return page === undefined ? undefined : `${page}#${id}`;
    },
  };
  views.set(index, view);
  return view;
}

/** One view for all blocks of all pages. */
const views = new WeakMap<SiteIndex, ChunkIndexView>();

/** What the tangler's annotation adds to a fence: chapter, line of the first code line, chunk id. */
export interface FenceFacts {
  readonly chunk: string;
  readonly chapter: string;
  readonly line: number;
  readonly hidden: boolean;
  readonly file: string | null;
  readonly into: string | null;
  readonly replaces: string | null;
}

/** Reads the info string of a fence; null when it is not a chunk. */
export function readFence(meta: string | undefined): FenceFacts | null {
  if (meta === undefined) return null;
  const words = meta.split(/\s+/);
  const value = (key: string): string | null => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
  const chunk = value('chunk') ?? words.find((word) => /^[A-Z]:\d{3}(\.[\w-]+)?$/.test(word)) ?? null;
  if (chunk === null) return null;
  return {
    chunk,
    chapter: value('mdx') ?? '',
    line: Number(value('line') ?? 1),
    hidden: words.includes('hidden'),
    file: value('file'),
    into: value('into'),
    replaces: value('replaces'),
  };
}
