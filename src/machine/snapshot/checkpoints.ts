import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { MARK_CLEAN } from '../memory/marks.ts';
import { LEAF_PAGES, PageMap } from './page_map.ts';
import { PageStore } from './page_store.ts';
import { canonicalState, putState } from './snapshot.ts';

/** A machine at rest, in its own past: what did not change between two of them is there once. Its fields are of use to {@link Checkpoints} alone. */
export interface MachineCheckpoint {
  /** The state’s bytes, see {@link canonicalState}. */
  readonly state: Uint8Array;
  /** Its memory: a page that is the same in several checkpoints is kept once. */
  readonly pages: PageMap;
  /** What the TLB held: see `Tlb.save`. */
  readonly translations: Uint32Array;
  /** See `Cpu.repeated`. */
  readonly repeated: Cpu['repeated'];
}

/** {@link MARK_CLEAN} of four pages at a time. */
const CLEAN_WORD = MARK_CLEAN * 0x01010101;

/**
 * The places of one machine's past that it can go back to. What a checkpoint costs, and the way to one, are the pages written: each page is marked clean where a
 * checkpoint is made or gone to, and whoever writes to it first takes the mark away.
 */
export class Checkpoints {
  readonly #cpu: Cpu;
  readonly #store = new PageStore();
  /** What the clean pages hold. */
  readonly #marks: Uint32Array;
  readonly #pages: number;
  #now: PageMap;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    this.#pages = cpu.ramBytes >>> 12;
    this.#marks = new Uint32Array(cpu.marks.buffer, cpu.marks.byteOffset, this.#pages >>> 2);
    this.#now = PageMap.zeros(this.#store, this.#pages);
  }

  /** Bytes of RAM that the checkpoints hold. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** Marks the present, to come back to. */
  make(): MachineCheckpoint {
    const cpu = this.#cpu;
    const { u32 } = cpu.state;
    for (let n = 0; n < this.#marks.length; n++) {
      if ((this.#marks[n] & CLEAN_WORD) === CLEAN_WORD) continue;
      for (let page = n * 4; page < n * 4 + 4; page++) if (!this.#isClean(page)) this.#now.put(page, u32, (L.RAM >> 2) + page * 1024);
      this.#marks[n] |= CLEAN_WORD;
    }
    cpu.tlb.protectAll();
    return { state: canonicalState(cpu), pages: this.#now.copy(), translations: cpu.tlb.save(), repeated: cpu.repeated };
  }

  #isClean(page: number): boolean {
    return (this.#cpu.marks[page] & MARK_CLEAN) !== 0;
  }

  /** Goes to a checkpoint, back or forth. Code that has been decoded from pages that are the same now and there stays. */
  goTo({ state, pages, translations, repeated }: MachineCheckpoint): void {
    const cpu = this.#cpu;
    const { u32 } = cpu.state;
    cpu.flushTlb();
    for (let index = 0; index < pages.length; index++) {
      const first = index * LEAF_PAGES;
      if (this.#now.shares(pages, index) && this.#allClean(first)) continue;
      for (let page = first; page < Math.min(first + LEAF_PAGES, this.#pages); page++) {
        const slot = pages.slot(page);
        if (this.#isClean(page) && this.#now.slot(page) === slot) continue;
        const at = (L.RAM >> 2) + page * 1024;
        if (!this.#store.equals(slot, u32, at)) {
          u32.set(this.#store.contents(slot), at);
          cpu.changed(page * 4096, 4096);
        }
        cpu.marks[page] |= MARK_CLEAN;
      }
    }
    this.#now.release();
    this.#now = pages.copy();
    putState(cpu, state, translations);
    cpu.repeated = repeated;
  }

  #allClean(first: number): boolean {
    const end = Math.min(first + LEAF_PAGES, this.#pages) >>> 2;
    for (let n = first >>> 2; n < end; n++) if ((this.#marks[n] & CLEAN_WORD) !== CLEAN_WORD) return false;
    return true;
  }

  /** Gives a checkpoint up: what it shares with nobody is freed. */
  forget({ pages }: MachineCheckpoint): void {
    pages.release();
  }
}
