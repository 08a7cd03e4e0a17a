/** Disks that are not what they say: every operation ends, with an error where it must, and the kernel goes on. */
import { describe, expect, test } from 'vitest';
import { formatExt2 } from '#world';
import { Dice, effort } from '#testing';
import { DiskKernel } from './disk_kernel.ts';

const FILES = {
  'a/b/c/deep': 'deep\n',
  hello: 'Hello\n',
  long: new Uint8Array(300_000).fill(65),
  'dir/one': '1',
  'dir/two': '2',
  'dir/three': '3',
};
const good = (blockSize = 1024): Uint8Array => formatExt2({ bytes: 1 << 20, blockSize, files: FILES });
const SUPER = 1024;

interface Patch {
  at: number;
  /** Bytes of the number. */
  size?: 1 | 2 | 4;
  value: number;
}

function patched(image: Uint8Array, ...patches: Patch[]): Uint8Array {
  const view = new DataView(image.buffer);
  for (const { at, size = 4, value } of patches) {
    if (size === 4) view.setUint32(at, value, true);
    else if (size === 2) view.setUint16(at, value, true);
    else view.setUint8(at, value);
  }
  return image;
}

describe('mounting', () => {
  test.each<[what: string, result: string | number, ...Patch[]]>([
    ['a disk of zeros', 'EINVAL', { at: SUPER + 56, size: 2, value: 0 }],
    ['blocks of 8 KB', 'EINVAL', { at: SUPER + 24, value: 3 }],
    ['blocks of 2 to the 4 billion', 'EINVAL', { at: SUPER + 24, value: 0xffffffff }],
    ['a wrong first block', 'EINVAL', { at: SUPER + 20, value: 0 }],
    ['no blocks', 'EINVAL', { at: SUPER + 4, value: 0 }],
    ['one block', 'EINVAL', { at: SUPER + 4, value: 1 }],
    ['more blocks than the disk has', 'EINVAL', { at: SUPER + 4, value: 1025 }],
    ['groups of no blocks', 'EINVAL', { at: SUPER + 32, value: 0 }],
    ['groups of more blocks than a bitmap has bits', 'EINVAL', { at: SUPER + 32, value: 8193 }],
    ['groups without inodes', 'EINVAL', { at: SUPER + 40, value: 0 }],
    ['groups of too many inodes', 'EINVAL', { at: SUPER + 40, value: 8193 }],
    ['another number of inodes', 'EINVAL', { at: SUPER, value: 255 }],
    ['inodes of 100 bytes', 'EINVAL', { at: SUPER + 88, size: 2, value: 100 }],
    ['inodes of 192 bytes', 'EINVAL', { at: SUPER + 88, size: 2, value: 192 }],
    ['inodes larger than blocks', 'EINVAL', { at: SUPER + 88, size: 2, value: 2048 }],
    ['compression', 'EINVAL', { at: SUPER + 96, value: 3 }],
    ['extents', 'EINVAL', { at: SUPER + 96, value: 0x42 }],
    ['a journal to be replayed', 'EINVAL', { at: SUPER + 96, value: 6 }],
    ['a block bitmap outside', 'EINVAL', { at: 2048, value: 0 }],
    ['an inode bitmap outside', 'EINVAL', { at: 2052, value: 1024 }],
    ['an inode table outside', 'EINVAL', { at: 2056, value: 0xffffffff }],
    ['an inode table that begins inside', 'EINVAL', { at: 2056, value: 1020 }],
    ['a feature that makes it read-only', 0, { at: SUPER + 100, value: 0x11 }],
    ['one that was not clean', 0, { at: SUPER + 58, size: 2, value: 0 }],
    ['one with errors', 0, { at: SUPER + 58, size: 2, value: 2 }],
  ])('%s', (_, result, ...patches) => {
    const kernel = new DiskKernel(patched(good(), ...patches));
    expect(kernel.mount()).toBe(result);
    if (result === 0) expect(kernel.lookup(2, 'hello')).toBeTypeOf('number');
  });

  test('no disk, none to speak of, and one too large', () => {
    const kernel = new DiskKernel(good());
    kernel.set('block_queue', 0);
    expect(kernel.mount()).toBe('ENXIO');
    expect(new DiskKernel(new Uint8Array(0)).mount()).toBe('ENXIO');
    expect(new DiskKernel(new Uint8Array(512)).mount()).toBe('EINVAL');
    const large = new DiskKernel(good());
    large.set('blk_capacity', -1);
    expect(large.mount()).toBe('ENXIO');
  });

  test('no memory for buffers', () => expect(new DiskKernel(good(), 20).mount()).toBe('ENOMEM'));

  test('twice', () => {
    const kernel = new DiskKernel(good());
    expect(kernel.mount()).toBe(0);
    expect(kernel.mount()).toBe('EBUSY');
    expect(kernel.unmount()).toBe(0);
    expect(kernel.mount()).toBe(0);
  });
});

test('what is mounted read-only is not written', () => {
  const image = patched(good(), { at: SUPER + 100, value: 0x11 });
  const kernel = new DiskKernel(image.slice());
  expect(kernel.mount()).toBe(0);
  const hello = kernel.lookup(2, 'hello') as number;
  expect(kernel.read(hello, 0, 99)).toEqual(new TextEncoder().encode('Hello\n'));
  expect(kernel.write(hello, 0, new Uint8Array(3))).toBe('EROFS');
  expect(kernel.truncate(hello, 0)).toBe('EROFS');
  expect(kernel.create(2, 'x')).toBe('EROFS');
  expect(kernel.unlink(2, 'hello')).toBe('EROFS');
  expect(kernel.rename(2, 'hello', 2, 'x')).toBe('EROFS');
  expect(kernel.sync()).toBe(0);
  expect(kernel.unmount()).toBe(0);
  expect(Buffer.from(kernel.disk).equals(image)).toBe(true);
});

/** Does a little of everything, and expects no more than that it comes back. */
function everything(kernel: DiskKernel): void {
  if (kernel.mount() !== 0) return;
  const walk = (inode: number, depth: number): void => {
    const entries = kernel.readdir(inode);
    kernel.stat(inode);
    if (typeof entries === 'string' || depth === 0) return;
    for (const { name, inode: to, kind } of entries.slice(0, 12)) {
      if (name !== '.' && name !== '..' && kind === 4) walk(to, depth - 1);
      else if (kernel.stat(to)) kernel.read(to, 250_000, 100_000);
    }
  };
  walk(2, 4);
  const file = (name: string): number => Number(kernel.lookup(2, name)) || 12;
  kernel.write(file('hello'), 5, new Uint8Array(20_000));
  kernel.write(file('long'), 290_000, new Uint8Array(20_000));
  kernel.truncate(file('long'), 100_000);
  kernel.hold(file('long'));
  kernel.unlink(2, 'long');
  kernel.drop(file('long'));
  const made = kernel.create(file('dir'), 'new');
  if (typeof made === 'number') kernel.write(made, 0, new Uint8Array(3000));
  kernel.mkdir(file('dir'), 'below');
  kernel.rename(2, 'dir', file('a'), 'moved');
  kernel.rename(2, 'a', file('a'), 'in itself');
  for (const name of ['one', 'two', 'three', 'new']) kernel.unlink(file('dir'), name);
  kernel.unlink(2, 'dir', true);
  kernel.unlink(2, 'a', true);
  kernel.truncate(file('hello'), 0);
  kernel.sync();
  kernel.unmount();
}

/** Where the structures are in such an image: superblock, descriptors, bitmaps, inodes, the first data. */
const REGIONS: readonly [from: number, to: number][] = [
  [1024, 1024 + 110],
  [2048, 2048 + 20],
  [3 * 1024, 3 * 1024 + 128],
  [4 * 1024, 4 * 1024 + 32],
  [5 * 1024, 5 * 1024 + 128 * 24],
  [37 * 1024, 1 << 20],
];
const TELLING = [
  0, 1, 2, 3, 4, 5, 11, 12, 13, 17, 36, 37, 40, 255, 256, 1023, 1024, 0x7fffffff, 0x80000000, 0xffff, 0xffffffff, 0xfffffffe,
];

test('disks damaged at random', () => {
  const dice = new Dice(2008);
  for (let round = 0; round < 40 * effort(); round++) {
    const image = good(dice.pick([1024, 1024, 2048, 4096]));
    for (let wound = dice.below(6); wound >= 0; wound--) {
      const [from, to] = dice.pick(REGIONS);
      const at = (from + dice.below(to - from)) & ~3;
      if (dice.oneIn(4)) image[at + dice.below(4)] ^= 1 << dice.below(8);
      else patched(image, { at, value: dice.oneIn(3) ? dice.word() : dice.pick(TELLING) });
    }
    const kernel = new DiskKernel(image, 100);
    everything(kernel);
  }
});

test('a disk whose numbers all lead to the same block', () => {
  for (const block of [5, 37, 40, 100]) {
    const image = good();
    for (let inode = 11; inode < 24; inode++)
      for (let i = 0; i < 15; i++) patched(image, { at: 5 * 1024 + (inode - 1) * 128 + 40 + i * 4, value: block });
    patched(image, ...Array.from({ length: 256 }, (_, i) => ({ at: block * 1024 + i * 4, value: block })));
    everything(new DiskKernel(image));
  }
});

test('a disk that fails now and then', () => {
  const dice = new Dice(7);
  for (let round = 0; round < 12 * effort(); round++) {
    const kernel = new DiskKernel(good(), 70);
    let until = dice.below(60);
    kernel.onRequest = () => (--until > 0 ? 0 : dice.oneIn(3) ? 1 : 0);
    everything(kernel);
  }
});

test('a write that fails is told at the next sync, once', () => {
  const kernel = new DiskKernel(good());
  expect(kernel.mount()).toBe(0);
  const hello = kernel.lookup(2, 'hello') as number;
  expect(kernel.write(hello, 0, new Uint8Array(100))).toBe(100);
  kernel.onRequest = ({ write }) => Number(write);
  expect(kernel.sync()).toBe('EIO');
  kernel.onRequest = () => 0;
  expect(kernel.sync()).toBe(0);
});
