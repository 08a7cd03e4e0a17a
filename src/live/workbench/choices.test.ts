import { expect, test } from 'vitest';
import { guessSlot, placeFiles } from './choices.ts';
import type { Slot } from './choices.ts';

test.each<readonly [name: string, taken: readonly Slot[], slot: Slot]>([
  ['vmlinux', [], 'kernel'],
  ['bzImage-2.6.25', [], 'kernel'],
  ['vmlinuz', ['kernel'], 'kernel'],
  ['guest.elf', [], 'kernel'],
  ['initrd.gz', [], 'initrd'],
  ['initramfs-busybox.cpio.gz', [], 'initrd'],
  ['root.ext2', [], 'disk'],
  ['disk.ext2.img', [], 'disk'],
  ['hda.raw', [], 'disk'],
  ['System.map', [], 'map'],
  ['System.map-2.6.25', [], 'map'],
  ['Puppy.lguest', [], 'world'],
  ['something', [], 'kernel'],
  ['something', ['kernel'], 'initrd'],
  ['something', ['kernel', 'initrd'], 'disk'],
])('%s, with %j taken, is for %s', (name, taken, slot) => {
  expect(guessSlot({ name }, Object.fromEntries(taken.map((one) => [one, true])))).toBe(slot);
});

test.each<[what: string, before: string, dropped: string, files: string, left: string]>([
  ['all that a kernel needs', '', 'vmlinux initrd.gz disk.img', 'vmlinux initrd.gz disk.img', ''],
  ['a newer kernel', 'vmlinux-1 initrd.gz', 'vmlinux-2', 'vmlinux-2 initrd.gz', ''],
  ['two disks at once', '', 'a.img b.img', 'a.img', 'b.img'],
  ['names that tell nothing', '', 'one two three four', 'one two three', 'four'],
  ['nothing', 'vmlinux', '', 'vmlinux', ''],
])('dropped: %s', (_, before, dropped, files, left) => {
  const words = (text: string): { name: string }[] => text.split(' ').flatMap((name) => (name === '' ? [] : [{ name }]));
  const placed = placeFiles(placeFiles({}, words(before)).files, words(dropped));
  expect(
    [placed.files.kernel, placed.files.initrd, placed.files.disk].flatMap((file) => (file === undefined ? [] : [file.name])).join(' '),
  ).toBe(files);
  expect(placed.left.map(({ name }) => name).join(' ')).toBe(left);
});
