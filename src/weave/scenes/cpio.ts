/** An entry of an archive: a folder has no bytes. */
export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array | null;
  /** May be run. */
  readonly executable?: boolean;
}

const FOLDER = 0o040755;
const PROGRAM = 0o100755;
const FILE = 0o100644;
const END = 'TRAILER!!!';

/**
 * An archive in the “new” form of cpio, as kernels unpack it: for each entry a header of eight-digit hexadecimal numbers, the name and the bytes, each filled up to a
 * multiple of four (cpio(5)). Folders that an entry lies in come before it. Times are 0: the same entries make the same archive.
 */
export function cpioArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const listed = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const steps = entry.name.split('/');
    for (let n = 1; n < steps.length; n++) {
      const name = steps.slice(0, n).join('/');
      if (!listed.has(name)) listed.set(name, { name, bytes: null });
    }
    listed.set(entry.name, entry);
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  const put = (bytes: Uint8Array): void => {
    pieces.push(bytes, new Uint8Array(-(size + bytes.length) & 3));
    size += bytes.length + (-(size + bytes.length) & 3);
  };
  const add = (number: number, mode: number, name: string, bytes: Uint8Array): void => {
    const links = mode === FOLDER ? 2 : 1;
    // Inode, mode, user, group, links, time, size, four halves of device numbers, length of the name, checksum.
    const fields = [number, mode, 0, 0, links, 0, bytes.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
    put(new TextEncoder().encode(`${header}${name}\0`));
    put(bytes);
  };
  let number = 1;
  for (const { name, bytes, executable = false } of listed.values()) {
    add(number++, bytes === null ? FOLDER : executable ? PROGRAM : FILE, name, bytes ?? new Uint8Array(0));
  }
  add(0, 0, END, new Uint8Array(0));
  const archive = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    archive.set(piece, at);
    at += piece.length;
  }
  return archive;
}
