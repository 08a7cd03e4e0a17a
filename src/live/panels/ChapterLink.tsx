/** A chapter's name as a link: to a line of it, where one is given. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { chapterName, useChapterAddress } from '../page/chapter_address.ts';
import { reveal } from '../page/into_sight.ts';
import { hashOf, rowOf } from '../rows.ts';

/** @param source the chapter's file, `docs/host/page_tables.mdx` */
export default function ChapterLink({ source, line, children }: { source: string; line?: number; children?: ReactNode }): ReactNode {
  const address = useChapterAddress()(source);
  const name = chapterName(source);
  const words = children ?? (line === undefined ? name : `${name}, line ${line}`);
  const row = line === undefined ? null : rowOf({ source, line });
  if (row !== null) {
    return (
      <button type="button" className="link" onClick={() => reveal(row)}>
        {words}
      </button>
    );
  }
  if (address === undefined) return <span>{words}</span>;
  // The Guest lives above the pages: it goes along.
  return <Link to={line === undefined ? address : `${address}${hashOf(line)}`}>{words}</Link>;
}
