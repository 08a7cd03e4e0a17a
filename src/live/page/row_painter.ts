/**
 * Changes rows of code a few at a time, frame by frame: a chapter has thousands, a Guest may run through hundreds between two frames, and each row that changes costs the
 * browser a new style for every word in it. Rows in sight come first; of several changes to a row, only the latest is made.
 */

/** Rows that change in one frame, and milliseconds that they may take: what else the frame has to do, such as laying out the page, waits for them. */
const A_FRAME = 80;
const FRAME_MS = 4;

/** What is still to be changed, in blocks that can be seen and in others. One for all: a page has one screen. */
const waiting = { near: new Map<HTMLElement, () => void>(), far: new Map<HTMLElement, () => void>() };
/** Whether a frame has been asked for; the root element says so, too (`data-painting`). One for all, likewise. */
let asked = false;

/** Changes a row soon. @param near it may be in sight */
export function paintRow(row: HTMLElement, near: boolean, change: () => void): void {
  (near ? waiting.far : waiting.near).delete(row);
  (near ? waiting.near : waiting.far).set(row, change);
  ask();
}

/** Rows that are no more need no change. */
export function forgetRows(rows: Iterable<HTMLElement>): void {
  for (const row of rows) {
    waiting.near.delete(row);
    waiting.far.delete(row);
  }
}

function ask(): void {
  if (asked) return;
  asked = true;
  document.documentElement.dataset.painting = '';
  requestAnimationFrame(() => {
    asked = false;
    let left = A_FRAME;
    const end = performance.now() + FRAME_MS;
    for (const some of [waiting.near, waiting.far]) {
      for (const [row, change] of some) {
        if (left-- <= 0 || performance.now() > end) return ask();
        some.delete(row);
        change();
      }
    }
    delete document.documentElement.dataset.painting;
  });
}
