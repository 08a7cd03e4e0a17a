/** Regular files: bytes in memory. */
import { current } from './kernel.ts';
import { SEEK_CUR, SEEK_END, SEEK_SET } from './files.ts';
import type { FileOperations } from './code.ts';
import { EINVAL, ENOENT } from './errno.ts';
import type { OpenFile } from './data.ts';

function nodeOf(file: OpenFile): { bytes: Uint8Array } | null {
  const node = current.data.nodes[file.path];
  return node?.kind === 'regular' ? node : null;
}

export const regularOperations: FileOperations = {
  read(file, count) {
    const node = nodeOf(file);
    if (node === null) return -ENOENT;
    const bytes = node.bytes.slice(file.pos, file.pos + count);
    file.pos += bytes.length;
    return bytes;
  },

  write(file, bytes) {
    const node = nodeOf(file);
    if (node === null) return -ENOENT;
    const end = file.pos + bytes.length;
    if (end > node.bytes.length) {
      const longer = new Uint8Array(end);
      longer.set(node.bytes);
      node.bytes = longer;
    }
    node.bytes.set(bytes, file.pos);
    file.pos = end;
    return bytes.length;
  },

  fdatasync: () => 0,

  truncate(file, length) {
    const node = nodeOf(file);
    if (node === null) return -ENOENT;
    if (length < 0) return -EINVAL;
    const bytes = new Uint8Array(length);
    bytes.set(node.bytes.subarray(0, length));
    node.bytes = bytes;
    return 0;
  },

  seek(file, offset, whence) {
    const from = { [SEEK_SET]: 0, [SEEK_CUR]: file.pos, [SEEK_END]: nodeOf(file)?.bytes.length ?? 0 }[whence];
    if (from === undefined || from + offset < 0) return -EINVAL;
    return (file.pos = from + offset);
  },
};
