/** What the reader chose: which file is which, and what is remembered for the next visit. */

/** Places for files. */
export type Slot = 'kernel' | 'initrd' | 'disk' | 'map' | 'world';

/** Which place a dropped file is for, by its name; what does not tell goes where there is still room. */
export function guessSlot({ name }: { readonly name: string }, taken: Readonly<Partial<Record<Slot, unknown>>>): Slot {
  if (/\.lguest$/i.test(name)) return 'world';
  if (/system\.map|\.map$/i.test(name)) return 'map';
  if (/initr|initramfs|\.cpio|ramdisk/i.test(name)) return 'initrd';
  if (/\.(img|iso|ext[234]|raw|disk|hdd)$|disk/i.test(name)) return 'disk';
  if (/vmlinu|bzimage|kernel|\.elf$/i.test(name)) return 'kernel';
  return taken.kernel === undefined ? 'kernel' : taken.initrd === undefined ? 'initrd' : 'disk';
}

/** Files in their places, and those for which there was none: of several that come at once and are for the same place, the first has it. */
export interface Placed<F> {
  readonly files: Readonly<Partial<Record<Slot, F>>>;
  readonly left: readonly F[];
}

/** Puts files that come at once where they are for. What was there before makes room. */
export function placeFiles<F extends { readonly name: string }>(before: Readonly<Partial<Record<Slot, F>>>, list: Iterable<F>): Placed<F> {
  const placed: Partial<Record<Slot, F>> = {};
  const left: F[] = [];
  for (const file of list) {
    const slot = guessSlot(file, { ...before, ...placed });
    if (placed[slot] === undefined) placed[slot] = file;
    else left.push(file);
  }
  return { files: { ...before, ...placed }, left };
}
