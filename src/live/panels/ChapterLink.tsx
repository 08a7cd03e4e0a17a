/** A chapter's name as a link: to a line of it, where one is given. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { chapterName, useChapterAddress } from '../page/chapter_address.ts';
import { hashOf, reveal, rowOf } from '../rows.ts';

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
  // In a window of its own: to leave this page would be to leave the run.
  return (
    <Link
      to={line === undefined ? address : `${address}${hashOf(line)}`}
      target="_blank"
      title="Opens beside this page, and the Guest stays"
    >
      {words}
    </Link>
  );
}
