/** Why generated code comes back to who called it: a word. */

/** What a handler returns. */
export const CONTINUE = 0;
export const JUMPED = 1;
export const FAULTED = 2;
export const STALE = 3;
/** What the run loop returns; FAULTED and STALE as well. */
export const EXIT_LIMIT = 4;
export const EXIT_FETCH = 5;
export const EXIT_ATTENTION = 6;
export const EXIT_YIELD = 7;
/** The block in layout.ts's BLOCK is hot. */
export const EXIT_HOT = 8;
/** A unit's answer where the budget does not cover its first block: nothing has happened. */
export const REFUSED = 9;
