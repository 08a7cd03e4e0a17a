/**
 * When memory runs out: pages of programs are put away, and come back when they are touched. A page that somebody else holds, since its address stands in tables of his own,
 * cannot go, nor may it move without his knowledge. So he may have himself notified (linux/mmu_notifier.h, from Linux 2.6.27 on). Only memory of which somebody is
 * notified is put away: that of all others stays, as if there were no swap.
 */
import { current } from './kernel.ts';
import { PAGE_SIZE, putPage } from './frames.ts';
import type { Area, Mm } from './data.ts';

/** From now on file operations of that kind are told of this memory's pages, with `data`, before they move or go. */
export function mmuNotifierRegister(mm: Mm, ops: string, data: unknown): void {
  mm.notifier = { ops, data, hand: 0 };
}

/** Nobody need be told any more. */
export function mmuNotifierUnregister(mm: Mm): void {
  delete mm.notifier;
}

/** The page behind an address is about to move or to go. */
export function notifyPage({ notifier }: Mm, address: number): void {
  if (notifier !== undefined) current.code.operations.get(notifier.ops)?.invalidatePage?.(notifier.data, address);
}

/** Puts one page away, any but the one that is being filled. Returns false if none can go. */
export function reclaimPage(filled: Area, index: number): boolean {
  const mms = new Set(current.data.tasks.all.map(({ mm }) => mm));
  for (const mm of mms) if (mm !== null && reclaimFrom(mm, filled, index)) return true;
  return false;
}

/** Goes on where the last search has ended, once round. */
function reclaimFrom(mm: Mm, filled: Area, index: number): boolean {
  const { notifier, areas } = mm;
  if (notifier === undefined) return false;
  const pages = areas.reduce((sum, { frames }) => sum + frames.length, 0);
  for (let left = pages; left > 0; left--) {
    notifier.hand = (notifier.hand + 1) % pages;
    let at = notifier.hand;
    const area = areas.find(({ frames }) => at < frames.length || ((at -= frames.length), false));
    if (area !== undefined && !(area === filled && at === index) && putAway(mm, area, at)) return true;
  }
  return false;
}

/** False where there is no page, or others share it, or hold it all the same. */
function putAway(mm: Mm, area: Area, index: number): boolean {
  const { maps, refs, zeroPage } = current.data.frames;
  const frame = area.frames[index];
  if (frame === 0 || frame * PAGE_SIZE === zeroPage || maps[frame] > 1) return false;
  if (refs[frame] > 1) notifyPage(mm, area.start + index * PAGE_SIZE);
  if (refs[frame] > 1) return false;
  current.onPutAway?.();
  area.swapped ??= {};
  area.swapped[index] = current.machine.ram.readBytes(frame * PAGE_SIZE, PAGE_SIZE);
  area.frames[index] = 0;
  maps[frame] = 0;
  putPage(frame * PAGE_SIZE);
  current.onPageMove?.();
  return true;
}

/** What was put away of a page, which is filled now; undefined: nothing. */
export function takeSwapped(area: Area, index: number): Uint8Array | undefined {
  const bytes = area.swapped?.[index];
  if (bytes !== undefined) delete area.swapped?.[index];
  return bytes;
}
