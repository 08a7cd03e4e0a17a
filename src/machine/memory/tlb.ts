import * as L from '../state/layout.ts';
import type { CpuState } from '../state/state.ts';
import { MARK_WATCHED } from './marks.ts';

/*
 * An entry of the software TLB: 16 bytes at `base + (linear >>> 12 & (TLB_ENTRIES - 1)) * 16`.
 *
 * Tags are linear page addresses, or INVALID. Generated code compares a tag with the page of an access's last byte, so
 * that one comparison also refuses accesses over a page's end. A page has a write tag only when a store needs nothing but the store:
 * writable at this privilege, already dirty, RAM below it, and neither decoded code nor a page table in it.
 */
export const TLB_READ_TAG = 0;
export const TLB_WRITE_TAG = 4;
/** Memory offset − linear address, modulo 2^32. */
export const TLB_ADDEND = 8;
/** `TLB_MAY_WRITE`, `TLB_GLOBAL`; of a {@link TLB_HIDDEN} entry also the linear page. */
export const TLB_FLAGS = 12;
/** The page tables allow the write and the dirty bit is set (the write tag may be missing because of a mark). */
export const TLB_MAY_WRITE = 1;
export const TLB_GLOBAL = 2;
/** No page address: bit 0 is set. */
export const TLB_INVALID = 1;
/** In place of the read tag: the entry is as good as any, but each access is to come to TypeScript, for words in the page are watched. */
const TLB_HIDDEN = 5;

/** Kinds of access for {@link Tlb.lookup} and the page walk. */
export const READ = 0;
export const WRITE = 1;
export const EXECUTE = 2;
export type Access = typeof READ | typeof WRITE | typeof EXECUTE;

/**
 * The translations in use: one direct-mapped table for supervisor accesses (rings 0-2), one for user accesses.
 *
 * A flush costs only the entries that were filled.
 */
export class Tlb {
  readonly #u32: Uint32Array;
  readonly #marks: Uint8Array;
  /** Where RAM ends in the memory: pages beyond have no write tag. */
  readonly #ramEnd: number;

  constructor(state: CpuState, ramBytes: number) {
    this.#u32 = state.u32;
    this.#marks = state.u8.subarray(L.MARKS, L.MARKS + Math.ceil(ramBytes / 4096));
    this.#ramEnd = L.RAM + ramBytes;
    // Addends and flags beside an invalid tag mean nothing.
    this.#u32.fill(TLB_INVALID, L.TLB >> 2, (L.TLB + 2 * L.TLB_BYTES) >> 2);
  }

  #entry(linear: number, user: boolean): number {
    return ((L.TLB + (user ? L.TLB_BYTES : 0)) >> 2) + ((linear >>> 12) & (L.TLB_ENTRIES - 1)) * 4;
  }

  /**
   * Enters a translation.
   *
   * @param linear any address in the page
   * @param offset the memory offset that `linear` translates to
   * @param user which TLB
   * @param mayWrite writes need no further page walk: allowed at this privilege and the dirty bit set
   * @param global stays over a flush that keeps global pages
   */
  fill(linear: number, offset: number, user: boolean, mayWrite: boolean, global: boolean): void {
    const u32 = this.#u32;
    const at = this.#entry(linear, user);
    const page = (linear & 0xfffff000) >>> 0;
    if (u32[at] === TLB_INVALID) u32[(L.FILLED >> 2) + u32[L.FILLED_COUNT >> 2]++] = at << 2;
    // The run loop knows no page that the TLB has forgotten.
    else if (u32[at] !== page) u32[L.CODE_PAGE >> 2] = 1;
    const inRam = offset >= L.RAM && offset < this.#ramEnd;
    const hidden = inRam && (this.#marks[(offset - L.RAM) >>> 12] & MARK_WATCHED) !== 0;
    u32[at] = hidden ? TLB_HIDDEN : page;
    u32[at + 1] = mayWrite && inRam && this.#marks[(offset - L.RAM) >>> 12] === 0 ? page : TLB_INVALID;
    u32[at + 2] = offset - linear;
    u32[at + 3] = (mayWrite && inRam ? TLB_MAY_WRITE : 0) | (global ? TLB_GLOBAL : 0) | (hidden ? page : 0);
  }

  /** The linear page of the entry at a word index; with bit 0 set where there is none. */
  #page(at: number): number {
    const u32 = this.#u32;
    return u32[at] === TLB_HIDDEN ? (u32[at + 3] & 0xfffff000) >>> 0 : u32[at];
  }

  /** Hides the entries that lead to watched pages, and shows all others. */
  hideWatched(): void {
    const u32 = this.#u32;
    for (let i = 0; i < u32[L.FILLED_COUNT >> 2]; i++) {
      const at = u32[(L.FILLED >> 2) + i] >>> 2;
      const page = this.#page(at);
      if ((page & 1) !== 0) continue;
      const offset = (page + u32[at + 2]) >>> 0;
      const hidden = offset >= L.RAM && offset < this.#ramEnd && (this.#marks[(offset - L.RAM) >>> 12] & MARK_WATCHED) !== 0;
      if (hidden === (u32[at] === TLB_HIDDEN)) continue;
      u32[at + 3] = (u32[at + 3] & 0xfff) | (hidden ? page : 0);
      u32[at] = hidden ? TLB_HIDDEN : page;
    }
    u32[L.CODE_PAGE >> 2] = 1;
  }

  /** Memory offset of a linear address if the TLB knows that the access is allowed, or -1. */
  lookup(linear: number, access: Access, user: boolean): number {
    const u32 = this.#u32;
    const at = this.#entry(linear, user);
    if (this.#page(at) !== (linear & 0xfffff000) >>> 0) return -1;
    if (access === WRITE && (u32[at + 3] & TLB_MAY_WRITE) === 0) return -1;
    return (linear + u32[at + 2]) >>> 0;
  }

  /**
   * The translations, three words each: linear page and (bit 0) whether it is the user's; memory offset; flags.
   *
   * A program that changes a page table and flushes nothing goes on with what was cached: so this is state.
   */
  save(): Uint32Array<ArrayBuffer> {
    const u32 = this.#u32;
    const count = u32[L.FILLED_COUNT >> 2];
    const words = new Uint32Array(count * 3);
    const users = (L.TLB + L.TLB_BYTES) >> 2;
    let length = 0;
    for (let i = 0; i < count; i++) {
      const at = u32[(L.FILLED >> 2) + i] >>> 2;
      const page = this.#page(at);
      if ((page & 1) !== 0) continue;
      words[length++] = page | (at >= users ? 1 : 0);
      words[length++] = page + u32[at + 2];
      words[length++] = u32[at + 3] & 0xfff;
    }
    return words.slice(0, length);
  }

  /** Goes back to {@link save}d translations. No code is decoded: see {@link protect}. */
  restore(words: Uint32Array): void {
    this.flush();
    for (let i = 0; i < words.length; i += 3) {
      const page = (words[i] & 0xfffff000) >>> 0;
      const flags = words[i + 2];
      this.fill(page, words[i + 1], (words[i] & 1) !== 0, (flags & TLB_MAY_WRITE) !== 0, (flags & TLB_GLOBAL) !== 0);
    }
  }

  /** Forgets everything, or everything but global pages. */
  flush(keepGlobal = false): void {
    const u32 = this.#u32;
    const filled = L.FILLED >> 2;
    const count = u32[L.FILLED_COUNT >> 2];
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const at = u32[filled + i] >>> 2;
      if (keepGlobal && (u32[at + 3] & TLB_GLOBAL) !== 0) {
        if (u32[at] !== TLB_INVALID) u32[filled + kept++] = at << 2;
        continue;
      }
      u32[at] = TLB_INVALID;
      u32[at + 1] = TLB_INVALID;
    }
    u32[L.FILLED_COUNT >> 2] = kept;
    u32[L.CODE_PAGE >> 2] = 1;
  }

  /** Forgets one page, for both privileges; its entries stay in the list of filled ones until the next flush. */
  flushPage(linear: number): void {
    const u32 = this.#u32;
    const page = (linear & 0xfffff000) >>> 0;
    for (const user of [false, true]) {
      const at = this.#entry(linear, user);
      if (this.#page(at) !== page) continue;
      // Not INVALID: a tag that no page address equals, and that says "already in the list".
      u32[at] = 3;
      u32[at + 1] = TLB_INVALID;
    }
    u32[L.CODE_PAGE >> 2] = 1;
  }

  /** Takes the write tag from every entry that leads to a page of memory, which has got its first mark. */
  protect(offset: number): void {
    const u32 = this.#u32;
    const page = offset & ~0xfff;
    for (let i = 0; i < u32[L.FILLED_COUNT >> 2]; i++) {
      const at = u32[(L.FILLED >> 2) + i] >>> 2;
      if (u32[at + 1] !== TLB_INVALID && ((u32[at + 1] + u32[at + 2]) | 0) === page) u32[at + 1] = TLB_INVALID;
    }
  }

  /** Takes every write tag: all pages have been marked. */
  protectAll(): void {
    const u32 = this.#u32;
    for (let i = 0; i < u32[L.FILLED_COUNT >> 2]; i++) u32[(u32[(L.FILLED >> 2) + i] >>> 2) + 1] = TLB_INVALID;
  }

  /** Gives write tags back to a page of memory that has lost its last mark. */
  unprotect(offset: number): void {
    const u32 = this.#u32;
    const page = offset & ~0xfff;
    for (let i = 0; i < u32[L.FILLED_COUNT >> 2]; i++) {
      const at = u32[(L.FILLED >> 2) + i] >>> 2;
      if ((u32[at] & 1) === 0 && (u32[at + 3] & TLB_MAY_WRITE) !== 0 && ((u32[at] + u32[at + 2]) | 0) === page) u32[at + 1] = u32[at];
    }
  }
}
