/** The moments that a chapter names: where in a scene's run each is, as the build's tests hold it. */
import { createContext, useContext } from 'react';

import type { KnownMoment } from '#live';

/** By key, as `src/weave/moments` writes them. */
export type PageMoments = Readonly<Record<string, KnownMoment>>;

/** The page's own; pages that name none have none. */
export const PageMomentsContext = createContext<PageMoments>({});

/** The moment of a key, if the page knows it. */
export function usePageMoments(): PageMoments {
  return useContext(PageMomentsContext);
}
