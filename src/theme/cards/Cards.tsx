/**
 * The page's cards: one at a time, for whatever word the pointer rests on, a finger taps, or the keyboard reaches. A term is reached as the link that it is; a block of
 * assembly is one stop, and the arrow keys lead from word to word.
 */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import Link from '@docusaurus/Link';

import { useChapterAddress } from '#live';
import type { Card } from './cards.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';

/** Milliseconds that the pointer rests before a card comes, and that it may be away before it goes. */
const COMES = 250;
const GOES = 180;
const BLOCK = '.chunk pre[data-words]';

/** A word that has its card now. */
interface Shown {
  readonly word: HTMLElement;
  readonly card: Card;
}

export default function Cards({ leaf }: { leaf: RefObject<HTMLElement | null> }): ReactNode {
  const [shown, setShown] = useState<Shown | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const addressOf = useChapterAddress();

  useEffect(() => (leaf.current === null ? undefined : listen(leaf.current, box, setShown)), [leaf]);

  useEffect(() => {
    if (shown === null) return undefined;
    shown.word.classList.add('has-card');
    const { width, height } = box.current!.getBoundingClientRect();
    const head = document.querySelector('.navbar')?.getBoundingClientRect().bottom ?? 0;
    setPlace(
      placeOf(
        shown.word.getClientRects()[0] ?? shown.word.getBoundingClientRect(),
        { width, height },
        document.documentElement.clientWidth,
        head,
      ),
    );
    return () => {
      shown.word.classList.remove('has-card');
      setPlace(null);
    };
  }, [shown]);

  if (shown === null) return null;
  const { title, says, page } = shown.card;
  const address = page === undefined ? undefined : addressOf(`docs/${page}.mdx`);
  return createPortal(
    <div ref={box} className="card-of-word" role="status" style={place ?? { left: 0, top: 0, visibility: 'hidden' }}>
      <b>{title}</b> {says}
      {address !== undefined && (
        <>
          {' '}
          <Link to={address} tabIndex={-1}>
            Where it is introduced
          </Link>
        </>
      )}
    </div>,
    document.body,
  );
}

/** Follows pointer, finger and keys. Returns the way out. */
function listen(leaf: HTMLElement, box: RefObject<HTMLDivElement | null>, show: (shown: Shown | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: HTMLElement | null = null;
  const off = new AbortController();
  // All that cards say is fetched when the first of them is wanted.
  const texts = () => import('./cards.ts');

  const set = (word: HTMLElement | null): void => {
    clearTimeout(timer);
    current = word;
    if (word === null) show(null);
    else
      void texts().then(({ cardOf }) => {
        if (current !== word) return;
        const card = cardOf(word);
        show(card === undefined ? null : { word, card });
      });
  };
  const soon = (word: HTMLElement | null, after: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => set(word), after);
  };
  const wordAt = (target: EventTarget | null): HTMLElement | null =>
    (target as Element).closest<HTMLElement>('.term, pre[data-words] .token.mnemonic, pre[data-words] .token.register');

  const on = <K extends keyof DocumentEventMap>(target: HTMLElement | Document, kind: K, act: (event: DocumentEventMap[K]) => void): void =>
    target.addEventListener(kind, act as EventListener, { signal: off.signal });

  on(document, 'pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch') return;
    if (box.current?.contains(target as Node)) return clearTimeout(timer);
    const word = leaf.contains(target as Node) ? wordAt(target) : null;
    if (word === current) clearTimeout(timer);
    else if (word !== null) soon(word, COMES);
    else if (!document.activeElement?.matches(BLOCK)) soon(null, GOES);
  });
  on(leaf, 'click', (event) => {
    if (event.pointerType !== 'touch') return;
    const word = wordAt(event.target);
    // The first tap on a term says what it is; a second follows the link.
    if (word?.classList.contains('term') === true && word !== current) event.preventDefault();
    if (word !== null) set(word);
  });
  on(document, 'pointerdown', ({ target }) => {
    if (current !== null && !box.current?.contains(target as Node) && wordAt(target) !== current) set(null);
  });
  on(leaf, 'focusin', ({ target }) => {
    if ((target as Element).matches('.term:focus-visible')) set(target as HTMLElement);
  });
  on(leaf, 'focusout', () => set(null));
  on(document, 'keydown', (event) => {
    if (event.key === 'Escape' && current !== null) set(null);
    const block = event.target as HTMLElement;
    if (!block.matches(BLOCK) || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = neighbour(block, current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.scrollIntoView({ block: 'nearest' });
    set(next);
  });
  on(document, 'scroll', () => {
    if (current !== null && !document.activeElement?.matches(BLOCK)) set(null);
  });
  return () => {
    set(null);
    off.abort();
  };
}

/** The word that an arrow key leads to: along the line's words and on, or to the first of the line above or below. */
function neighbour(block: HTMLElement, from: HTMLElement | null, key: string): HTMLElement | undefined {
  const step = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return undefined;
  const words = [...block.querySelectorAll<HTMLElement>('.token.mnemonic, .token.register')];
  const at = from === null ? -1 : words.indexOf(from);
  if (at < 0) return step > 0 ? words[0] : words.at(-1);
  if (key === 'ArrowRight' || key === 'ArrowLeft') return words[at + step] ?? words[at];
  const rowOf = (word: HTMLElement | undefined): Element | null => word?.closest('.row') ?? null;
  let to = at;
  while (words[to + step] !== undefined && rowOf(words[to]) === rowOf(words[at])) to += step;
  while (words[to - 1] !== undefined && rowOf(words[to - 1]) === rowOf(words[to])) to--;
  return words[to];
}
