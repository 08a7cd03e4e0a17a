/** Somebody outside who wants a run to stop at certain instructions and accesses. No program can tell that it is there. */

/** Instructions to stop before. */
export interface CodeStops {
  /** The low twelve bits of their addresses. */
  readonly offsets: ReadonlySet<number>;
  /** An instruction at one of these offsets is the next to run: stop before it? The count of instructions is exact. */
  here(linear: number, physical: number): boolean;
}

/** A piece of physical memory that is watched. */
export interface WatchedRange {
  /** Its first byte. */
  readonly physical: number;
  /** Bytes. */
  readonly length: number;
  /** Whether reading it counts. */
  readonly reads: boolean;
  /** Whether writing to it counts. */
  readonly writes: boolean;
}

/** An access to watched memory. */
export interface DataAccess {
  /** What was watched. */
  readonly range: WatchedRange;
  /** Where the access begins. */
  readonly physical: number;
  /** Bytes. */
  readonly size: number;
  /** It wrote; else it read. */
  readonly write: boolean;
}

/** What FAULT_VECTOR says where an access of generated code must wait until its instruction is run by itself: no vector of the processor's. */
export const WITHHELD = 0x100;

/** What a machine's observer wants, and what came of it. */
export class Observer {
  code: CodeStops | null = null;
  #ranges: readonly WatchedRange[] = [];
  /** The first access to watched memory since {@link forget}. */
  seen: DataAccess | null = null;
  /** The instruction that is running made it, and is to be the last. */
  ends = false;
  /** The instruction that made the access runs to its end: what it does is known. */
  busy = false;
  /** Hears of an access by somebody who is not the processor. */
  onAccess: (() => void) | null = null;

  get ranges(): readonly WatchedRange[] {
    return this.#ranges;
  }
  set ranges(ranges: readonly WatchedRange[]) {
    this.#ranges = ranges;
    this.seen = null;
  }

  /** Takes note of an access, if it is one to watched memory, and the first. */
  sees(physical: number, size: number, write: boolean): boolean {
    if (this.busy) return false;
    const range = this.#ranges.find(
      (r) => physical < r.physical + r.length && r.physical < physical + size && (write ? r.writes : r.reads),
    );
    if (range === undefined) return false;
    this.seen ??= { range, physical, size, write };
    return true;
  }
}
