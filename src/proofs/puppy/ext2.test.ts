/** Puppy's ext2 and its buffers, case by case: what others have written is read, what it writes others find, and what cannot be is refused. */
import { describe, expect, test } from 'vitest';
import { formatExt2 } from '#world';
import { Dice } from '#testing';
import { DiskKernel } from './disk_kernel.ts';
import { complaints, debugfs, haveE2fsprogs, mke2fs } from './e2fsprogs.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

function mounted(image: Uint8Array, pages?: number): DiskKernel {
  const kernel = new DiskKernel(image, pages);
  expect(kernel.mount()).toBe(0);
  return kernel;
}

function expectSame(found: Uint8Array | string, wanted: Uint8Array): void {
  expect(found).not.toBeTypeOf('string');
  expect(Buffer.from(found as Uint8Array).equals(wanted)).toBe(true);
}

describe.each([1024, 2048, 4096])('blocks of %i bytes', (blockSize) => {
  test('are read through all three levels of numbers, and holes are zeros', () => {
    const kernel = mounted(formatExt2({ bytes: 2 << 20, blockSize }));
    const file = kernel.create(2, 'sparse') as number;
    const pointers = blockSize / 4;
    const places = [0, 11, 12, 12 + pointers - 1, 12 + pointers, 12 + pointers + pointers ** 2 - 1, 12 + pointers + pointers ** 2]
      .map((block) => block * blockSize)
      .filter((at) => at < 2 ** 31 - 8);
    places.forEach((at, i) => expect(kernel.write(file, at + 3, text(`here ${i}`))).toBe(6));
    places.forEach((at, i) => expectSame(kernel.read(file, at, 9), text(`\0\0\0here ${i}`)));
    expectSame(kernel.read(file, 5 * blockSize, 20), new Uint8Array(20));
    expect(kernel.sync()).toBe(0);
    expect(complaints(kernel.disk)).toBe('');
    for (const at of [...places].reverse()) expect(kernel.truncate(file, at + 1)).toBe(0);
    expect(kernel.stat(file)).toMatchObject({ size: 1 });
    expect(kernel.truncate(file, 0)).toBe(0);
    expect(kernel.stat(file)).toMatchObject({ sectors: 0 });
    expect(kernel.unmount()).toBe(0);
    expect(complaints(kernel.disk)).toBe('');
  });

  test('hold a directory of three hundred, read in any piece, and emptied again', () => {
    const kernel = mounted(formatExt2({ bytes: 2 << 20, blockSize }));
    const directory = kernel.mkdir(2, 'many') as number;
    const names = Array.from({ length: 300 }, (_, i) => `file number ${i} ${'x'.repeat(i % 40)}`);
    for (const name of names) expect(kernel.create(directory, name)).toBeTypeOf('number');
    const found = kernel.readdir(directory) as { name: string }[];
    expect(found.map(({ name }) => name).sort()).toEqual(['.', '..', ...names].sort());
    expect(kernel.sync()).toBe(0);
    expect(complaints(kernel.disk)).toBe('');
    for (const name of names) expect(kernel.unlink(directory, name)).toBe(0);
    expect(kernel.unlink(2, 'many', true)).toBe(0);
    expect(kernel.unmount()).toBe(0);
    expect(complaints(kernel.disk)).toBe('');
  });
});

test('a file that somebody has open outlives its last name, and the disk is not unmounted under it', () => {
  const kernel = mounted(formatExt2({ bytes: 1 << 20 }));
  const file = kernel.create(2, 'letter') as number;
  expect(kernel.write(file, 0, text('still here'))).toBe(10);
  expect([kernel.hold(file), kernel.hold(file), kernel.unlink(2, 'letter'), kernel.drop(file)]).toEqual([0, 0, 0, 0]);
  expectSame(kernel.readAll(file), text('still here'));
  expect(kernel.unmount()).toBe('EBUSY');
  expect(kernel.drop(file)).toBe(0);
  expect(kernel.stat(file)).toBe('EIO');
  expect(kernel.unmount()).toBe(0);
  expect(complaints(kernel.disk)).toBe('');
});

test('names that cannot be', () => {
  const kernel = mounted(formatExt2({ bytes: 1 << 20, files: { 'd/e/f': '' } }));
  const d = kernel.lookup(2, 'd') as number;
  const e = kernel.lookup(d, 'e') as number;
  expect(kernel.lookup(2, '')).toBe('ENOENT');
  expect(kernel.create(2, 'x'.repeat(256))).toBe('ENAMETOOLONG');
  expect(kernel.create(2, 'x'.repeat(255))).toBeTypeOf('number');
  expect(kernel.create(2, '.')).toBe('EEXIST');
  expect(kernel.unlink(d, '.', true)).toBe('EINVAL');
  expect(kernel.unlink(d, '..', true)).toBe('EINVAL');
  expect(kernel.rename(d, '..', 2, 'x')).toBe('EINVAL');
  expect(kernel.rename(2, 'd', e, 'round')).toBe('EINVAL');
  expect(kernel.rename(2, 'd', d, 'round')).toBe('EINVAL');
  expect(kernel.lookup(kernel.lookup(e, 'f') as number, 'x')).toBe('ENOTDIR');
  expect(kernel.read(d, 0, 10)).toBe('EISDIR');
  expect(kernel.write(d, 0, text('no'))).toBe('EISDIR');
  expect(kernel.stat(0)).toBe('EIO');
  expect(kernel.stat(100_000)).toBe('EIO');
});

test('as little as ten files are written by few requests, all in one batch; a file in a row is read in batches of eight', () => {
  const kernel = mounted(formatExt2({ bytes: 1 << 20, files: { long: new Uint8Array(200_000).fill(7) } }));
  const before = kernel.batches;
  kernel.readAll(kernel.lookup(2, 'long') as number);
  expect(kernel.batches - before).toBeLessThan(12);
  for (let i = 0; i < 10; i++) kernel.write(kernel.create(2, `file ${i}`) as number, 0, text('x'));
  const [requests, batches, barriers] = [kernel.requests, kernel.batches, kernel.barriers];
  expect(kernel.sync()).toBe(0);
  expect(kernel.requests - requests).toBeLessThan(12);
  expect(kernel.batches - batches).toBe(2);
  expect(kernel.barriers - barriers).toBe(1);
});

test('the disk as a file is the same disk, to its last odd sector', () => {
  const dice = new Dice(3);
  const image = dice.bytes(77 * 512);
  const kernel = new DiskKernel(image.slice());
  const wanted = image.slice();
  for (let i = 0; i < 60; i++) {
    const at = dice.below(wanted.length + 2000);
    const bytes = dice.bytes(dice.below(9000));
    const room = Math.max(0, Math.min(bytes.length, wanted.length - at));
    if (dice.oneIn(2)) {
      expect(kernel.raw(true, at, bytes)).toBe(room === 0 && bytes.length > 0 ? 'ENOSPC' : room);
      if (room > 0) wanted.set(bytes.subarray(0, room), at);
    } else {
      expect(kernel.raw(false, at, bytes)).toBe(room);
      expectSame(bytes.subarray(0, room), wanted.slice(at, at + room));
    }
  }
  kernel.call(kernel.symbol('disk_sync'), 0, 0, 0);
  expect(Buffer.from(kernel.disk).equals(wanted)).toBe(true);
});

describe.skipIf(!haveE2fsprogs)('beside e2fsprogs', () => {
  test.each([
    ['revision 0', ['-r', '0', '-b', '1024']],
    ['revision 1, with all that mke2fs is fond of', ['-t', 'ext2', '-b', '1024']],
    ['4 KB blocks, inodes of 512 bytes', ['-t', 'ext2', '-b', '4096', '-I', '512']],
    ['a journal that is empty', ['-t', 'ext3', '-b', '1024', '-J', 'size=1']],
  ])('%s: links, devices and attributes are seen and taken away', (_, args) => {
    let image = mke2fs(8 << 20, ...args);
    ({ image } = debugfs(
      image,
      'mkdir there',
      'cd there',
      'symlink short /a/short/way',
      `symlink long ${'/far'.repeat(30)}`,
      'mknod device b 8 1',
      'write /dev/null plain',
    ));
    expect(complaints(image)).toBe('');
    const kernel = mounted(image);
    const there = kernel.lookup(2, 'there') as number;
    expect((kernel.readdir(there) as { name: string; kind: number }[]).map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
      '. 4',
      '.. 4',
      'device 6',
      'long 10',
      'plain 8',
      'short 10',
    ]);
    expectSame(kernel.readAll(kernel.lookup(there, 'short') as number), text('/a/short/way'));
    expectSame(kernel.readAll(kernel.lookup(there, 'long') as number), text('/far'.repeat(30)));
    expect(kernel.read(kernel.lookup(there, 'device') as number, 0, 4)).toBe('EINVAL');
    for (const name of ['short', 'long', 'device', 'plain']) expect(kernel.unlink(there, name)).toBe(0);
    expect(kernel.unlink(2, 'there', true)).toBe(0);
    expect(kernel.unmount()).toBe(0);
    expect(complaints(kernel.disk)).toBe('');
  });

  test('debugfs reads what Puppy wrote', () => {
    const kernel = mounted(formatExt2({ bytes: 1 << 20 }));
    const directory = kernel.mkdir(2, 'letters') as number;
    expect(kernel.write(kernel.create(directory, 'first') as number, 0, text('Dear debugfs,\n'))).toBe(14);
    expect(kernel.unmount()).toBe(0);
    expect(debugfs(kernel.disk, 'cat letters/first').text).toContain('Dear debugfs,\n');
  });
});
