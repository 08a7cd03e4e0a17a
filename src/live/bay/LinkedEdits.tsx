/** A link, or a file, brings code that somebody changed: what it is, line by line, and whether it is to run. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import Difference from '../edit/Difference.tsx';
import { fetchBook } from '../edit/book_text.ts';
import type { BookText } from '../edit/book_text.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { EditsQuestion } from './question.ts';

export default function LinkedEdits({ question: { from, title, edits, answer } }: { question: EditsQuestion }): ReactNode {
  const url = useLiveUrl('book.json');
  const box = useRef<HTMLDialogElement>(null);
  const [book, setBook] = useState<ReadonlyMap<string, BookText> | null>(null);
  const [trouble, setTrouble] = useState('');
  const [attempt, setAttempt] = useState(0);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  useEffect(() => {
    let wanted = true;
    setTrouble('');
    fetchBook(url).then(
      (texts) => wanted && setBook(texts),
      (error: unknown) => wanted && setTrouble(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      wanted = false;
    };
  }, [url, attempt]);
  const chunks = Object.entries(edits);
  return (
    <dialog ref={box} className="keys keys--wide" aria-labelledby="linked-edits" onClose={() => answer('nothing')}>
      <div className="keys__box">
        <h2 className="keys__title" id="linked-edits">
          This {from} brings code that is not the book’s
        </h2>
        <p>
          It opens “{title}” with {chunks.length === 1 ? 'one block' : `${chunks.length} blocks`} changed by whoever made the {from}. Read
          what was changed. If you let it run, it runs shut in: it can reach no network, nothing that your browser keeps, and nothing of
          this page but the Guest’s own panels.
        </p>
        {trouble !== '' && (
          <p role="alert">
            The book’s own code, to compare it with, is missing: {trouble}.{' '}
            <button type="button" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </p>
        )}
        {book === null && trouble === '' && <p>Fetching the book’s own code…</p>}
        {book !== null &&
          chunks.map(([chunk, text]) => {
            const own = book.get(chunk);
            return (
              <section key={chunk} className="keys__change" aria-label={chunk}>
                <p>
                  <b>{chunk}</b>
                  {own === undefined
                    ? ': the book has no such block any more'
                    : `, in ${own.source.replace(/^docs\//, '').replace(/\.mdx?$/, '')}`}
                </p>
                <Difference source={own?.source ?? ''} line={own?.line ?? 1} book={own?.text ?? ''} text={text} />
              </section>
            );
          })}
        <div className="keys__answers">
          <button type="button" disabled={book === null} onClick={() => answer('run')}>
            Run it, shut in
          </button>
          <button type="button" onClick={() => answer('book')}>
            Run the book’s own
          </button>
          <button type="button" onClick={() => answer('nothing')}>
            Run nothing
          </button>
        </div>
      </div>
    </dialog>
  );
}
