/** Where a bzImage's kernel goes: the boot protocol's `code32_start` of a kernel loaded high. */
const LOAD = 0x100000;
/** Boot sector and one sector of setup. */
const HEADER = 1024;

/**
 * An ELF kernel wrapped for the disk: a boot sector, one of setup, and the memory from 1 MB on as the ELF file would have it. There is no code in the header: whoever loads
 * such a file reads the fields of the Linux boot protocol and enters at 32 bits.
 * @param elf a 32-bit ELF executable
 * @throws RangeError when a segment of it lies below 1 MB
 */
export function bzImage(elf: Uint8Array): Uint8Array {
  const from = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const segments: { offset: number; to: number; fileSize: number; end: number }[] = [];
  for (let n = 0, at = from.getUint32(28, true); n < from.getUint16(44, true); n++, at += 32) {
    if (from.getUint32(at, true) !== 1) continue;
    const [offset, to, fileSize, size] = [4, 12, 16, 20].map((field) => from.getUint32(at + field, true));
    if (to < LOAD) throw new RangeError(`a bzImage lies from 1 MB on, and a segment of this kernel at 0x${to.toString(16)}`);
    segments.push({ offset, to: to - LOAD, fileSize, end: to - LOAD + Math.max(fileSize, size) });
  }
  const file = new Uint8Array(HEADER + Math.max(0, ...segments.map(({ end }) => end)));
  const header = new DataView(file.buffer);
  header.setUint8(0x1f1, HEADER / 512 - 1);
  file.set(new TextEncoder().encode('HdrS'), 0x202);
  header.setUint16(0x206, 0x0207, true);
  header.setUint32(0x214, from.getUint32(24, true), true);
  for (const { offset, to, fileSize } of segments) file.set(elf.subarray(offset, offset + fileSize), HEADER + to);
  return file;
}
