/** What a chapter's page knows of the program: its own chunks, and where they lead. */
import { createContext, useContext, useMemo } from 'react';

import { useChapterAddress } from '#live';
import type { PageChunk, PageIndex } from '../tangle/site/page_index.ts';

const EMPTY: PageIndex = { chunks: {}, places: {} };

/** The page's own index; pages that are no chapters have none. */
export const PageIndexContext = createContext<PageIndex>(EMPTY);

/** The page's index, with addresses. */
export interface ChunkIndexView {
  /** A chunk of this page. */
  chunk(id: string): PageChunk | undefined;
  /** Address of a chunk or marker that the page names, anchor included; undefined where there is none. */
  addressOf(id: string): string | undefined;
}

/** The chunk index of the page. */
export function useChunkIndex(): ChunkIndexView {
  const { chunks, places } = useContext(PageIndexContext);
  const addressOfChapter = useChapterAddress();
  return useMemo(
    () => ({
      chunk: (id) => chunks[id],
      addressOf: (id) => {
        const page = addressOfChapter(places[id] ?? '');
        return page === undefined ? undefined : `${page}#${id}`;
      },
    }),
    [chunks, places, addressOfChapter],
  );
}
