/** What a reader changed, against the book. Lines that both have light up as ever. */
import { useRef } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { useLineLight } from '../page/use_line_light.ts';
import { LINE } from '../rows.ts';
import { differences } from './differences.ts';

const MARKS = { kept: ' ', gone: '−', new: '+' } as const;
const WORDS = { kept: '', gone: 'taken out: ', new: 'put in: ' } as const;

interface DifferenceProps {
  /** The chapter, and the block's first line in it. */
  readonly source: string;
  readonly line: number;
  readonly book: string;
  readonly text: string;
}

export default function Difference({ source, line, book, text }: DifferenceProps): ReactNode {
  const rows = useRef<HTMLPreElement>(null);
  useLineLight(rows, source, text);
  return (
    <pre ref={rows} className="difference">
      <code>
        {differences(book, text).map(({ kind, text: code, at }, index) => (
          <span key={index} className={clsx('row', kind !== 'kept' && `row--${kind}`)} {...(kind === 'kept' ? { [LINE]: line + at } : {})}>
            <span className="row__mark" aria-hidden="true">
              {MARKS[kind]}
            </span>
            {WORDS[kind] !== '' && <span className="for-ears">{WORDS[kind]}</span>}
            <span className="row__code">{code}</span>
            {'\n'}
          </span>
        ))}
      </code>
    </pre>
  );
}
