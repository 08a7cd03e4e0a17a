/** The terminals' text, one character a byte, for whoever shows it. */

/** Hears text. `fresh`: the screen is to be cleared, this is all there is. */
export type ConsoleListener = (text: string, fresh: boolean) => void;

/** What a terminal shows more than before, and what no more. */
export interface Printed {
  readonly tty: number;
  readonly more: string;
  readonly less: string;
}

/** Characters that are kept for those who come later. */
const KEPT = 200_000;

/** All terminals of a session. */
export class Consoles {
  readonly #texts: string[] = [];
  readonly #listeners: Set<ConsoleListener>[] = [];

  /** Listens to a terminal: first all there was so far, then what comes. Returns the way out. */
  hear(tty: number, listener: ConsoleListener): () => void {
    const listeners = (this.#listeners[tty] ??= new Set());
    listeners.add(listener);
    if (this.#texts[tty]) listener(this.#texts[tty], true);
    return () => listeners.delete(listener);
  }

  /**
   * Takes what was printed.
   * @param texts by terminal
   * @param fresh it is everything from the beginning: whatever is the same stays untouched, so that nothing blinks
   * @returns what has changed
   */
  print(texts: readonly string[], fresh = false): Printed[] {
    const printed: Printed[] = [];
    for (let tty = 0; tty < Math.max(texts.length, fresh ? this.#texts.length : 0); tty++) {
      const old = this.#texts[tty] ?? '';
      const text = texts[tty] ?? '';
      const goesOn = !fresh || text.startsWith(old);
      const news = fresh && goesOn ? text.slice(old.length) : text;
      this.#texts[tty] = ((goesOn ? old : '') + news).slice(-KEPT);
      if (news === '' && goesOn) continue;
      const same = goesOn ? old.length : shared(old, text);
      printed.push({ tty, more: goesOn ? news : text.slice(same), less: old.slice(same) });
      for (const listener of this.#listeners[tty] ?? []) listener(news, !goesOn);
    }
    return printed;
  }

  /** Clears all screens. */
  clear(): void {
    this.print([], true);
  }
}

/** How many characters two texts have in common at their beginnings. */
function shared(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}
