import type { PlacedSection } from './types.ts';

const EHDR = 52;
const PHDR = 32;
const PT_LOAD = 1;
const READ = 4;
const WRITE = 2;
const EXECUTE = 1;

/** What the file's headers take of the first page: room for two segments, needed or not. */
export const PROGRAM_HEADERS = EHDR + 2 * PHDR;
/** Bytes of a page. */
export const PROGRAM_PAGE = 4096;

/**
 * An ELF32 program as small as it gets (System V ABI, i386 supplement): no sections, no symbols; a segment that is read and executed, which the headers begin,
 * and one that is written, if there is anything to write.
 * @param sections in the order of their addresses, the first behind the headers
 * @param base where the headers are
 */
export function programImage(sections: readonly PlacedSection[], base: number, entry: number): Uint8Array {
  const constant = sections.filter(({ writable }) => !writable);
  const data = sections.filter(({ writable }) => writable);
  const ends = (some: readonly PlacedSection[], bytes: 'size' | 'file'): number[] =>
    some.map((one) => one.address + (bytes === 'size' ? one.size : one.bytes.length));
  const textEnd = Math.max(base + PROGRAM_HEADERS, ...ends(constant, 'size'));
  const segments = [{ offset: 0, address: base, file: textEnd - base, size: textEnd - base, rights: READ | EXECUTE }];
  if (data.length > 0) {
    const { address } = data[0];
    const kept = data.filter(({ nobits }) => !nobits);
    // Its place in the file is the address, whole pages left out: the file has no holes.
    const offset = textEnd - base + ((address - textEnd) % PROGRAM_PAGE);
    const file = Math.max(address, ...ends(kept, 'file')) - address;
    segments.push({ offset, address, file, size: Math.max(...ends(data, 'size')) - address, rights: READ | WRITE });
  }

  const out = new Uint8Array(Math.max(...segments.map(({ offset, file }) => offset + file)));
  const view = new DataView(out.buffer);
  out.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const words = (at: number, values: readonly number[]): void => values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 3, true); // EM_386
  words(20, [1, entry, EHDR, 0, 0]);
  [EHDR, PHDR, segments.length, 0, 0, 0].forEach((value, i) => view.setUint16(40 + 2 * i, value, true));
  segments.forEach(({ offset, address, file, size, rights }, i) =>
    words(EHDR + PHDR * i, [PT_LOAD, offset, address, address, file, size, rights, PROGRAM_PAGE]),
  );
  for (const { address, bytes } of sections) {
    if (bytes.length === 0) continue;
    const segment = segments.findLast((one) => address >= one.address) ?? segments[0];
    if (bytes.length > 0) out.set(bytes, segment.offset + address - segment.address);
  }
  return out;
}
