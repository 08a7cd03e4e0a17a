import { useRef } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { Editable, SOURCE, useChapterAddress, useLineLight, useMarkerClass, useShown } from '#live';
import excerpts from '@generated/site/default/excerpts.json';
import Rows from '../CodeBlock/Rows.tsx';
import { useChunkIndex } from '../chunk_index.ts';

/** Code of another chapter, shown here too; it lights up like there, and is as the reader has changed it. Which chunks can be shown, the site's configuration says. */
export default function Excerpt({ of: id }: { of: string }): ReactNode {
  const block = useRef<HTMLDivElement>(null);
  const index = useChunkIndex();
  const addressOf = useChapterAddress();
  const found = excerpts.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is not among the excerpts of the site's configuration`);
  const { chapter, line, code, lang, file } = found;
  useLineLight(block, useShown(id, code) === 'book' ? chapter : '');
  return (
    <div ref={block} className="chunk chunk--excerpt world-guest-kernel" {...{ [SOURCE]: chapter }} data-from={line}>
      <div className="chunk__head">
        <Link className={useMarkerClass(id)} to={`${addressOf(chapter)}#${id}`}>
          {id}
        </Link>
        <span>{file}</span>
        <span className="chunk__spacer" />
        <Link to={`${addressOf(chapter)}#${id}`} className="excerpt__from">
          read on in its chapter
        </Link>
      </div>
      <Editable chunk={id} source={chapter} line={line} language={lang} code={code}>
        <pre style={{ '--lines': code.split('\n').length } as CSSProperties}>
          <Rows code={code} language={lang} fence={{ chunk: id, chapter, line, hidden: false, slots: {} }} index={index} />
        </pre>
      </Editable>
    </div>
  );
}
