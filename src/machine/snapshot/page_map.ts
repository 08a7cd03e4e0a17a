import type { PageStore } from './page_store.ts';

/** Pages that a leaf speaks of. */
export const LEAF_PAGES = 256;

/** A part of a page map. It is changed only while nobody shares it. */
interface Leaf {
  /** Slot in the store of each page. */
  readonly slots: Uint32Array;
  /** Maps that it is part of. */
  holders: number;
}

/**
 * Which slot of a {@link PageStore} each page of RAM has: a tree of two levels, so that a copy costs its top, and two copies share every leaf in which nothing
 * changed between them.
 */
export class PageMap {
  readonly #store: PageStore;
  readonly #leaves: Leaf[];

  private constructor(store: PageStore, leaves: Leaf[]) {
    this.#store = store;
    this.#leaves = leaves;
  }

  /** The map of a memory full of zeros. */
  static zeros(store: PageStore, pages: number): PageMap {
    const count = Math.ceil(pages / LEAF_PAGES);
    const leaf: Leaf = { slots: new Uint32Array(LEAF_PAGES), holders: count };
    return new PageMap(
      store,
      Array.from({ length: count }, () => leaf),
    );
  }

  /** How many leaves there are. */
  get length(): number {
    return this.#leaves.length;
  }

  slot(page: number): number {
    return this.#leaves[Math.floor(page / LEAF_PAGES)].slots[page % LEAF_PAGES];
  }

  /** Notes a page's contents: 1024 words of `words` from `at` on. */
  put(page: number, words: Uint32Array, at: number): void {
    const before = this.slot(page);
    const slot = this.#store.add(words, at, before);
    const leaf = slot === before ? null : this.#own(Math.floor(page / LEAF_PAGES));
    // What this leaf held, or what the look held twice.
    this.#store.release(before);
    if (leaf) leaf.slots[page % LEAF_PAGES] = slot;
  }

  /** A leaf that this map may change. */
  #own(index: number): Leaf {
    const shared = this.#leaves[index];
    if (shared.holders === 1) return shared;
    shared.holders--;
    const slots = shared.slots.slice();
    for (const slot of slots) this.#store.keep(slot);
    return (this.#leaves[index] = { slots, holders: 1 });
  }

  /** Whether both have the same leaf: then the same slots. */
  shares(other: PageMap, index: number): boolean {
    return this.#leaves[index] === other.#leaves[index];
  }

  /** A copy, to be given back by {@link release}. */
  copy(): PageMap {
    for (const leaf of this.#leaves) leaf.holders++;
    return new PageMap(this.#store, [...this.#leaves]);
  }

  /** Gives up all leaves: what nobody else has is freed. */
  release(): void {
    for (const leaf of this.#leaves.splice(0)) if (--leaf.holders === 0) for (const slot of leaf.slots) this.#store.release(slot);
  }
}
