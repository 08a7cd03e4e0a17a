/** A chapter's name, as a link to its page where the site has one. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { chapterName, useChapterAddress } from '../page/chapter_address.ts';

/** @param source the chapter's file, `docs/host/page_tables.mdx` */
export default function ChapterLink({ source }: { source: string }): ReactNode {
  const address = useChapterAddress()(source);
  return address === undefined ? <span>{chapterName(source)}</span> : <Link to={address}>{chapterName(source)}</Link>;
}
