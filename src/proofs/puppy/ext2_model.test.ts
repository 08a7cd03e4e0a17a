/** Random deeds, done to Puppy's ext2 and to a model: the same answers, the same contents, and at each sync a disk that e2fsck finds nothing wrong with. */
import { expect, test } from 'vitest';
import { formatExt2 } from '#world';
import { Dice, effort } from '#testing';
import { DiskKernel, Unplugged } from './disk_kernel.ts';
import type { DiskRequest } from './disk_kernel.ts';
import { complaints, haveE2fsprogs, mke2fs, repaired } from './e2fsprogs.ts';
import { Tree } from './tree.ts';

/** Disks, and the largest file on them. */
const DISKS: [name: string, image: () => Uint8Array, most: number][] = [
  ['1 KB blocks', () => formatExt2({ bytes: 2 << 20 }), 400_000],
  ['1 KB blocks, revision 0, two groups', () => formatExt2({ bytes: 9 << 20, revision: 0 }), 700_000],
  ['2 KB blocks', () => formatExt2({ bytes: 4 << 20, blockSize: 2048 }), 500_000],
  ['4 KB blocks, large inodes', () => formatExt2({ bytes: 4 << 20, blockSize: 4096, inodeSize: 256 }), 500_000],
  ['a tiny disk', () => formatExt2({ bytes: 128 << 10, bytesPerInode: 8192 }), 60_000],
  ['a disk of an odd size', () => formatExt2({ bytes: 1027 << 10 }), 300_000],
];
if (haveE2fsprogs) DISKS.push(['as mke2fs makes it', () => mke2fs(8 << 20, '-t', 'ext2'), 400_000]);

const shuffled = (dice: Dice) => (count: number) => {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = dice.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
};

/** So many deeds between two syncs. */
const DEEDS = 60;

test.each(DISKS)('%s', (name, image, most) => {
  const dice = new Dice(most);
  const kernel = new DiskKernel(image(), 80);
  kernel.order = shuffled(dice);
  expect(kernel.mount()).toBe(0);
  const tree = new Tree(kernel, dice, most);
  for (let round = 0; round < 6 * effort(); round++) {
    for (let deed = 0; deed < DEEDS; deed++) tree.deed();
    tree.letGo();
    expect(kernel.sync()).toBe(0);
    // While it is mounted, the disk does not say that it is clean, and that alone is no complaint.
    expect(complaints(kernel.disk)).toBe('');
  }
  expect(kernel.get('kmalloced')).toBe(0);
  if (name === 'a tiny disk') expect(tree.full).toBeGreaterThan(10);
  expect(kernel.unmount()).toBe(0);
  expect(complaints(kernel.disk)).toBe('');
  expect(new DataView(kernel.disk.buffer).getUint16(1024 + 58, true)).toBe(1);
  const again = new DiskKernel(kernel.disk.slice());
  expect(again.mount()).toBe(0);
  tree.compare(again);
});

/** Runs until the plug is pulled. What was written after the last barrier may have come to the disk or not, a request at a time. */
function pulled(seed: number): { disk: Uint8Array; kept: { path: string; bytes: Uint8Array }[] } {
  const dice = new Dice(seed);
  const kernel = new DiskKernel(formatExt2({ bytes: 2 << 20, blockSize: dice.pick([1024, 2048, 4096]), revision: dice.pick([0, 1]) }), 72);
  kernel.order = shuffled(dice);
  let safe = kernel.disk.slice();
  let pending: DiskRequest[] = [];
  let bytes: Uint8Array[] = [];
  let left = 60 + dice.below(400);
  kernel.onRequest = (request) => {
    if (--left < 0) throw new Unplugged();
    if (request.barrier) {
      safe = kernel.disk.slice();
      pending = [];
      bytes = [];
    }
    if (request.write) {
      pending.push(request);
      bytes.push(kernel.machine.ram.readBytes(request.address, request.length).slice());
    }
    return 0;
  };
  let kept: { path: string; bytes: Uint8Array; touched: number }[] = [];
  let tree: Tree | undefined;
  let since = 0;
  try {
    expect(kernel.mount()).toBe(0);
    tree = new Tree(kernel, dice, 100_000);
    for (;;) {
      for (let deed = 0; deed < 25; deed++) tree.deed();
      expect(kernel.sync()).toBe(0);
      kept = tree.files();
      since = tree.deeds;
    }
  } catch (error) {
    if (!(error instanceof Unplugged)) throw error;
  }
  pending.forEach((request, i) => {
    if (!dice.oneIn(2)) safe.set(bytes[i], request.sector * 512);
  });
  // Files that nobody has touched since must be what they were.
  const now = new Map(tree?.files().map((file) => [file.path, file]));
  return { disk: safe, kept: kept.filter(({ path }) => (now.get(path)?.touched ?? Infinity) <= since) };
}

test.skipIf(!haveE2fsprogs)('the plug is pulled: e2fsck repairs what is left, and what was synced and not touched since is there', () => {
  let checked = 0;
  for (let seed = 0; seed < 12 * effort(); seed++) {
    const { disk, kept } = pulled(seed);
    const kernel = new DiskKernel(repaired(disk));
    expect(kernel.mount()).toBe(0);
    for (const { path, bytes } of kept) {
      const inode = path
        .split('/')
        .slice(1)
        .reduce<number | string>((at, name) => (typeof at === 'string' ? at : kernel.lookup(at, name)), 2);
      expect(inode, `${seed}: ${path}`).toBeTypeOf('number');
      expect(Buffer.from(kernel.readAll(inode as number) as Uint8Array).equals(bytes), `${seed}: ${path}`).toBe(true);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(10);
});
