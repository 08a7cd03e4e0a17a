import * as L from '../state/layout.ts';
import { TLB_GLOBAL, TLB_MAY_WRITE } from './tlb.ts';
import type { CpuState } from '../state/state.ts';

/*
 * Page walks remembered over a load of CR3.
 *
 * The TLB forgets at every CR3 load, as the manual wants it; programs can tell, so it is state. But the same walk over unchanged tables
 * gives the same translation again, with its A and D bits already set. So each walk is remembered here, under the id of its address space,
 * and forgotten as soon as an entry that it read is written. What is remembered is exactly what a walk would find: no program can tell, no
 * snapshot needs it.
 *
 * An entry of the memory's table, at a place that follows from page, privilege and id: u32 linear page, bit 0 set for user; u32 id; u32 memory
 * offset of the page; u32 `TLB_MAY_WRITE`, `TLB_GLOBAL`.
 */
export const WALK_TAG = 0;
export const WALK_SPACE = 4;
export const WALK_OFFSET = 8;
export const WALK_FLAGS = 12;
/** What tells user walks from the supervisor's, in the entry's number. */
export const WALK_USER = L.WALK_ENTRIES >> 1;
/** Spreads the ids over the table. */
export const WALK_SPREAD = 0x1f35;

/** In place of a page table's directory index: the frame is the directory. */
const DIRECTORY = 1024;

/** What the spaces need from who keeps track of writes. */
export interface TableMarks {
  /** Physical page: writes to it must come through {@link Spaces.written}, from now on or no longer. */
  markTable(page: number, on: boolean): void;
}

/** The address spaces lately in force: at most one for each slot of {@link L.SPACE_TABLE}. */
export class Spaces {
  readonly #state: CpuState;
  readonly #marks: TableMarks;
  #lastId = 0;
  /** By physical page: who uses it as a table, two words each: the id; slot and index in the directory, `slot << 11 | index`. */
  readonly #users = new Map<number, number[]>();
  /** By slot and index: the id for which the table is in {@link #users} already. */
  readonly #known = new Uint32Array(L.SPACE_SLOTS << 11);

  constructor(state: CpuState, marks: TableMarks) {
    this.#state = state;
    this.#marks = marks;
  }

  #slotOf(root: number): number {
    return (root >>> 12) & (L.SPACE_SLOTS - 1);
  }
  #at(slot: number): number {
    return (L.SPACE_TABLE >> 2) + slot * 2;
  }

  /** CR3 has been loaded. */
  enter(): void {
    const { u32, cr3 } = this.#state;
    const at = this.#at(this.#slotOf(cr3));
    u32[L.SPACE >> 2] = u32[at] === cr3 && u32[at + 1] !== 0 ? u32[at + 1] : this.#begin(cr3);
  }

  #begin(root: number): number {
    const { u32 } = this.#state;
    const slot = this.#slotOf(root);
    const at = this.#at(slot);
    u32[at] = root;
    return (u32[at + 1] = this.#lastId = (this.#lastId + 1) >>> 0 || 1);
  }

  #entry(linear: number, user: boolean, id: number): number {
    const n = ((linear >>> 12) + Math.imul(id, WALK_SPREAD) + (user ? WALK_USER : 0)) & (L.WALK_ENTRIES - 1);
    return (L.WALKS + n * L.WALK_ENTRY) >> 2;
  }

  /** A walk has succeeded. @param table memory offset of the page table, 0 for a 4 MiB page */
  remember(linear: number, user: boolean, offset: number, mayWrite: boolean, global: boolean, table: number): void {
    const s = this.#state;
    const { u32 } = s;
    const slot = this.#slotOf(s.cr3);
    if (u32[this.#at(slot)] !== s.cr3 || u32[this.#at(slot) + 1] !== u32[L.SPACE >> 2] || u32[L.SPACE >> 2] === 0)
      u32[L.SPACE >> 2] = this.#begin(s.cr3);
    const id = u32[L.SPACE >> 2];
    this.#use(id, slot, DIRECTORY, s.cr3 >>> 12);
    if (table !== 0) this.#use(id, slot, linear >>> 22, (table - L.RAM) >>> 12);
    const at = this.#entry(linear, user, id);
    u32[at] = (linear & 0xfffff000) | (user ? 1 : 0);
    u32[at + 1] = id;
    u32[at + 2] = offset & ~0xfff;
    u32[at + 3] = (mayWrite ? TLB_MAY_WRITE : 0) | (global ? TLB_GLOBAL : 0);
  }

  #use(id: number, slot: number, index: number, page: number): void {
    const use = (slot << 11) | index;
    if (this.#known[use] === id) return;
    this.#known[use] = id;
    const list = this.#users.get(page);
    if (list) list.push(id, use);
    else {
      this.#users.set(page, [id, use]);
      this.#marks.markTable(page, true);
    }
  }

  /** Word index of the entry for a page in the space in force, or -1. */
  recall(linear: number, user: boolean): number {
    const { u32 } = this.#state;
    const id = u32[L.SPACE >> 2];
    const at = this.#entry(linear, user, id);
    return id !== 0 && u32[at + 1] === id && u32[at] === ((linear & 0xfffff000) | (user ? 1 : 0)) >>> 0 ? at : -1;
  }

  /** Bytes of a marked page are being written: what was read from them is forgotten. They do not leave the page. */
  written(physical: number, length: number): void {
    const page = physical >>> 12;
    const users = this.#users.get(page);
    const { u32 } = this.#state;
    if (!users) return;
    let kept = 0;
    for (let n = 0; n < users.length; n += 2) {
      const id = users[n];
      const use = users[n + 1];
      const index = use & 2047;
      const at = this.#at(use >> 11);
      if (u32[at + 1] !== id) continue;
      if (index === DIRECTORY) {
        const inForce = u32[L.SPACE >> 2] === id;
        const fresh = this.#begin(u32[at]);
        if (inForce) u32[L.SPACE >> 2] = fresh;
        continue;
      }
      const last = ((physical & 0xfff) + length - 1) >>> 2;
      for (let word = (physical & 0xfff) >>> 2; word <= last; word++) {
        const linear = (index << 22) | (word << 12);
        this.#forget(linear, false, id);
        this.#forget(linear, true, id);
      }
      users[kept++] = id;
      users[kept++] = use;
    }
    if (kept === users.length) return;
    users.length = kept;
    if (kept > 0) return;
    this.#users.delete(page);
    this.#marks.markTable(page, false);
  }

  #forget(linear: number, user: boolean, id: number): void {
    const { u32 } = this.#state;
    const entry = this.#entry(linear, user, id);
    if (u32[entry + 1] === id && ((u32[entry] ^ linear) & 0xfffff000) === 0) u32[entry + 1] = 0;
  }

  /** Forgets everything. */
  clear(): void {
    const { u32 } = this.#state;
    u32.fill(0, L.SPACE_TABLE >> 2, (L.SPACE_TABLE >> 2) + L.SPACE_SLOTS * 2);
    u32[L.SPACE >> 2] = 0;
    for (const page of this.#users.keys()) this.#marks.markTable(page, false);
    this.#users.clear();
  }
}
