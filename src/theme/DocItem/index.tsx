/** A page of the book: its part of the chunk index and the places of its moments come with its text. */
import type { ReactNode } from 'react';
import OriginalDocItem from '@theme-original/DocItem';
import type { Props } from '@theme/DocItem';

import type { PageIndex } from '../../tangle/site/page_index.ts';
import { PageIndexContext } from '../chunk_index.ts';
import { PageMomentsContext } from '../moments.ts';
import type { PageMoments } from '../moments.ts';

const NONE: PageIndex = { chunks: {}, places: {} };
const NO_MOMENTS: PageMoments = {};

export default function DocItem(props: Props): ReactNode {
  const { pageIndex = NONE, pageMoments = NO_MOMENTS } = props.content as { pageIndex?: PageIndex; pageMoments?: PageMoments };
  return (
    <PageIndexContext value={pageIndex}>
      <PageMomentsContext value={pageMoments}>
        <OriginalDocItem {...props} />
      </PageMomentsContext>
    </PageIndexContext>
  );
}
