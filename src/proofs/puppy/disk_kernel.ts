/** For tests of Puppy's disk: its buffers and its ext2 on a bare processor, an operation at a time; the disk is an array, and whatever it does is up to the test. */
import { expect } from 'vitest';
import { Machine } from '#machine';
import { assembled } from './disk_image.ts';

const STACK = 0x80000;
const RETURN = 0x500;
const BUG = 0x520;
const GDT = 0x1000;
const IDT = 0x2000;
const HLT = 0xf4;
const ARGUMENTS = 0x90000;
const NAMES = 0x91000;
const BUFFER = 0x600000;
const BUFFER_SIZE = 0x1f0000;

/** A request as the disk sees it. */
export interface DiskRequest {
  write: boolean;
  barrier: boolean;
  sector: number;
  address: number;
  length: number;
}

/** What `stat` tells. */
export interface Stat {
  mode: number;
  inode: number;
  links: number;
  size: number;
  mtime: number;
  sectors: number;
}

/** The world is no more: whoever threw it pulled the plug. */
export class Unplugged extends Error {}

/** Failures by name, for reading. */
export const ERRORS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  5: 'EIO',
  6: 'ENXIO',
  12: 'ENOMEM',
  16: 'EBUSY',
  17: 'EEXIST',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  31: 'EMLINK',
  36: 'ENAMETOOLONG',
  39: 'ENOTEMPTY',
  75: 'EOVERFLOW',
};

/** Puppy's disk, and all that stands on it. Every operation returns a number or the name of its failure. */
export class DiskKernel {
  readonly machine = new Machine({ ramBytes: 8 << 20 });
  /** What is on the disk. */
  readonly disk: Uint8Array;
  /** Requests so far. */
  requests = 0;
  batches = 0;
  barriers = 0;
  /** Called as the disk is about to carry out a request: what it answers is the status; it may throw. */
  onRequest: (request: DiskRequest) => number = () => 0;
  /** In which order what was kicked is carried out. */
  order: (count: number) => number[] = (count) => Array.from({ length: count }, (_, i) => i);
  /** The longest that an operation may take, in instructions. */
  patience = 40_000_000;
  readonly #program = assembled();

  constructor(disk: Uint8Array, pages = 512) {
    this.disk = disk;
    const { cpu, ram } = this.machine;
    ram.write32(GDT + 8, 0x0000ffff);
    ram.write32(GDT + 12, 0x00cf9b00);
    ram.write32(IDT + 6 * 8, 0x00080000 | BUG);
    ram.write32(IDT + 6 * 8 + 4, 0x00008e00);
    ram.writeBytes(RETURN, Uint8Array.of(HLT));
    ram.writeBytes(BUG, Uint8Array.of(HLT));
    Object.assign(cpu, { gdtBase: GDT, gdtLimit: 0xff, idtBase: IDT, idtLimit: 0x7ff });
    for (const { address, bytes } of this.#program.image.segments) ram.writeBytes(address, bytes);
    this.set('pages_left', pages);
    this.set('block_queue', this.symbol('queue'));
    this.set('blk_capacity', Math.floor(disk.length / 512));
    this.set('blk_ordered', 1);
  }

  symbol(name: string): number {
    const found = this.#program.symbols.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found.value;
  }

  get(name: string): number {
    return this.machine.ram.read32(this.symbol(name)) >>> 0;
  }

  set(name: string, value: number): void {
    this.machine.ram.write32(this.symbol(name), value);
  }

  /** Calls a routine of the convention: EBX, ESI, EDI and EBP must survive. Returns EAX, signed. */
  call(address: number, eax: number, edx: number, ecx: number): number {
    const { cpu, ram } = this.machine;
    const kept = { ebx: 0x11111111, esi: 0x22222222, edi: 0x33333333, ebp: 0x44444444 };
    Object.assign(cpu, { eax, edx, ecx, ...kept, esp: STACK - 4, eip: address });
    ram.write32(STACK - 4, RETURN);
    const end = cpu.instructions + this.patience;
    for (;;) {
      this.machine.resume();
      const { reason } = this.machine.run(end);
      if (reason !== 'halt') throw new Error(`${this.nameOf(address)}: ${reason} at ${cpu.eip.toString(16)}, ${this.nameOf(cpu.eip)}`);
      if (cpu.eip >>> 0 === BUG + 1) throw new Error(`${this.nameOf(address)}: a bug at ${this.nameOf(ram.read32(cpu.esp))}`);
      if (cpu.eip >>> 0 === RETURN + 1) break;
      this.serve();
    }
    expect({ ebx: cpu.ebx, esi: cpu.esi, edi: cpu.edi, ebp: cpu.ebp, esp: cpu.esp }, this.nameOf(address)).toEqual({ ...kept, esp: STACK });
    return cpu.eax | 0;
  }

  /** The label at or before an address. */
  nameOf(address: number): string {
    let best = '?';
    let at = -1;
    for (const [name, { value }] of this.#program.symbols)
      if (value <= address && value > at && value >= 0x100000) [best, at] = [name, value];
    return `${best}+${address - at}`;
  }

  /** The disk does all that it has been kicked for. */
  serve(): void {
    const { ram } = this.machine;
    const count = this.get('kicked');
    if (count === 0) throw new Error('it waits for a disk that nobody has kicked');
    this.batches++;
    const offers = Array.from({ length: count }, (_, i) => ram.read32(this.symbol('offers') + i * 4) >>> 0);
    const rest = this.get('asked') - count;
    for (let i = 0; i < rest; i++) ram.write32(this.symbol('offers') + i * 4, ram.read32(this.symbol('offers') + (count + i) * 4));
    this.set('asked', rest);
    this.set('kicked', 0);
    this.order(count).forEach((index, i) => {
      const at = offers[index];
      const type = ram.read32(at) >>> 0;
      const request: DiskRequest = {
        write: (type & 1) !== 0,
        barrier: (type & 0x80000000) !== 0,
        sector: ram.read32(at + 8) >>> 0,
        address: ram.read32(at + 32 + 8) >>> 0,
        length: ram.read32(at + 32 + 12) >>> 0,
      };
      this.requests++;
      if (request.barrier) this.barriers++;
      const status = this.onRequest(request);
      const from = request.sector * 512;
      if (from + request.length > this.disk.length) throw new Error(`a request beyond the disk: sector ${request.sector}`);
      if (status === 0 && request.write) this.disk.set(ram.readBytes(request.address, request.length), from);
      else if (status === 0) ram.writeBytes(request.address, this.disk.subarray(from, from + request.length));
      ram.writeBytes(at + 16, Uint8Array.of(status));
      ram.write32(this.symbol('ends') + i * 8, at);
      ram.write32(this.symbol('ends') + i * 8 + 4, request.write ? 1 : request.length + 1);
    });
    this.set('finished', count);
  }

  mount(): number | string {
    return this.#name(this.call(this.symbol('ext2_mount'), 0, this.symbol('struct_fs'), 0));
  }

  lookup(directory: number, name: string): number | string {
    return this.#op(0, directory, this.#text(NAMES, name));
  }

  stat(inode: number): Stat | string {
    const done = this.#op(1, inode, ARGUMENTS);
    if (typeof done === 'string') return done;
    const [mode, ino, links, size, mtime, sectors] = [0, 4, 8, 12, 16, 20].map((at) => this.machine.ram.read32(ARGUMENTS + at) >>> 0);
    return { mode, inode: ino, links, size, mtime, sectors };
  }

  read(inode: number, offset: number, count: number): Uint8Array | string {
    this.#words(BUFFER, offset, count);
    const done = this.#op(2, inode, ARGUMENTS);
    return typeof done === 'string' ? done : this.machine.ram.readBytes(BUFFER, done).slice();
  }

  /** All of a file, in pieces. */
  readAll(inode: number, piece = BUFFER_SIZE): Uint8Array | string {
    const parts: Uint8Array[] = [];
    for (let at = 0; ; ) {
      const part = this.read(inode, at, piece);
      if (typeof part === 'string') return part;
      if (part.length === 0) break;
      parts.push(part);
      at += part.length;
    }
    const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  write(inode: number, offset: number, bytes: Uint8Array): number | string {
    this.machine.ram.writeBytes(BUFFER, bytes);
    this.#words(BUFFER, offset, bytes.length);
    return this.#op(3, inode, ARGUMENTS);
  }

  /** Names with inode and kind. */
  readdir(directory: number): { name: string; inode: number; kind: number }[] | string {
    const { ram } = this.machine;
    const found: { name: string; inode: number; kind: number }[] = [];
    ram.write32(ARGUMENTS, 0);
    for (;;) {
      const done = this.#op(4, directory, ARGUMENTS);
      if (typeof done === 'string') return done;
      if (done === 0) return found;
      const bytes = ram.readBytes(ARGUMENTS + 12, 256);
      const name = new TextDecoder('latin1').decode(bytes.subarray(0, bytes.indexOf(0)));
      found.push({ name, inode: ram.read32(ARGUMENTS + 4) >>> 0, kind: ram.read32(ARGUMENTS + 8) });
    }
  }

  create(directory: number, name: string, mode = 0o644): number | string {
    this.#words(this.#text(NAMES, name), mode);
    return this.#op(5, directory, ARGUMENTS);
  }

  mkdir(directory: number, name: string): number | string {
    return this.create(directory, name, 0o40755);
  }

  unlink(directory: number, name: string, isDirectory = false): number | string {
    this.#words(this.#text(NAMES, name), Number(isDirectory));
    return this.#op(6, directory, ARGUMENTS);
  }

  truncate(inode: number, size: number): number | string {
    return this.#op(7, inode, size);
  }

  hold(inode: number): number | string {
    return this.#op(8, inode, 0);
  }

  drop(inode: number): number | string {
    return this.#op(9, inode, 0);
  }

  sync(): number | string {
    return this.#op(10, 0, 0);
  }

  unmount(): number | string {
    return this.#op(11, 0, 0);
  }

  rename(from: number, name: string, to: number, newName: string): number | string {
    this.#words(from, this.#text(NAMES, name), to, this.#text(NAMES + 0x800, newName));
    return this.#op(12, ARGUMENTS, 0);
  }

  /** Reads or writes the disk as a file, at a position. */
  raw(write: boolean, position: number, bytes: Uint8Array): number | string {
    const { ram } = this.machine;
    ram.write32(ARGUMENTS + 12, position);
    ram.writeBytes(BUFFER, bytes);
    const routine = ram.read32(this.symbol('vda_ops') + (write ? 4 : 0));
    const done = this.#name(this.call(routine, ARGUMENTS, BUFFER, bytes.length));
    if (!write && typeof done === 'number') bytes.set(ram.readBytes(BUFFER, done));
    return done;
  }

  #op(number: number, edx: number, ecx: number): number | string {
    const table = this.machine.ram.read32(this.symbol('struct_fs'));
    const done = this.call(this.machine.ram.read32(table + number * 4) >>> 0, this.symbol('struct_fs'), edx, ecx);
    expect(this.get('disk_locked')).toBe(0);
    return this.#name(done);
  }

  #name(value: number): number | string {
    return value < 0 ? (ERRORS[-value] ?? `error ${-value}`) : value;
  }

  #text(at: number, text: string): number {
    this.machine.ram.writeBytes(at, new TextEncoder().encode(`${text}\0`));
    return at;
  }

  #words(...words: number[]): void {
    words.forEach((word, i) => this.machine.ram.write32(ARGUMENTS + i * 4, word));
  }
}
