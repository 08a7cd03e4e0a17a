/**
 * Calls whenever an element has another size, in a frame of its own: what changes sizes within the observer's call would have it called again, and the browser complains.
 * @returns the way out
 */
export function onResized(element: Element, changed: () => void): () => void {
  let soon = 0;
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(changed);
  });
  observer.observe(element);
  return () => {
    cancelAnimationFrame(soon);
    observer.disconnect();
  };
}
