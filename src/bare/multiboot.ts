import type { Machine } from '#machine';

/**
 * Loading a program as a boot loader of the Multiboot Specification (version 0.6.96) does: a 32-bit ELF file, or a raw image whose header
 * gives its own addresses.
 */

/** Why a file is no program for this machine; the message is one sentence for the user. */
export class ImageError extends Error {
  /** By which it is known from other errors. */
  override name = 'ImageError';
}

/** A part of an image: bytes to copy to a physical address, followed by zeros up to `size`. */
export interface ImagePart {
  /** Physical. */
  address: number;
  /** What is copied there. */
  bytes: Uint8Array;
  /** Bytes that it takes, the zeros included. */
  size: number;
}

/** A program as parts of physical memory. */
export interface BootImage {
  /** Physical address of its first instruction. */
  entry: number;
  /** All of it that is loaded. */
  parts: ImagePart[];
}

/** In EAX at the program's entry. */
export const MULTIBOOT_BOOTED = 0x2badb002;

const HEADER_MAGIC = 0x1badb002;
/** The header lies, on a word boundary, in the first 8192 bytes. */
const HEADER_RANGE = 8192;
/** Header flags: the low sixteen are demands; we meet the first two, alignment of modules (there are none) and memory information. */
const DEMANDS = 0xffff;
const DEMANDS_MET = 3;
const HAS_ADDRESSES = 0x10000;

/** Information flags: sizes of memory, command line, memory map, loader's name. */
const INFO_MEMORY = 1;
const INFO_COMMAND_LINE = 4;
const INFO_MAP = 0x40;
const INFO_LOADER = 0x200;
const INFO_BYTES = 88;
const MAP_ENTRY_BYTES = 24;
const LOADER = 'lguest-machine';
const AVAILABLE = 1;
const RESERVED = 2;
/** Where a PC's conventional memory ends, and where its extended memory begins. */
const LOW_END = 0xa0000;
const HIGH_START = 0x100000;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function findHeader(view: DataView): number {
  for (let at = 0; at + 12 <= Math.min(view.byteLength, HEADER_RANGE); at += 4) {
    if (view.getUint32(at, true) !== HEADER_MAGIC) continue;
    if ((HEADER_MAGIC + view.getUint32(at + 4, true) + view.getUint32(at + 8, true)) >>> 0 === 0) return at;
  }
  throw new ImageError('The file has no multiboot header in its first 8192 bytes.');
}

/**
 * Takes a multiboot file apart.
 *
 * @throws ImageError where it is none, is cut short, or demands what this machine has not
 */
export function parseImage(file: Uint8Array): BootImage {
  const view = viewOf(file);
  if (file.length < 12) throw new ImageError(file.length === 0 ? 'The file is empty.' : 'The file is too short to be a program.');
  const header = findHeader(view);
  const flags = view.getUint32(header + 4, true);
  const unmet = flags & DEMANDS & ~DEMANDS_MET;
  if (unmet !== 0)
    throw new ImageError(
      `The program asks its loader for ${(unmet & 4) !== 0 ? 'a video mode' : `something unknown (flags ${hex(unmet)})`}, which this machine does not have.`,
    );
  return (flags & HAS_ADDRESSES) !== 0 ? parseRaw(file, view, header) : parseElf(file, view);
}

/** The header gives load address, ends of data and bss, and entry. */
function parseRaw(file: Uint8Array, view: DataView, header: number): BootImage {
  if (header + 32 > file.length) throw new ImageError('The file ends in the middle of its multiboot header.');
  const [at, start, loadEnd, bssEnd, entry] = [12, 16, 20, 24, 28].map((offset) => view.getUint32(header + offset, true));
  const from = header - (at - start);
  const length = loadEnd === 0 ? file.length - from : loadEnd - start;
  if (from < 0 || length < 0 || (bssEnd !== 0 && bssEnd < start + length))
    throw new ImageError('The addresses in the multiboot header contradict each other.');
  if (from + length > file.length)
    throw new ImageError(`The file is cut short: its header wants ${from + length} bytes, there are ${file.length}.`);
  return { entry, parts: [{ address: start, bytes: file.subarray(from, from + length), size: bssEnd === 0 ? length : bssEnd - start }] };
}

function parseElf(file: Uint8Array, view: DataView): BootImage {
  if (view.getUint32(0, false) !== 0x7f454c46)
    throw new ImageError('The file is not an ELF file, and its multiboot header gives no addresses.');
  if (file.length < 52) throw new ImageError('The file ends in the middle of its ELF header.');
  if (file[4] !== 1 || file[5] !== 1)
    throw new ImageError(`The file is a ${file[4] === 2 ? '64-bit' : 'foreign'} ELF file; this machine runs 32-bit x86.`);
  const type = view.getUint16(16, true);
  const target = view.getUint16(18, true);
  if (target !== 3) throw new ImageError(`The file is an ELF file for another processor (number ${target}); this machine runs 32-bit x86.`);
  if (type !== 2) throw new ImageError('The file is an ELF file but not an executable one: link it to fixed addresses.');
  const entry = view.getUint32(24, true);
  const table = view.getUint32(28, true);
  const entryBytes = view.getUint16(42, true);
  const count = view.getUint16(44, true);
  if (count > 0 && entryBytes < 32) throw new ImageError('The ELF file has program headers of an unknown kind.');
  if (table + count * entryBytes > file.length) throw new ImageError('The file is cut short: its program headers are missing.');
  const parts: ImagePart[] = [];
  let physicalEntry = entry;
  for (let n = 0; n < count; n++) {
    const [kind, offset, virtual, physical, length, size] = [0, 4, 8, 12, 16, 20].map((field) =>
      view.getUint32(table + n * entryBytes + field, true),
    );
    if (kind !== 1 || size === 0) continue;
    if (length > size) throw new ImageError('The ELF file has a segment that is larger in the file than in memory.');
    if (offset + length > file.length)
      throw new ImageError(`The file is cut short: it should have ${offset + length} bytes and has ${file.length}.`);
    if (entry >= virtual && entry < virtual + size) physicalEntry = entry - virtual + physical;
    parts.push({ address: physical, bytes: file.subarray(offset, offset + length), size });
  }
  if (parts.length === 0) throw new ImageError('The ELF file has nothing to load.');
  return { entry: physicalEntry, parts };
}

/** The first multiple of 16, from the second page on, where `length` bytes meet no part of the image. */
function findRoom(parts: readonly ImagePart[], length: number, ramBytes: number): number {
  let at = 0x1000;
  for (const part of [...parts].sort((a, b) => a.address - b.address)) {
    if (at + length <= part.address) break;
    at = Math.max(at, (part.address + part.size + 15) & ~15);
  }
  // The map calls the gap below 1 MiB reserved: keep out of it.
  if (at < HIGH_START && at + length > LOW_END)
    at = findRoom([...parts, { address: LOW_END, bytes: new Uint8Array(0), size: HIGH_START - LOW_END }], length, ramBytes);
  if (at + length > ramBytes) throw new ImageError('There is no room in memory for the boot information beside the program.');
  return at;
}

/**
 * Puts a program into a new machine's memory and the machine at its entry, with the multiboot information in place: sizes and map of memory,
 * the command line, the loader's name. Registers are as the specification says: EAX the magic number, EBX the information's address.
 *
 * @param commandLine put there in UTF-8, as a shell has it
 * @throws ImageError as {@link parseImage}, and where the memory is too small
 */
export function loadMultiboot(machine: Machine, file: Uint8Array, commandLine: string): void {
  const { entry, parts } = parseImage(file);
  const { ram, cpu } = machine;
  for (const { address, bytes, size } of parts) {
    if (address + size > ram.size) {
      throw new ImageError(
        `The program reaches up to ${hex(address + size)}, but the machine's memory ends at ${hex(ram.size)}: give it more memory.`,
      );
    }
    ram.fill(address, size, 0);
    ram.writeBytes(address, bytes);
  }
  const map = [
    [0, LOW_END, AVAILABLE],
    [LOW_END, HIGH_START, RESERVED],
    [HIGH_START, ram.size, AVAILABLE],
  ]
    .filter(([from]) => from < ram.size)
    .map(([from, to, type]) => [from, Math.min(to, ram.size), type]);
  const texts = [commandLine, LOADER].map((text) => new TextEncoder().encode(`${text}\0`));
  const mapBytes = map.length * MAP_ENTRY_BYTES;
  const info = findRoom(parts, INFO_BYTES + mapBytes + texts[0].length + texts[1].length, ram.size);
  const mapAt = info + INFO_BYTES;
  const commandAt = mapAt + mapBytes;
  const loaderAt = commandAt + texts[0].length;
  const words: Record<number, number> = {
    0: INFO_MEMORY | INFO_COMMAND_LINE | INFO_MAP | INFO_LOADER,
    4: Math.min(LOW_END, ram.size) / 1024,
    8: Math.max(0, ram.size - HIGH_START) / 1024,
    16: commandAt,
    44: mapBytes,
    48: mapAt,
    64: loaderAt,
  };
  ram.fill(info, INFO_BYTES + mapBytes, 0);
  for (const [offset, word] of Object.entries(words)) ram.write32(info + Number(offset), word);
  map.forEach(([from, to, type], n) => {
    // The entry's size does not count the size field itself; base and length are 64-bit.
    const at = mapAt + n * MAP_ENTRY_BYTES;
    ram.write32(at, MAP_ENTRY_BYTES - 4);
    ram.write32(at + 4, from);
    ram.write32(at + 12, to - from);
    ram.write32(at + 20, type);
  });
  ram.writeBytes(commandAt, texts[0]);
  ram.writeBytes(loaderAt, texts[1]);
  cpu.eax = MULTIBOOT_BOOTED;
  cpu.ebx = info;
  cpu.eip = entry;
}
