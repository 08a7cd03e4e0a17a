/** What searches, once for all pages: fetched at the first search. */
import { useEffect, useState } from 'react';
import useBaseUrl from '@docusaurus/useBaseUrl';

import { SEARCH_FILE } from '#site';
import type { SearchData } from '#site';
import type { Finder } from '../../site/search/find.ts';

/** One for all: there is one index, which no page changes. */
let finder: Promise<Finder> | null = null;

async function fetchFinder(url: string): Promise<Finder> {
  const [{ Finder }, response] = await Promise.all([import('../../site/search/find.ts'), fetch(url)]);
  if (!response.ok) throw new Error(String(response.status));
  return new Finder((await response.json()) as SearchData);
}

/** How far it is: names can be found before prose can. */
export interface Searching {
  readonly finder: Finder | null;
  readonly state: 'fetching' | 'names' | 'all' | 'failed';
}

export function useFinder(): Searching {
  const url = useBaseUrl(`/${SEARCH_FILE}`);
  const [searching, set] = useState<Searching>({ finder: null, state: 'fetching' });
  useEffect(() => {
    let gone = false;
    finder ??= fetchFinder(url);
    finder.then(
      (found) => {
        if (gone) return;
        set({ finder: found, state: 'names' });
        void found.ready.then(() => gone || set({ finder: found, state: 'all' }));
      },
      () => {
        // Who tries again may have better luck.
        finder = null;
        if (!gone) set({ finder: null, state: 'failed' });
      },
    );
    return () => {
      gone = true;
    };
  }, [url]);
  return searching;
}
