import { current } from './kernel.ts';
import type { FrameData } from './data.ts';

/** Bytes of a page. */
export const PAGE_SIZE = 4096;
/** Where the kernel sees physical address 0. */
export const PAGE_OFFSET = 0xc0000000;

/** Makes the frames' ledger. Frames below `firstFree` belong to the kernel's image and are never given away. */
export function createFrames(ramBytes: number, firstFree: number, zeroPage: number): FrameData {
  const count = Math.floor(ramBytes / PAGE_SIZE);
  const refs = new Uint16Array(count);
  const maps = new Uint16Array(count);
  refs.fill(1, 0, firstFree);
  // The zero page always has one mapping too many to be written to.
  maps[zeroPage / PAGE_SIZE] = 1;
  const free = new Uint32Array(count - firstFree);
  for (let i = 0; i < free.length; i++) free[i] = count - 1 - i;
  return { refs, maps, free, freeCount: free.length, zeroPage };
}

/** Kernel virtual address to physical. */
export function pa(address: number): number {
  return (address - PAGE_OFFSET) >>> 0;
}

/** A frame with one reference, whatever it holds. Returns its physical address, or 0 if there is none left. */
export function allocPage(): number {
  const { frames } = current.data;
  if (frames.freeCount === 0) return 0;
  const frame = frames.free[--frames.freeCount];
  frames.refs[frame] = 1;
  frames.maps[frame] = 0;
  return frame * PAGE_SIZE;
}

/** A frame full of zeros, with one reference. Returns its physical address, or 0 if there is none left. */
export function getZeroedPage(): number {
  const page = allocPage();
  if (page !== 0) current.machine.ram.fill(page, PAGE_SIZE, 0);
  return page;
}

/** Takes one more reference to the frame at a physical address. */
export function getPage(page: number): void {
  current.data.frames.refs[page / PAGE_SIZE]++;
}

/** Gives a reference back; the last one frees the frame. */
export function putPage(page: number): void {
  const { frames } = current.data;
  const frame = page / PAGE_SIZE;
  if (frames.refs[frame] === 0) throw new RangeError(`frame ${frame} is free already`);
  if (--frames.refs[frame] === 0) frames.free[frames.freeCount++] = frame;
}

/** The end of a page the kernel had for itself. 0 is allowed, as for `kfree`. */
export function freePage(page: number): void {
  if (page !== 0) putPage(page);
}

/** Takes all but so many of the free frames away for good: a Host that is short of memory. */
export function keepFrames(count: number): void {
  const { frames } = current.data;
  if (count >= frames.freeCount) return;
  frames.free.copyWithin(0, frames.freeCount - count, frames.freeCount);
  frames.freeCount = count;
}

/** References to the frame at a physical address. */
export function pageCount(page: number): number {
  return current.data.frames.refs[page / PAGE_SIZE];
}

/** Frames left. */
export function freePages(): number {
  return current.data.frames.freeCount;
}
