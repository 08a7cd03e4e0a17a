/** From a chapter's file to its page. */
import { useMemo } from 'react';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';

/** The page's name within the site, which is also the chapter's name for readers: `docs/host/page_tables.mdx` is `host/page_tables`. */
export function chapterName(file: string): string {
  return file.replace(/^docs\//, '').replace(/\.mdx?$/, '');
}

/** Gives for a chapter's file (`docs/host/page_tables.mdx`) the address of its page, or undefined where the site has none. */
export function useChapterAddress(): (file: string) => string | undefined {
  const docs = useAllDocsData().default?.versions[0]?.docs;
  return useMemo(() => {
    const addresses = new Map(docs?.map(({ id, path }) => [id, path]));
    return (file) => addresses.get(chapterName(file));
  }, [docs]);
}
