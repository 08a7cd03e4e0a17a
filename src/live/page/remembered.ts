/** What a reader's browser keeps from visit to visit. */
const PREFIX = 'lguest-live-';

/** What was remembered, if the browser keeps such things. */
export function recall(name: string, otherwise: string): string {
  try {
    return localStorage.getItem(PREFIX + name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps a word for the next visit. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // A browser that keeps nothing: the next visit starts with what this one did.
  }
}

/** Tells when another tab keeps another word. */
export function onRemembered(name: string, listener: () => void): void {
  if (typeof window === 'undefined') return;
  window.addEventListener('storage', ({ key }) => {
    // Without a key, all is gone at once.
    if (key === null || key === PREFIX + name) listener();
  });
}
