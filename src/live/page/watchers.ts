/** Counts who watches what. */
import type { Sight } from '../protocol.ts';

/** Tells when there is another set of things to look at. */
export class Watchers {
  readonly #counts = new Map<Sight, number>();
  readonly #changed: (at: readonly Sight[]) => void;

  /** @param changed hears of each new set */
  constructor(changed: (at: readonly Sight[]) => void) {
    this.#changed = changed;
  }

  /** What somebody watches. */
  get watched(): readonly Sight[] {
    return [...this.#counts.keys()].sort();
  }

  /** Somebody watches. Returns how to look away, once. */
  watch(sights: readonly Sight[]): () => void {
    this.#add(sights, 1);
    let watching = true;
    return () => {
      if (watching) this.#add(sights, -1);
      watching = false;
    };
  }

  #add(sights: readonly Sight[], by: 1 | -1): void {
    const before = this.watched.join();
    for (const sight of sights) {
      const count = (this.#counts.get(sight) ?? 0) + by;
      if (count > 0) this.#counts.set(sight, count);
      else this.#counts.delete(sight);
    }
    if (this.watched.join() !== before) this.#changed(this.watched);
  }
}
