import { expect, test } from 'vitest';
import { guessSlot } from './choices.ts';
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
  ['something', [], 'kernel'],
  ['something', ['kernel'], 'initrd'],
  ['something', ['kernel', 'initrd'], 'disk'],
])('%s, with %j taken, is for %s', (name, taken, slot) => {
  expect(guessSlot({ name }, Object.fromEntries(taken.map((one) => [one, true])))).toBe(slot);
});
