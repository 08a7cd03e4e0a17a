/** Words of a page. */
const PAGE_WORDS = 1024;
/** Pages of a slab: memory is taken from the engine by the megabyte. */
const SLAB_PAGES = 256;

/**
 * Contents of pages of RAM, for checkpoints: what several have in common is kept once, and counted. A page goes by its number here, its *slot*;
 * slot 0 is the page of zeros, which costs nothing.
 */
export class PageStore {
  readonly #slabs: Uint32Array[] = [];
  /** Who holds each slot: leaves of page maps. */
  #holders = new Uint32Array(0);
  readonly #free: number[] = [];

  constructor() {
    this.#grow();
    this.#free.pop();
    this.#holders[0] = 1;
  }

  /** Bytes of the pages that somebody holds. */
  get bytes(): number {
    return (this.#holders.length - this.#free.length - 1) * PAGE_WORDS * 4;
  }

  #grow(): void {
    const first = this.#slabs.length * SLAB_PAGES;
    this.#slabs.push(new Uint32Array(SLAB_PAGES * PAGE_WORDS));
    const holders = new Uint32Array(first + SLAB_PAGES);
    holders.set(this.#holders);
    this.#holders = holders;
    for (let slot = first + SLAB_PAGES - 1; slot >= first; slot--) this.#free.push(slot);
  }

  /** Whether a page, 1024 words of `words` from `at` on, has the contents of a slot. */
  equals(slot: number, words: Uint32Array, at: number): boolean {
    const slab = this.#slabs[Math.floor(slot / SLAB_PAGES)];
    const from = (slot % SLAB_PAGES) * PAGE_WORDS;
    for (let i = 0; i < PAGE_WORDS; i += 4) {
      const a = from + i;
      const b = at + i;
      if (((slab[a] ^ words[b]) | (slab[a + 1] ^ words[b + 1]) | (slab[a + 2] ^ words[b + 2]) | (slab[a + 3] ^ words[b + 3])) !== 0)
        return false;
    }
    return true;
  }

  /** Takes in a page's contents, for one holder; `likely` is the slot that it had the last time. Returns its slot. */
  add(words: Uint32Array, at: number, likely: number): number {
    for (const known of likely === 0 ? [0] : [likely, 0]) {
      if (!this.equals(known, words, at)) continue;
      this.keep(known);
      return known;
    }
    if (this.#free.length === 0) this.#grow();
    const slot = this.#free.pop() as number;
    this.#holders[slot] = 1;
    this.#slabs[Math.floor(slot / SLAB_PAGES)].set(words.subarray(at, at + PAGE_WORDS), (slot % SLAB_PAGES) * PAGE_WORDS);
    return slot;
  }

  /** The contents of a slot: 1024 words, not to be changed. */
  contents(slot: number): Uint32Array {
    const from = (slot % SLAB_PAGES) * PAGE_WORDS;
    return this.#slabs[Math.floor(slot / SLAB_PAGES)].subarray(from, from + PAGE_WORDS);
  }

  /** One holder more. */
  keep(slot: number): void {
    if (slot !== 0) this.#holders[slot]++;
  }

  /** One holder less: a slot that nobody else holds is free again. */
  release(slot: number): void {
    if (slot !== 0 && --this.#holders[slot] === 0) this.#free.push(slot);
  }
}
