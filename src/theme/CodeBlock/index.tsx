/** Fences: a chunk of the program gets its spine, badge and links; any other fence is as the theme shows it. */
import type { ReactNode } from 'react';
import OriginalCodeBlock from '@theme-original/CodeBlock';
import type { Props } from '@theme/CodeBlock';

import Chunk from './Chunk.tsx';
import { readFence } from '../../tangle/site/fence.ts';

export default function CodeBlock(props: Props): ReactNode {
  const fence = readFence(props.metastring);
  if (fence === null || typeof props.children !== 'string') return <OriginalCodeBlock {...props} />;
  const language = props.className?.match(/language-(\w+)/)?.[1] ?? 'ts';
  return <Chunk fence={fence} language={language} code={props.children.replace(/\n$/, '')} />;
}
