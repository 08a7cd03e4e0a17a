/**
 * The memory of the Host's programs. Nobody runs these programs' instructions, so there are no hardware tables behind
 * them: an area simply knows the frame of each of its pages. What matters to lguest is kept exactly: memory is filled
 * on first touch, untouched pages that are only read share one page of zeros, and a write to a shared page copies it.
 */
import { current } from './kernel.ts';
import { allocPage, getPage, PAGE_SIZE, putPage } from './frames.ts';
import { notifyPage, reclaimPage, takeSwapped } from './swap.ts';
import { EFAULT, ENOMEM } from './errno.ts';
import type { Area, Mm } from './data.ts';

/** Where anonymous memory is placed first: TASK_UNMAPPED_BASE of i386. */
const MMAP_BASE = 0x40000000;
const TASK_SIZE = 0xc0000000;
/** PAGE_SIZE, as shifts and masks say it: those stay quick with addresses that are no small integers any more. */
const PAGE_SHIFT = 12;
const IN_PAGE = PAGE_SIZE - 1;

/** An empty map with one user. */
export function createMm(): Mm {
  return { areas: [], users: 1 };
}

/** Private zero-filled memory. Returns its address, or -ENOMEM when the address space is full. */
export function mmapAnonymous(mm: Mm, bytes: number): number {
  const pages = Math.ceil(bytes / PAGE_SIZE);
  const start = mm.areas.at(-1)?.end ?? MMAP_BASE;
  const end = start + pages * PAGE_SIZE;
  if (pages === 0 || end > TASK_SIZE) return -ENOMEM;
  mm.areas.push({ start, end, frames: new Uint32Array(pages) });
  return start;
}

/** Takes away the whole area that begins at an address. Returns false if none does. */
export function munmap(mm: Mm, address: number): boolean {
  const index = mm.areas.findIndex(({ start }) => start === address);
  if (index < 0) return false;
  const [area] = mm.areas.splice(index, 1);
  for (const frame of area.frames) if (frame !== 0) unmapFrame(frame);
  current.onPageMove?.();
  return true;
}

/** A copy, as fork makes it: both share every page until one of them writes. */
export function copyMm(mm: Mm): Mm {
  for (const area of mm.areas) {
    for (const frame of area.frames) if (frame !== 0) mapFrame(frame);
  }
  const copied = ({ swapped, ...area }: Area): Area => ({
    ...area,
    frames: area.frames.slice(),
    ...(swapped !== undefined && { swapped: { ...swapped } }),
  });
  return { areas: mm.areas.map(copied), users: 1 };
}

/** One user less; the last one gives all pages back. */
export function mmput(mm: Mm): void {
  if (--mm.users > 0) return;
  for (const area of mm.areas) {
    for (const frame of area.frames) if (frame !== 0) unmapFrame(frame);
  }
  mm.areas = [];
  current.onPageMove?.();
}

/**
 * Finds the page behind an address, filling or copying it as a read or a write would.
 * Returns its physical address with a reference that the caller must give back by `putPage`; or -EFAULT, -ENOMEM.
 */
export function getUserPage(mm: Mm, address: number, write: boolean): number {
  const page = faultIn(mm, address, write);
  if (page >= 0) getPage(page);
  return page;
}

/** Copies from a program's memory. Returns null if some of it is not there. */
export function copyFromUser(mm: Mm | null, from: number, length: number): Uint8Array | null {
  if (mm !== null && (from & IN_PAGE) + length <= PAGE_SIZE) {
    const page = faultIn(mm, from, false);
    return page < 0 ? null : current.machine.ram.readBytes(page + (from & IN_PAGE), length);
  }
  const bytes = new Uint8Array(length);
  const done = eachPage(mm, from, length, false, (physical, offset, count) => {
    bytes.set(current.machine.ram.readBytes(physical, count), offset);
  });
  return done ? bytes : null;
}

/** Copies to a program's memory. Returns false if some of it is not there; what was, has been written. */
export function copyToUser(mm: Mm | null, to: number, bytes: Uint8Array): boolean {
  return eachPage(mm, to, bytes.length, true, (physical, offset, count) => {
    current.machine.ram.writeBytes(physical, bytes.subarray(offset, offset + count));
  });
}

/** Reads a little-endian word. Returns null where there is no memory. */
export function getUser32(mm: Mm | null, from: number): number | null {
  if (mm !== null && (from & 3) === 0) {
    const page = faultIn(mm, from, false);
    return page < 0 ? null : current.machine.ram.read32(page + (from & IN_PAGE)) >>> 0;
  }
  const bytes = copyFromUser(mm, from, 4);
  return bytes === null ? null : new DataView(bytes.buffer).getUint32(0, true);
}

/** Writes a little-endian word. Returns false where there is no memory. */
export function putUser32(mm: Mm | null, to: number, value: number): boolean {
  if (mm !== null && (to & 3) === 0) {
    const page = faultIn(mm, to, true);
    if (page >= 0) current.machine.ram.write32(page + (to & IN_PAGE), value);
    return page >= 0;
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return copyToUser(mm, to, bytes);
}

/** Which address a frame is mapped at: for looking at memory from outside. Null if it is in none of these maps. */
export function frameOwner(mms: readonly Mm[], physical: number): { mm: Mm; address: number } | null {
  const frame = Math.floor(physical / PAGE_SIZE);
  if (frame * PAGE_SIZE === current.data.frames.zeroPage) return null;
  for (const mm of mms) {
    for (const area of mm.areas) {
      const index = area.frames.indexOf(frame);
      if (index >= 0) return { mm, address: area.start + index * PAGE_SIZE + (physical % PAGE_SIZE) };
    }
  }
  return null;
}

/** The page behind an address, as it is: physical address, or -EFAULT; 0 while untouched. */
export function lookUp(mm: Mm, address: number): number {
  const area = findArea(mm, address);
  return area === undefined ? -EFAULT : area.frames[(address - area.start) >>> PAGE_SHIFT] * PAGE_SIZE;
}

function findArea(mm: Mm, address: number): Area | undefined {
  for (const area of mm.areas) if (address >= area.start && address < area.end) return area;
  return undefined;
}

/** What a page fault of the program would do. Returns the page's physical address or a negative error number. */
function faultIn(mm: Mm, address: number, write: boolean): number {
  const area = findArea(mm, address);
  if (area === undefined) return -EFAULT;
  const index = (address - area.start) >>> PAGE_SHIFT;
  const old = area.frames[index];
  if (old !== 0 && !write) return old * PAGE_SIZE;
  const {
    data: { frames },
    machine: { ram },
  } = current;
  const shared = frames.maps[old] > 1 || old * PAGE_SIZE === frames.zeroPage;
  if (old !== 0 && !shared) return old * PAGE_SIZE;
  if (!write && area.swapped?.[index] === undefined) {
    area.frames[index] = frames.zeroPage / PAGE_SIZE;
    mapFrame(area.frames[index]);
    current.onPageMove?.();
    return frames.zeroPage;
  }
  const page = allocPage() || (reclaimPage(area, index) ? allocPage() : 0);
  if (page === 0) return -ENOMEM;
  const swapped = takeSwapped(area, index);
  if (old !== 0) {
    notifyPage(mm, area.start + index * PAGE_SIZE);
    ram.copy(page, old * PAGE_SIZE, PAGE_SIZE);
    unmapFrame(old);
  } else if (swapped !== undefined) ram.writeBytes(page, swapped);
  else ram.fill(page, PAGE_SIZE, 0);
  area.frames[index] = page / PAGE_SIZE;
  frames.maps[page / PAGE_SIZE] = 1;
  current.onPageMove?.();
  return page;
}

function mapFrame(frame: number): void {
  current.data.frames.refs[frame]++;
  current.data.frames.maps[frame]++;
}

function unmapFrame(frame: number): void {
  current.data.frames.maps[frame]--;
  putPage(frame * PAGE_SIZE);
}

function eachPage(
  mm: Mm | null,
  address: number,
  length: number,
  write: boolean,
  visit: (physical: number, offset: number, count: number) => void,
): boolean {
  if (mm === null) return length === 0;
  for (let offset = 0; offset < length; ) {
    const at = address + offset;
    const count = Math.min(length - offset, PAGE_SIZE - (at & IN_PAGE));
    const page = faultIn(mm, at, write);
    if (page < 0) return false;
    visit(page + (at & IN_PAGE), offset, count);
    offset += count;
  }
  return true;
}
