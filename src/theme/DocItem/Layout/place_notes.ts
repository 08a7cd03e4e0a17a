/**
 * Lifts margin notes beside the paragraph they remark on. Without it they stand below it, which is readable, but leaves a gap where
 * a wide code block follows.
 */
import { useEffect } from 'react';
import type { RefObject } from 'react';

import { onResized } from '#live';

/** Pixels between two things in the margin. */
const APART = 16;

export function usePlacedNotes(leaf: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = leaf.current;
    if (element === null) return undefined;
    let width = 0;
    const place = (): void => keepingPlace(element, () => placeNotes(element));
    const off = onResized(element, () => {
      const now = element.getBoundingClientRect().width;
      if (Math.abs(now - width) < 1) return;
      width = now;
      place();
    });
    void document.fonts.ready.then(place);
    return off;
  });
}

/** Does something above the reader's place that changes heights: what he has before his eyes stays where it is. */
function keepingPlace(leaf: HTMLElement, change: () => void): void {
  const { style } = document.documentElement;
  const parts = [...leaf.querySelectorAll('.markdown > :not(.note)')];
  const here = window.scrollY === 0 ? undefined : parts.find((one) => one.getBoundingClientRect().bottom > 0);
  const before = here?.getBoundingClientRect().top ?? 0;
  // The browser's own way of keeping it does not hold where something is unfolded in the same frame.
  style.overflowAnchor = 'none';
  change();
  const moved = here === undefined ? 0 : here.getBoundingClientRect().top - before;
  // A scroll by nothing would still end one that is under way.
  if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: 'instant' });
  requestAnimationFrame(() => (style.overflowAnchor = ''));
}

/** A note, while it is given its place. */
interface Placed {
  readonly note: HTMLElement;
  /** What it remarks on; null: it stays where it is. */
  readonly remarked: Element | null;
  /** Its margin above where nobody lifts it, and what is taken from that: pixels. */
  readonly own: number;
  lift: number;
}

/** All are measured at once, and all moved at once: each change between two measures would have the browser lay out the whole page anew. */
function placeNotes(leaf: HTMLElement): void {
  const notes = [...leaf.querySelectorAll<HTMLElement>('.markdown > .note')];
  for (const note of notes) note.style.marginTop = '';
  const placed = notes.map((note): Placed => {
    const { float, marginTop } = getComputedStyle(note);
    const before = note.previousElementSibling;
    return { note, remarked: float === 'right' && before?.tagName === 'P' ? before : null, own: parseFloat(marginTop), lift: 0 };
  });
  const toc = leaf.querySelector('.leaf__toc--margin');
  // Who is lifted may leave a gap that closes, and what follows comes up: another look tells. A note is right once all before it are.
  for (let looks = 0; looks <= notes.length; looks++) {
    const lifts = liftsOf(placed, toc?.getBoundingClientRect().bottom ?? -Infinity);
    const moved = placed.filter((one, n) => Math.abs(one.lift - lifts[n]) >= 0.5);
    if (moved.length === 0) return;
    for (const [n, one] of placed.entries()) one.lift = lifts[n];
    for (const { note, own, lift } of moved) note.style.marginTop = lift === 0 ? '' : `${own - lift}px`;
  }
}

/** By how much each is to be lifted, as all stand now. @param free where the margin is free */
function liftsOf(placed: readonly Placed[], free: number): readonly number[] {
  return placed.map(({ note, remarked, lift }) => {
    const { top, height } = note.getBoundingClientRect();
    const unlifted = top + lift;
    const wanted = remarked === null ? unlifted : Math.min(unlifted, Math.max(remarked.getBoundingClientRect().top, free + APART));
    free = wanted + height;
    return unlifted - wanted;
  });
}
