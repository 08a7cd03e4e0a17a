/** One chunk of the literate program, as the page shows it. */
import { useRef, useState } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import clsx from 'clsx';

import { Editable, EditButton, signOf, SOURCE, useLineLight, useMarkerClass, useShown, worldOfFile } from '#live';
import type { FenceFacts } from '../../tangle/site/fence.ts';
import type { PageChunk } from '../../tangle/site/page_index.ts';
import { useChunkIndex } from '../chunk_index.ts';
import type { ChunkIndexView } from '../chunk_index.ts';
import { partOf } from '../parts.ts';
import Rows from './Rows.tsx';

/** A longer list would tell the reader nothing. */
const MOST_USERS = 5;

interface Props {
  fence: FenceFacts;
  language: string;
  code: string;
}

export default function Chunk({ fence, language, code }: Props): ReactNode {
  const index = useChunkIndex();
  const fact = index.chunk(fence.chunk);
  const marker = fence.chunk.split('.')[0];
  const isFirst = fact?.first === true;
  const links = useBrokenLinks();
  links.collectAnchor(fence.chunk);
  if (isFirst) links.collectAnchor(marker);

  const file = fact?.file ?? null;
  const world = worldOfFile(file) ?? partOf(fence.chapter)?.world ?? null;
  const block = useRef<HTMLDivElement>(null);
  // Where the reader has changed it, the rows are the change's own.
  useLineLight(block, useShown(fence.chunk, code) === 'book' ? fence.chapter : '');

  const lines = code.split('\n').length;
  const body = (
    <>
      <pre style={{ '--lines': lines } as CSSProperties} {...(language === 'asm' ? wordsOf(fence.chunk) : {})}>
        <Rows code={code} language={language} fence={fence} index={index} />
      </pre>
      {fact !== undefined && <Foot id={fence.chunk} fact={fact} index={index} />}
    </>
  );
  return (
    <div
      ref={block}
      id={fence.chunk}
      className={clsx('chunk', fence.hidden && 'chunk--folded', `world-${world ?? 'neutral'}`)}
      {...{ [SOURCE]: fence.chapter }}
      data-from={fence.line}
    >
      {isFirst && marker !== fence.chunk && <a id={marker} aria-hidden="true" />}
      <Head fence={fence} fact={fact} file={file} index={index} code={code} />
      <Editable chunk={fence.chunk} source={fence.chapter} line={fence.line} language={language} code={code}>
        {fence.hidden ? (
          <details>
            <summary className="chunk__fold">
              {lines} {lines === 1 ? 'line' : 'lines'}
              <span className="for-ears"> of {fence.chunk}</span>
            </summary>
            {body}
          </details>
        ) : (
          body
        )}
      </Editable>
    </div>
  );
}

/** Makes a block of assembly one stop of the keyboard, from where the arrow keys lead to the words that have cards. */
function wordsOf(chunk: string): object {
  return { 'data-words': '', tabIndex: 0, role: 'group', 'aria-label': `Assembly of ${chunk}. The arrow keys explain its words` };
}

interface HeadProps {
  fence: FenceFacts;
  fact: PageChunk | undefined;
  file: string | null;
  index: ChunkIndexView;
  code: string;
}

function Head({ fence, fact, file, index, code }: HeadProps): ReactNode {
  const world = worldOfFile(file);
  const sign = world === null ? null : signOf(world);
  const { into, replaces, only, line } = fact ?? {};
  return (
    <div className="chunk__head">
      <a className={useMarkerClass(fence.chunk)} href={`#${fence.chunk}`} aria-label={`Link to ${fence.chunk}`}>
        {fence.chunk}
      </a>
      {into !== undefined && (
        <span>
          a piece of <Ref id={into} index={index} />
        </span>
      )}
      {replaces !== undefined && (
        <span>
          a patch: replaces <Ref id={replaces} index={index} />
        </span>
      )}
      {only !== undefined && <span>only with {only}</span>}
      {file !== null && (
        <Link
          className="chunk__file"
          to={`/program#${file}`}
          title={`Extracted into .tangled/${file}${line === undefined ? '' : `, line ${line}`}`}
        >
          <span className="chunk__word" aria-label="extracted into">
            →{' '}
          </span>
          {file}
          {line !== undefined && <span className="chunk__word">:{line}</span>}
        </Link>
      )}
      <span className="chunk__spacer" />
      {sign !== null && (
        <span className="chunk__world" title={`Runs in the ${sign.label}`}>
          <span aria-hidden="true">{sign.shape} </span>
          {sign.label}
        </span>
      )}
      {(file !== null || into !== undefined || replaces !== undefined || only !== undefined) && <EditButton chunk={fence.chunk} />}
      <Copy code={code} />
    </div>
  );
}

function Copy({ code }: { code: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1200);
    });
  };
  return (
    <button type="button" className="chunk__copy" onClick={copy} aria-label="Copy this code">
      {copied ? 'copied' : 'copy'}
    </button>
  );
}

function Foot({ id, fact, index }: { id: string; fact: PageChunk; index: ChunkIndexView }): ReactNode {
  const { previous, next } = fact;
  const users = Object.keys(fact.usedIn ?? {}).filter((user) => user !== id);
  const shown = users.slice(0, MOST_USERS);
  if (previous === undefined && next === undefined && shown.length === 0) return null;
  return (
    <div className="chunk__foot">
      {previous !== undefined && (
        <span>
          continued from <Ref id={previous} index={index} />
        </span>
      )}
      {next !== undefined && (
        <span>
          continues in <Ref id={next} index={index} />
        </span>
      )}
      {shown.length > 0 && (
        <span title={shown.map((id) => `${id}: ${fact.usedIn?.[id].join(', ')}`).join('\n')}>
          used in{' '}
          {shown.map((id, i) => (
            <span key={id}>
              {i > 0 && ', '}
              <Ref id={id} index={index} />
            </span>
          ))}
          {users.length > shown.length && ` and ${users.length - shown.length} more`}
        </span>
      )}
    </div>
  );
}

/** A link to another chunk, with its page's name left to the reader's hover. */
function Ref({ id, index }: { id: string; index: ChunkIndexView }): ReactNode {
  const address = index.addressOf(id);
  return address === undefined ? <span>{id}</span> : <Link to={address}>{id}</Link>;
}
