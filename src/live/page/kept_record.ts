/** What the browser keeps by name, for all tabs of a reader: each tab changes only the names that it means to, and follows what the others change. */
import { onRemembered, recall, remember } from './remembered.ts';

/** Values by name. */
export interface KeptRecord<T> {
  /** All that is kept; the same object until something changes. */
  readonly all: () => Readonly<Record<string, T>>;
  /** Changes these names and no others; null: no longer kept. */
  readonly change: (changes: Readonly<Record<string, T | null>>) => void;
  /** Tells of changes, another tab's too. Returns the way out. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Has it kept under a name. @param read what of a stored value can be used; the rest is left out */
export function keptRecord<T>(name: string, read: (told: unknown) => Readonly<Record<string, T>>): KeptRecord<T> {
  let kept: Readonly<Record<string, T>> | null = null;
  let stored = '';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  // A browser that stores nothing says the same as ever: then what this tab has stays.
  const readAnew = (): Readonly<Record<string, T>> => {
    const now = recall(name, '');
    if (kept !== null && now === stored) return kept;
    stored = now;
    try {
      kept = read(now === '' ? {} : JSON.parse(now));
    } catch {
      kept = {};
    }
    return kept;
  };
  onRemembered(name, () => {
    const before = kept;
    if (before !== null && readAnew() !== before) tell();
  });
  return {
    all: () => kept ?? readAnew(),
    change: (changes) => {
      const others = Object.entries(readAnew()).filter(([one]) => !(one in changes));
      const come = Object.entries(changes).flatMap(([one, value]) => (value === null ? [] : [[one, value] as const]));
      kept = Object.fromEntries([...others, ...come]);
      remember(name, JSON.stringify(kept));
      stored = recall(name, '');
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
