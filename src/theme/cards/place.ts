/** Where a card stands: above its word if there is room, else below, and never over the page's edge. */

/** Pixels between word and card, and between card and edge. */
const APART = 8;

export interface Place {
  readonly left: number;
  readonly top: number;
}

/** A rectangle of the window. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** @param word where the word is @param card the card's size @param width the window's width. All in pixels of the window */
export function placeOf(word: Box, card: { readonly width: number; readonly height: number }, width: number, head: number): Place {
  const above = word.top - APART - card.height;
  return {
    left: Math.max(APART, Math.min(word.left, width - card.width - APART)),
    top: above >= head ? above : word.bottom + APART,
  };
}
