import { flushSync } from 'react-dom';

/** Frames for which the page may go on to settle: what comes into sight is laid out in the next, and what that moves in the one after. */
const SETTLING_FRAMES = 4;

/**
 * Does something that changes the page, and scrolls so that an element stays where the reader sees it, also while what has come into sight takes its true height.
 * Whoever scrolls meanwhile is not held. Returns what that returns.
 * @param element gives it, before and after: it may be another one then
 */
export function keepInPlace<T>(element: () => HTMLElement | null, change: () => T): T {
  const before = element()?.getBoundingClientRect().top;
  const done = flushSync(change);
  if (before === undefined) return done;
  const abort = new AbortController();
  for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
    window.addEventListener(kind, () => abort.abort(), { signal: abort.signal, passive: true });
  }
  const settle = (frames: number): void => {
    if (abort.signal.aborted) return;
    const after = element()?.getBoundingClientRect().top;
    if (after !== undefined && after !== before) window.scrollBy({ top: after - before, behavior: 'instant' });
    if (frames === 0) abort.abort();
    else requestAnimationFrame(() => settle(frames - 1));
  };
  // Not at once: the frame that comes lays the page out anyway, and nothing of it is seen before.
  requestAnimationFrame(() => settle(SETTLING_FRAMES));
  return done;
}
