/** A leaf of the book: folio, what is on this page, the text, and where the path leads. */
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { PageMetadata } from '@docusaurus/theme-common';
import clsx from 'clsx';
import ContentVisibility from '@theme/ContentVisibility';
import DocItemContent from '@theme/DocItem/Content';
import DocItemFooter from '@theme/DocItem/Footer';
import DocItemPaginator from '@theme/DocItem/Paginator';
import type { Props } from '@theme/DocItem/Layout';
import TOCTree from '@theme/TOCItems/Tree';

import Cards from '../../cards/Cards.tsx';
import Pens from '../../MDXComponents/Pens.tsx';
import { outsideOf, partOf } from '../../parts.ts';
import { nestHeadings } from './headings.ts';
import { useOpenTarget } from './open_target.ts';
import { usePlacedNotes } from './place_notes.ts';

export default function DocItemLayout({ children }: Props): ReactNode {
  const { metadata, frontMatter, toc } = useDoc();
  const leaf = useRef<HTMLDivElement>(null);
  usePlacedNotes(leaf);
  useOpenTarget();
  const part = partOf(metadata.source);
  const outside = outsideOf(metadata.source);
  const headings = frontMatter.hide_table_of_contents ? [] : nestHeadings(toc);
  return (
    <div ref={leaf} className={clsx('leaf', part && `part-${part.letter.toLowerCase()}`)}>
      {part !== undefined && <PageMetadata image={`img/cards/${part.folder}.png`} />}
      <ContentVisibility metadata={metadata} />
      <Pens />
      <article>
        {part !== undefined && (
          <p className="leaf__folio">
            <span className="badge-letter" aria-hidden="true">
              {part.letter}
            </span>
            {part.title}
          </p>
        )}
        {outside !== undefined && <p className="leaf__folio">{outside.title}</p>}
        {headings.length > 1 && (
          <>
            <nav className="leaf__toc leaf__toc--inline" aria-label="On this page">
              <details>
                <summary>On this page</summary>
                <TOCTree toc={headings} className="" linkClassName={null} />
              </details>
            </nav>
            <nav className="leaf__toc leaf__toc--margin" aria-label="On this page">
              <div className="leaf__toc-title">On this page</div>
              <TOCTree toc={headings} className="" linkClassName={null} />
            </nav>
          </>
        )}
        <DocItemContent>{children}</DocItemContent>
        <DocItemFooter />
      </article>
      <DocItemPaginator />
      <Cards leaf={leaf} />
    </div>
  );
}
