/** The lines of a chunk, each with its line number in the chapter. Works as plain text without any script. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { LINE } from '#live';
import type { FenceFacts } from '../../tangle/site/fence.ts';
import type { ChunkIndexView } from '../chunk_index.ts';
import { Highlight } from '../prism/highlight.tsx';
import type { Token } from '../prism/highlight.tsx';

/** Colours come from the style sheet: inline ones would weigh half a page. */
const NO_THEME = { plain: {}, styles: [] };

interface Props {
  code: string;
  language: string;
  fence: FenceFacts;
  index: ChunkIndexView;
}

export default function Rows({ code, language, fence, index }: Props): ReactNode {
  const texts = code.split('\n');
  const fact = index.chunk(fence.chunk);
  const definers = new Map(fact?.uses);
  const link = (name: string): string | undefined => {
    const definer = definers.get(name);
    return definer === undefined ? undefined : index.addressOf(definer);
  };
  return (
    <Highlight theme={NO_THEME} code={code} language={language}>
      {({ tokens }) => (
        <code>
          {tokens.map((line, i) => (
            <span key={i} className="row" {...{ [LINE]: fence.line + i }}>
              {indentOf(texts[i]) !== '' && <span className="row__in">{indentOf(texts[i])}</span>}
              <span className="row__code">
                {i in fence.slots ? (
                  <Slot name={fence.slots[i]} piece={fact?.slots?.[fence.slots[i]]} index={index} />
                ) : (
                  withoutIndent(line, indentOf(texts[i]).length).map((token, key) => spanOf(token, key, link))
                )}
              </span>
              {'\n'}
            </span>
          ))}
        </code>
      )}
    </Highlight>
  );
}

/** What stands before the first word: apart, so that a line that has to wrap goes on below its own beginning. */
function indentOf(text: string): string {
  return /^\s*/.exec(text)?.[0] ?? '';
}

/** The tokens of a line without its first characters. */
function withoutIndent(line: readonly Token[], characters: number): Token[] {
  let left = characters;
  const rest: Token[] = [];
  for (const token of line) {
    const cut = Math.min(left, token.content.length);
    left -= cut;
    if (cut < token.content.length) rest.push(cut === 0 ? token : { ...token, content: token.content.slice(cut) });
  }
  return rest;
}

function spanOf(token: Token, key: number, link: (name: string) => string | undefined): ReactNode {
  if (token.empty) return null;
  const kinds = token.types.filter((type) => type !== 'plain');
  const content = kinds.includes('comment') || kinds.includes('string') ? token.content : withLinks(token.content, link);
  if (kinds.length === 0) return typeof content === 'string' ? content : <span key={key}>{content}</span>;
  return (
    <span key={key} className={`token ${kinds.join(' ')}`}>
      {content}
    </span>
  );
}

/** A name that another chunk defines leads there. */
function withLinks(text: string, link: (name: string) => string | undefined): ReactNode {
  const parts = text.split(/([A-Za-z_][\w]*)/);
  const shown: ReactNode[] = [];
  let found = false;
  parts.forEach((part, i) => {
    const address = i % 2 === 1 ? link(part) : undefined;
    if (address === undefined) {
      shown.push(part);
    } else {
      found = true;
      shown.push(
        <Link key={i} className="use" to={address}>
          {part}
        </Link>,
      );
    }
  });
  return found ? shown : text;
}

/** The place where a piece goes leads to the piece. */
function Slot({ name, piece, index }: { name: string; piece: string | undefined; index: ChunkIndexView }): ReactNode {
  const address = index.addressOf(piece ?? '');
  const label = `⟨ ${name} ⟩`;
  return (
    <span className="token slot">
      {address === undefined ? (
        label
      ) : (
        <Link className="slot-link" to={address}>
          {label}
        </Link>
      )}
    </span>
  );
}
