/** The lines of a chunk, each with its line number in the chapter. Works as plain text without any script. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { Highlight } from 'prism-react-renderer';
import type { Token } from 'prism-react-renderer';

import type { ChunkIndexView } from '../chunk_index.ts';

/** Colours come from the style sheet: inline ones would weigh half a page. */
const NO_THEME = { plain: {}, styles: [] };
const SLOT = /^(\s*)(\/\/|#) <<([\w-]+)>>\s*$/;

interface Props {
  code: string;
  language: string;
  /** Line in the chapter of the first row. */
  firstLine: number;
  /** Id of the chunk. */
  chunk: string;
  index: ChunkIndexView;
}

export default function Rows({ code, language, firstLine, chunk, index }: Props): ReactNode {
  const texts = code.split('\n');
  return (
    <Highlight theme={NO_THEME} code={code} language={language}>
      {({ tokens }) => (
        <code>
          {tokens.map((line, i) => (
            <span key={i} className="row" data-line={firstLine + i}>
              {SLOT.test(texts[i]) ? <Slot text={texts[i]} chunk={chunk} index={index} /> : line.map(spanOf)}
              {'\n'}
            </span>
          ))}
        </code>
      )}
    </Highlight>
  );
}

function spanOf(token: Token, key: number): ReactNode {
  if (token.empty) return null;
  const kinds = token.types.filter((type) => type !== 'plain');
  if (kinds.length === 0) return token.content;
  return <span key={key} className={`token ${kinds.join(' ')}`}>{token.content}</span>;
}

/** The place where a piece goes leads to the piece. */
function Slot({ text, chunk, index }: { text: string; chunk: string; index: ChunkIndexView }): ReactNode {
  const [, indent, , name] = SLOT.exec(text) ?? ['', '', '', ''];
  const address = index.addressOf(index.chunk(chunk)?.slots?.[name]?.[0] ?? '');
  const label = `⟨ ${name} ⟩`;
  return (
    <>
      {indent}
      <span className="token slot">{address === undefined ? label : <Link className="slot-link" to={address}>{label}</Link>}</span>
    </>
  );
}
