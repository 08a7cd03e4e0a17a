/**
 * The Guest's virtqueues, as both sides have left them: looked at from outside, and nothing is touched by looking. The layout is virtio's of 2008: descriptors of 16 bytes, the
 * available ring behind them, the used ring from the next whole page on.
 */

/** Reads Guest-physical memory; null where there is none. Must not change anything. */
export type GuestReader = (phys: number, length: number) => Uint8Array | null;

/** What a Launcher remembers of a queue. */
export interface QueueFacts {
  readonly pfn: number;
  readonly num: number;
  readonly irq: number;
  readonly lastAvail: number;
  readonly resets: number;
}

/** A piece of a chain. */
export interface ChainPart {
  /** Index in the descriptor table. */
  readonly index: number;
  readonly addr: number;
  readonly len: number;
  /** The device writes there; else it reads. */
  readonly write: boolean;
}

/** Descriptors that belong together. */
export interface ChainView {
  readonly head: number;
  readonly parts: readonly ChainPart[];
  /** It does not end: it leads out of the table, or round in a circle. */
  readonly broken: boolean;
}

/** One queue. Indexes run to 65,535 and begin again; a place in a ring is its index modulo `num`. */
export interface QueueView extends QueueFacts {
  /** How many chains the Guest has made available, the Launcher taken (`lastAvail`), and given back. */
  readonly availIdx: number;
  readonly usedIdx: number;
  /** The Guest would rather not be interrupted; the Launcher would rather not be notified. */
  readonly noInterrupt: boolean;
  readonly noNotify: boolean;
  /** Made available and not yet taken; and taken, but not yet given back. */
  readonly waiting: readonly ChainView[];
  readonly inFlight: readonly ChainView[];
  /** The Guest's index is where it cannot be. */
  readonly jumped: boolean;
  /** What was given back last, with the number of bytes written. */
  readonly lastUsed: { readonly head: number; readonly len: number } | null;
}

/** One device of one Guest. */
export interface DeviceView {
  /** Which Guest's: 0, 1, … */
  readonly guest: number;
  /** The Guest is gone: this is how it left the device. */
  readonly ended: boolean;
  readonly name: string;
  readonly type: number;
  /** The status byte: what the driver has said of itself. */
  readonly status: number;
  readonly queues: readonly QueueView[];
}

const PAGE = 4096;
const DESC = 16;
const F_NEXT = 1;
const F_WRITE = 2;
const NO_INTERRUPT = 1;
const NO_NOTIFY = 1;

/** Where in the Guest's memory an index of a ring is, or a descriptor; and how many bytes it has. */
export function placeInRing(
  { pfn, num }: Pick<QueueFacts, 'pfn' | 'num'>,
  what: 'available' | 'used' | number,
): { readonly address: number; readonly length: number } {
  if (typeof what === 'number') return { address: pfn * PAGE + DESC * what, length: DESC };
  return { address: (what === 'available' ? pfn * PAGE + DESC * num : usedRing(pfn, num)) + 2, length: 2 };
}

function usedRing(pfn: number, num: number): number {
  return pfn * PAGE + Math.ceil((DESC * num + 2 * (2 + num)) / PAGE) * PAGE;
}

/** Looks at a queue. @returns null where its pages are not there */
export function viewQueue(read: GuestReader, { pfn, num, irq, lastAvail, resets }: QueueFacts): QueueView | null {
  const table = read(pfn * PAGE, DESC * num + 4 + 2 * num);
  const usedBytes = read(usedRing(pfn, num), 4 + 8 * num);
  if (table === null || usedBytes === null) return null;
  const ring = new DataView(table.buffer, table.byteOffset, table.length);
  const used = new DataView(usedBytes.buffer, usedBytes.byteOffset, usedBytes.length);
  const availIdx = ring.getUint16(DESC * num + 2, true);
  const usedIdx = used.getUint16(2, true);
  const headAt = (index: number): number => ring.getUint16(DESC * num + 4 + 2 * (index % num), true);
  const usedAt = (index: number): number => used.getUint32(4 + 8 * (index % num), true);
  const count = (availIdx - lastAvail) & 0xffff;
  const jumped = count > num;
  const waiting = jumped ? [] : Array.from({ length: count }, (_, n) => headAt((lastAvail + n) & 0xffff));
  const lastAt = (usedIdx - 1) & 0xffff;
  return {
    pfn,
    num,
    irq,
    lastAvail,
    resets,
    availIdx,
    usedIdx,
    jumped,
    noInterrupt: (ring.getUint16(DESC * num, true) & NO_INTERRUPT) !== 0,
    noNotify: (used.getUint16(0, true) & NO_NOTIFY) !== 0,
    waiting: waiting.map((head) => chainOf(ring, num, head)),
    inFlight: takenAndKept(lastAvail, usedIdx, num - waiting.length, headAt, usedAt).map((head) => chainOf(ring, num, head)),
    lastUsed:
      usedIdx === 0 && usedAt(lastAt) === 0 && used.getUint32(8 + 8 * (lastAt % num), true) === 0
        ? null
        : { head: usedAt(lastAt), len: used.getUint32(8 + 8 * (lastAt % num), true) },
  };
}

/** Heads that were taken and not given back, by the latest `known` places of the available ring that still hold what was taken from them. Chains may come back out of order, as long as the rings still hold what happened to them. */
function takenAndKept(
  lastAvail: number,
  usedIdx: number,
  known: number,
  headAt: (index: number) => number,
  usedAt: (index: number) => number,
): number[] {
  const kept = (lastAvail - usedIdx) & 0xffff;
  if (kept === 0 || kept > known) return [];
  const taken: number[] = [];
  for (let n = known; n > 0; n--) taken.push(headAt((lastAvail - n) & 0xffff));
  for (let n = known - kept; n > 0; n--) {
    const at = taken.indexOf(usedAt((usedIdx - n) & 0xffff));
    if (at >= 0) taken.splice(at, 1);
  }
  return taken.slice(-kept);
}

function chainOf(ring: DataView, num: number, head: number): ChainView {
  const parts: ChainPart[] = [];
  let index = head;
  for (;;) {
    if (index >= num || parts.length > num) return { head, parts: parts.slice(0, num), broken: true };
    const at = DESC * index;
    const flags = ring.getUint16(at + 12, true);
    parts.push({ index, addr: Number(ring.getBigUint64(at, true)), len: ring.getUint32(at + 8, true), write: (flags & F_WRITE) !== 0 });
    if ((flags & F_NEXT) === 0) return { head, parts, broken: false };
    index = ring.getUint16(at + 14, true);
  }
}
