/** A chapter's name, as a link to its page where the site has one. */
import type { ReactNode } from 'react';
import { useAllDocsData } from '@docusaurus/plugin-content-docs/client';
import Link from '@docusaurus/Link';

/** @param source the chapter's file, `docs/host/page_tables.mdx` */
export default function ChapterLink({ source }: { source: string }): ReactNode {
  const id = source.replace(/^docs\//, '').replace(/\.mdx?$/, '');
  const page = useAllDocsData().default?.versions[0].docs.find((doc) => doc.id === id);
  return page === undefined ? <span>{id}</span> : <Link to={page.path}>{id}</Link>;
}
