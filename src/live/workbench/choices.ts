/** What the reader chose: which file is which, and what is remembered for the next visit. */

/** Places for files. */
export type Slot = 'kernel' | 'initrd' | 'disk';

/** Which place a dropped file is for, by its name; what does not tell goes where there is still room. */
export function guessSlot({ name }: { readonly name: string }, taken: Readonly<Partial<Record<Slot, unknown>>>): Slot {
  if (/initr|initramfs|\.cpio|ramdisk/i.test(name)) return 'initrd';
  if (/\.(img|iso|ext[234]|raw|disk|hdd)$|disk/i.test(name)) return 'disk';
  if (/vmlinu|bzimage|kernel|\.elf$/i.test(name)) return 'kernel';
  return taken.kernel === undefined ? 'kernel' : taken.initrd === undefined ? 'initrd' : 'disk';
}
