/** Search: a line to write in, and what it finds, by kind. Arrows choose, Enter goes there, Escape closes; a finger does without any of them. */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useHistory } from '@docusaurus/router';
import { useBaseUrlUtils } from '@docusaurus/useBaseUrl';

import { KINDS } from '#site';
import type { Finding, Kind } from '#site';
import { useFinder } from './use_finder.ts';

const LABELS: Readonly<Record<Kind, string>> = { markers: 'Markers', identifiers: 'Identifiers', chapters: 'Chapters' };

export default function SearchDialog({ onClose }: { onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [words, setWords] = useState('');
  const [chosen, choose] = useState(0);
  const { finder, state } = useFinder();
  const id = useId();
  const history = useHistory();
  const { withBaseUrl } = useBaseUrlUtils();
  useEffect(() => dialog.current?.showModal(), []);

  const found = useMemo(() => finder?.find(words) ?? null, [finder, state, words]);
  const all = found === null ? [] : KINDS.flatMap((kind) => found[kind].map((finding) => ({ kind, finding })));
  const current = Math.min(chosen, all.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') choose(Math.min(current + 1, all.length - 1));
    else if (event.key === 'ArrowUp') choose(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      const there = all.at(Math.max(current, 0))?.finding;
      if (there === undefined) return;
      history.push(withBaseUrl(`/${there.path}`));
      onClose();
    } else return;
    event.preventDefault();
  };
  const option = (n: number): string => `${id}-${n}`;
  return (
    <dialog
      ref={dialog}
      className="search"
      aria-label="Search"
      onClose={onClose}
      onClick={(event) => {
        // Outside of the box is the dialog itself.
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div className="search__box">
        <div className="search__line">
          <input
            type="search"
            role="combobox"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="go"
            placeholder="Words, a marker such as H:340, or a name"
            aria-label="Search prose, markers and identifiers"
            aria-expanded={all.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={current >= 0 ? option(current) : undefined}
            value={words}
            onChange={({ target }) => {
              setWords(target.value);
              choose(0);
            }}
            onKeyDown={onKeyDown}
          />
          <button type="button" className="search__close" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <p className="search__state" role="status">
          {stateOf(state, words, all.length)}
        </p>
        <div ref={list} id={`${id}-list`} className="search__found" role="listbox" aria-label="Found">
          {found !== null &&
            KINDS.filter((kind) => found[kind].length > 0).map((kind) => (
              <div key={kind} role="group" aria-label={LABELS[kind]} className={`search__kind search__kind--${kind}`}>
                <p className="search__label" aria-hidden="true">
                  {LABELS[kind]}
                </p>
                {found[kind].map((finding) => {
                  const n = all.findIndex((one) => one.finding === finding);
                  return (
                    <Found
                      key={`${finding.path} ${finding.title}`}
                      id={option(n)}
                      finding={finding}
                      chosen={n === current}
                      onGo={onClose}
                      onPoint={() => choose(n)}
                    />
                  );
                })}
              </div>
            ))}
        </div>
      </div>
    </dialog>
  );
}

function Found({
  id,
  finding: { path, title, place, part, excerpt },
  chosen,
  onGo,
  onPoint,
}: {
  id: string;
  finding: Finding;
  chosen: boolean;
  onGo: () => void;
  onPoint: () => void;
}): ReactNode {
  return (
    <Link
      id={id}
      to={`/${path}`}
      className={`search__one ${part === '' ? '' : `part-${part.toLowerCase()}`}`}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      onClick={onGo}
      onPointerMove={onPoint}
    >
      <span className="search__badge badge-letter" aria-hidden="true">
        {part === '' ? '·' : part}
      </span>
      <span className="search__title">{title}</span> <span className="search__place">{place}</span>
      {excerpt.length > 0 && (
        <span className="search__excerpt">{excerpt.map((piece, n) => (n % 2 === 1 ? <mark key={n}>{piece}</mark> : piece))}</span>
      )}
    </Link>
  );
}

function stateOf(state: ReturnType<typeof useFinder>['state'], words: string, found: number): string {
  if (state === 'failed') return 'The index could not be fetched: you may be offline. Close this, and try again.';
  if (state === 'fetching') return 'Fetching the index …';
  if (words.trim() === '') return 'Everything that is written here, the 128 milestones, and every name of the program.';
  if (state === 'names') return 'Reading the prose …';
  if (found === 0) return 'Nothing is called that, and no page says so.';
  return `${found} found. Arrows choose, Enter goes there.`;
}
