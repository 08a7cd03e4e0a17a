import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressInfo } from 'node:net';
import { DISK_CHUNK } from '#hostos';
import { CHUNK, Disk, MemoryOverlay, openSource } from './index.ts';
import type { DiskSource, Overlay } from './index.ts';

const LENGTH = 3 * CHUNK + 1000;
const image = Uint8Array.from({ length: LENGTH }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
const file = (): File => new File([image], 'disk.img', { lastModified: 5 });

/** Equal, and quick to say so for many bytes. */
function expectSame(is: Uint8Array, wanted: Uint8Array): void {
  expect(is.length).toBe(wanted.length);
  expect(is.findIndex((byte, at) => byte !== wanted[at])).toBe(-1);
}

async function open(overlay: Overlay = new MemoryOverlay(), source?: DiskSource): Promise<Disk> {
  return Disk.open('disk', source ?? (await openSource({ kind: 'file', file: file() })), overlay);
}

/** The whole disk, as a world reads it. */
async function contents(disk: Disk): Promise<Uint8Array> {
  const parts: number[] = [];
  for (let chunk = 0; chunk * CHUNK < disk.source.length; chunk++) {
    const answer = await disk.answer({ kind: 'disk-read', path: 'disk', id: 0, chunk });
    if (answer.kind !== 'disk-chunk') throw new Error(answer.kind);
    for (const byte of answer.bytes) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

const write = (disk: Disk, id: number, offset: number, bytes: Uint8Array): Promise<unknown> =>
  disk.answer({ kind: 'disk-write', path: 'disk', id, offset, bytes });

describe('a disk', () => {
  it('has chunks of the size that the Host asks for', () => {
    expect(CHUNK).toBe(DISK_CHUNK);
  });

  it('reads its image in chunks, the last one short', async () => {
    expectSame(await contents(await open()), image);
  });

  it('keeps what is written, over chunks’ ends, and at another visit', async () => {
    const overlay = new MemoryOverlay();
    const disk = await open(overlay);
    const model = image.slice();
    for (const [id, offset, length] of [
      [1, 10, 5],
      [2, CHUNK - 3, 7],
      [3, CHUNK, CHUNK],
      [4, LENGTH - 4, 4],
    ]) {
      const bytes = new Uint8Array(length).fill(200 + id);
      model.set(bytes, offset);
      expect(await write(disk, id, offset, bytes)).toEqual({ kind: 'disk-done', path: 'disk', id });
    }
    expect(await disk.answer({ kind: 'disk-sync', path: 'disk', id: 5 })).toEqual({ kind: 'disk-done', path: 'disk', id: 5 });
    expectSame(await contents(disk), model);
    const again = await open(overlay);
    expect(again.written).toBe(3);
    expectSame(await contents(again), model);
    expectSame(new Uint8Array(await (await again.merged()).arrayBuffer()), model);
    await again.discard();
    expectSame(await contents(again), image);
    expect((await open(overlay)).written).toBe(0);
  });

  it('undoes what a run did that took another way', async () => {
    const disk = await open();
    await write(disk, 1, 0, Uint8Array.of(1, 1, 1));
    await write(disk, 2, 1, Uint8Array.of(2, 2, 2));
    await write(disk, 3, CHUNK, Uint8Array.of(3));
    await disk.undoFrom(2);
    const now = await contents(disk);
    expect([...now.subarray(0, 4)]).toEqual([1, 1, 1, image[3]]);
    expect(now[CHUNK]).toBe(image[CHUNK]);
    expect(disk.written).toBe(1);
  });

  it('undoes nothing of an earlier run, whose requests had the same numbers', async () => {
    const disk = await open();
    await write(disk, 7, 0, Uint8Array.of(1));
    await disk.settle();
    await write(disk, 1, 1, Uint8Array.of(2));
    await disk.undoFrom(1);
    expect([...(await contents(disk)).subarray(0, 2)]).toEqual([1, image[1]]);
  });

  it('carries out requests in the order they came, whatever each takes', async () => {
    const disk = await open();
    const [, read] = await Promise.all([
      write(disk, 1, 5, Uint8Array.of(99)),
      disk.answer({ kind: 'disk-read', path: 'disk', id: 2, chunk: 0 }),
    ]);
    expect(read.kind === 'disk-chunk' && read.bytes[5]).toBe(99);
  });

  it('tells that the browser keeps no more as a full disk, and the reader why', async () => {
    const overlay = new MemoryOverlay();
    overlay.put = () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));
    const disk = await open(overlay);
    expect(await disk.answer({ kind: 'disk-write', path: 'disk', id: 1, offset: 0, bytes: Uint8Array.of(1) })).toEqual({
      kind: 'disk-error',
      path: 'disk',
      id: 1,
      error: 28,
    });
    expect(disk.trouble).toBe('the browser keeps no more: the room that it grants this site is full');
    expect([disk.written, disk.lasts]).toEqual([0, false]);
  });

  it('drops nothing that is written behind its end without a word', async () => {
    const disk = await open();
    const { length } = disk.source;
    expect(await disk.answer({ kind: 'disk-write', path: 'disk', id: 1, offset: length - 1, bytes: Uint8Array.of(1, 2) })).toMatchObject({
      error: 28,
    });
    expect(disk.trouble).toBe('something was written behind the end of the disk');
  });

  it('tells of writes that cannot be taken back', async () => {
    const overlay = new MemoryOverlay();
    const disk = await open(overlay);
    await write(disk, 1, 0, Uint8Array.of(1));
    overlay.put = () => Promise.reject(new Error('no'));
    await disk.undoFrom(1);
    expect(disk.trouble).toBe('what was written cannot be taken back: no');
  });

  it('tells of a failure as an input/output error, and goes on', async () => {
    const source: DiskSource = {
      name: 'x',
      length: 100,
      id: 'x',
      read: () => Promise.reject(new Error('gone')),
      part: () => Promise.reject(new Error('gone')),
    };
    const disk = await open(new MemoryOverlay(), source);
    expect(await disk.answer({ kind: 'disk-read', path: 'disk', id: 1, chunk: 0 })).toEqual({
      kind: 'disk-error',
      path: 'disk',
      id: 1,
      error: 5,
    });
    expect(disk.trouble).toBe('gone');
    expect(await disk.answer({ kind: 'disk-truncate', path: 'disk', id: 2, length: 5 })).toMatchObject({ kind: 'disk-error' });
    expect(await disk.answer({ kind: 'disk-sync', path: 'disk', id: 3 })).toMatchObject({ kind: 'disk-done' });
  });
});

describe('an image at an address', () => {
  let base = '';
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    asked.push(request.headers.range ?? '');
    if (request.url === '/whole') response.writeHead(200).end(image);
    else if (request.url === '/image' && range) {
      const [from, to] = [Number(range[1]), Math.min(LENGTH - 1, Number(range[2]))];
      response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${LENGTH}`, etag: '"7"' }).end(image.subarray(from, to + 1));
    } else response.writeHead(404).end();
  });
  beforeAll(
    () =>
      new Promise<void>((resolve) =>
        server.listen(0, '127.0.0.1', () => {
          base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
          resolve();
        }),
      ),
  );
  afterAll(() => void server.close());

  it('is read in pieces', async () => {
    const source = await openSource({ kind: 'address', url: `${base}/image` });
    expect([source.length, source.name]).toEqual([LENGTH, 'image']);
    expectSame(await contents(await open(new MemoryOverlay(), source)), image);
    expect(asked).toContain(`bytes=${CHUNK}-${2 * CHUNK - 1}`);
  });

  it.each([
    ['/whole', /does not support range requests/],
    ['/nowhere', /answers 404/],
  ])('%s: says what is wrong', async (path, words) => {
    await expect(openSource({ kind: 'address', url: base + path })).rejects.toThrow(words);
  });

  it('says so when nobody is there', async () => {
    await expect(openSource({ kind: 'address', url: 'http://127.0.0.1:1/x' })).rejects.toThrow(/cannot be reached/);
  });
});
