/** A page of the book: its part of the chunk index comes with its text. */
import type { ReactNode } from 'react';
import OriginalDocItem from '@theme-original/DocItem';
import type { Props } from '@theme/DocItem';

import type { PageIndex } from '../../tangle/site/page_index.ts';
import { PageIndexContext } from '../chunk_index.ts';

const NONE: PageIndex = { chunks: {}, places: {} };

export default function DocItem(props: Props): ReactNode {
  const { pageIndex = NONE } = props.content as { pageIndex?: PageIndex };
  return (
    <PageIndexContext value={pageIndex}>
      <OriginalDocItem {...props} />
    </PageIndexContext>
  );
}
