import { flushSync } from 'react-dom';

/**
 * Does something that changes the page, and scrolls so that an element stays where the reader sees it.
 * @param element gives it, before and after: it may be another one then
 */
export function keepInPlace(element: () => HTMLElement | null, change: () => void): void {
  const before = element()?.getBoundingClientRect().top;
  flushSync(change);
  const after = element()?.getBoundingClientRect().top;
  if (before === undefined || after === undefined || after === before) return;
  window.scrollBy({ top: after - before, behavior: 'instant' });
}
