/** Files as a reader may choose them: whatever they are, they are read, or it is said why not. */
import { expect, test } from 'vitest';
import { openSource, wholeOf } from './index.ts';

const MB = 1 << 20;

/** A file that a browser cannot read, or no more behind a place: what is there as a folder, or was changed meanwhile. */
function unreadable(size: number, from = 0): File {
  const file = new File(['x'], 'linux');
  Object.defineProperty(file, 'size', { value: size });
  file.slice = (start = 0, end = size) => {
    const blob = new Blob([new Uint8Array(Math.max(0, end - start))]);
    if (end > from)
      blob.arrayBuffer = () => Promise.reject(new DOMException('A requested file or directory could not be found', 'NotFoundError'));
    return blob;
  };
  return file;
}

test('all of a file comes, in pieces, and how far it is', async () => {
  const bytes = Uint8Array.from({ length: 2 * MB + 5 }, (_, i) => i * 7);
  const heard: number[] = [];
  expect(Buffer.from(await wholeOf(new File([bytes], 'vmlinux'), (done) => heard.push(done))).equals(Buffer.from(bytes))).toBe(true);
  expect(heard).toEqual([MB, 2 * MB, 2 * MB + 5]);
});

const GONE = 'linux cannot be read: it is a folder, or it was moved, changed or deleted since it was chosen';
test.each<[string, File, string]>([
  ['an empty one', new File([], 'vmlinux'), 'vmlinux is empty'],
  ['a folder', unreadable(4096), GONE],
  ['one that goes away meanwhile', unreadable(3 * MB, MB), GONE],
  ['one that is too large', unreadable(3 * 2 ** 30), 'linux has 3.0 GB, and 2 are the most'],
])('%s is told', async (_, file, sentence) => expect(wholeOf(file)).rejects.toThrow(sentence));

test('a folder is no disk, and a disk whose file is gone says so', async () => {
  await expect(openSource({ kind: 'file', file: unreadable(4096) })).rejects.toThrow(GONE);
  const source = await openSource({ kind: 'file', file: unreadable(3 * MB, MB) });
  await expect(source.read(2 * MB, 512)).rejects.toThrow(GONE);
});
