/** Brings things into the reader's sight. */
import { calm } from '../rows.ts';

/** Frames in which nothing moves, after which the page is at rest. */
const RESTING_FRAMES = 6;

/** How often a way that ended short of its aim is gone on with. */
const TRIES = 3;

/** What the reader does when he wants to be elsewhere. */
const ELSEWHERE = ['wheel', 'touchmove', 'keydown', 'pointerdown'];

/** Ends something as soon as the reader wants to be elsewhere. */
function endElsewhere(way: AbortController): void {
  for (const kind of ELSEWHERE) window.addEventListener(kind, () => way.abort(), { signal: way.signal, passive: true, capture: true });
}

/** A signal that is aborted as soon as the reader wants to be elsewhere, from now on. */
export function untilElsewhere(): AbortSignal {
  const way = new AbortController();
  endElsewhere(way);
  return way.signal;
}

/** Milliseconds after which a page that never comes to rest is left alone. */
const PATIENCE = 5000;

/** One for all: there is one window to scroll, and whoever comes last has it. */
let underWay: AbortController | null = null;

/**
 * Scrolls the window until an element is in sight: gliding, or at once for a reader who wants nothing to move. Where something ends the
 * glide before its aim (a note that is placed anew, a block on the way that takes its true height), the rest of the way is made up for,
 * unless the reader has turned elsewhere by then.
 * @param block where in the window it comes to stand
 */
export function bringIntoSight(element: Element, block: 'center' | 'start' = 'center'): void {
  underWay?.abort();
  const way = new AbortController();
  underWay = way;
  endElsewhere(way);
  element.scrollIntoView({ block, behavior: calm() ? 'instant' : 'smooth' });
  const end = performance.now() + PATIENCE;
  const watch = (before: number, resting: number, tries: number): void => {
    if (way.signal.aborted) return;
    if (performance.now() > end) return way.abort();
    const { top } = element.getBoundingClientRect();
    if (top !== before) requestAnimationFrame(() => watch(top, 0, tries));
    else if (resting < RESTING_FRAMES) requestAnimationFrame(() => watch(top, resting + 1, tries));
    else {
      // Where it stands already, this does nothing.
      element.scrollIntoView({ block, behavior: 'instant' });
      if (tries === 1 || !element.isConnected) way.abort();
      else requestAnimationFrame(() => watch(top, 0, element.getBoundingClientRect().top === top ? 1 : tries - 1));
    }
  };
  requestAnimationFrame(() => watch(NaN, 0, TRIES));
}

/** Brings a row of code into sight, out of its fold if it is in one. */
export function reveal(row: HTMLElement): void {
  const fold = row.closest('details');
  if (fold !== null) fold.open = true;
  bringIntoSight(row);
}
