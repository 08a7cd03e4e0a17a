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
    const place = (): void => placeNotes(element);
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

function placeNotes(leaf: HTMLElement): void {
  const notes = [...leaf.querySelectorAll<HTMLElement>('.markdown > .note')];
  for (const note of notes) note.style.marginTop = '';
  let free = leaf.querySelector('.leaf__toc--margin')?.getBoundingClientRect().bottom ?? -Infinity;
  for (const note of notes) {
    const { top, height } = note.getBoundingClientRect();
    const before = note.previousElementSibling;
    if (getComputedStyle(note).float === 'right' && before?.tagName === 'P') {
      const wanted = Math.max(before.getBoundingClientRect().top, free + APART);
      const own = parseFloat(getComputedStyle(note).marginTop);
      if (wanted < top) {
        note.style.marginTop = `${own - (top - wanted)}px`;
        free = wanted + height;
        continue;
      }
    }
    free = top + height;
  }
}
