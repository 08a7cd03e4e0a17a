/** A disk with an ext2 file system on it, made from nothing: what a Guest finds that was given a formatted disk. */

/** What is to be on the disk. */
export interface Ext2Options {
  /** Size of the disk, a multiple of the block size. */
  readonly bytes: number;
  /** 1024 (the default), 2048 or 4096. */
  readonly blockSize?: number;
  /** 0: as the first Linuxes had it; 1 (the default): entries tell what they lead to, and few groups have a copy of the superblock. */
  readonly revision?: 0 | 1;
  /** Bytes of an inode: 128 (the default) or, in revision 1, a larger power of two. */
  readonly inodeSize?: number;
  /** Bytes for each inode there is to be. Default: 4096. */
  readonly bytesPerInode?: number;
  /** Files by path, without a `/` in front; text is there in UTF-8. The directories on the way are made; a path that ends in `/` is an empty one. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Seconds since 1970 for all times. Default: 1 January 2008. */
  readonly time?: number;
}

const ROOT = 2;
const FIRST_FREE = 11;
const MODE_FILE = 0o100644;
const MODE_DIRECTORY = 0o40755;
const KINDS: Readonly<Record<number, number>> = { [MODE_FILE]: 1, [MODE_DIRECTORY]: 2 };

interface Directory {
  readonly inode: number;
  readonly parent: Directory | null;
  readonly entries: Map<string, { inode: number; mode: number }>;
  readonly children: Map<string, Directory>;
}

/** One image being made. */
class Formatter {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly size: number;
  readonly blocks: number;
  readonly first: number;
  readonly perGroup: number;
  readonly groups: number;
  readonly inodesPerGroup: number;
  readonly inodeSize: number;
  readonly tableBlocks: number;
  readonly descriptorBlocks: number;
  readonly revision: number;
  readonly time: number;
  readonly directories: number[];
  nextInode = FIRST_FREE;
  nextBlock = 0;

  constructor({ bytes, blockSize = 1024, revision = 1, inodeSize = 128, bytesPerInode = 4096, time = 1199145600 }: Ext2Options) {
    if (![1024, 2048, 4096].includes(blockSize)) throw new RangeError(`ext2: blocks of ${blockSize} bytes`);
    if (bytes % blockSize !== 0) throw new RangeError(`ext2: ${bytes} bytes are no whole number of blocks`);
    this.bytes = new Uint8Array(bytes);
    this.view = new DataView(this.bytes.buffer);
    this.size = blockSize;
    this.revision = revision;
    this.time = time;
    this.inodeSize = revision === 0 ? 128 : inodeSize;
    this.blocks = bytes / blockSize;
    this.first = blockSize === 1024 ? 1 : 0;
    this.perGroup = blockSize * 8;
    this.descriptorBlocks = Math.ceil((Math.ceil((this.blocks - this.first) / this.perGroup) * 32) / blockSize);
    let groups = Math.ceil((this.blocks - this.first) / this.perGroup);
    const perBlock = blockSize / this.inodeSize;
    const wanted = Math.ceil(bytes / bytesPerInode / groups);
    this.inodesPerGroup = Math.min(blockSize * 8, Math.max(16, Math.ceil(wanted / (perBlock * 8)) * perBlock * 8));
    this.tableBlocks = (this.inodesPerGroup * this.inodeSize) / blockSize;
    // A last group too small for its own tables is left out.
    const least = 2 + this.tableBlocks + 1 + this.descriptorBlocks + 16;
    const rest = this.blocks - this.first - (groups - 1) * this.perGroup;
    if (rest < least) {
      if (groups === 1) throw new RangeError(`ext2: a disk of ${bytes} bytes is too small`);
      groups--;
      this.blocks = this.first + groups * this.perGroup;
    }
    this.groups = groups;
    this.directories = new Array<number>(groups).fill(0);
  }

  /** Has group `index` a copy of the superblock and of the descriptors? */
  hasCopy(index: number): boolean {
    if (this.revision === 0 || index < 2) return true;
    return [3, 5, 7].some((base) => {
      let power = base;
      while (power < index) power *= base;
      return power === index;
    });
  }

  groupStart(index: number): number {
    return this.first + index * this.perGroup;
  }

  groupEnd(index: number): number {
    return Math.min(this.blocks, this.groupStart(index + 1));
  }

  /** The group's first block behind the copies: its block bitmap; the inode bitmap and the inodes follow. */
  maps(index: number): number {
    return this.groupStart(index) + (this.hasCopy(index) ? 1 + this.descriptorBlocks : 0);
  }

  setBit(block: number, bit: number): void {
    this.bytes[block * this.size + (bit >> 3)] |= 1 << (bit & 7);
  }

  /** Marks what is in use from the beginning. */
  layOut(): void {
    for (let index = 0; index < this.groups; index++) {
      const maps = this.maps(index);
      const start = this.groupStart(index);
      for (let block = start; block < maps + 2 + this.tableBlocks; block++) this.setBit(maps, block - start);
      for (let bit = this.groupEnd(index) - start; bit < this.size * 8; bit++) this.setBit(maps, bit);
      for (let bit = this.inodesPerGroup; bit < this.size * 8; bit++) this.setBit(maps + 1, bit);
    }
    for (let inode = 1; inode < FIRST_FREE; inode++) this.setBit(this.maps(0) + 1, inode - 1);
    this.nextBlock = this.first;
  }

  takeBlock(): number {
    for (; this.nextBlock < this.blocks; this.nextBlock++) {
      const index = Math.floor((this.nextBlock - this.first) / this.perGroup);
      const bit = this.nextBlock - this.groupStart(index);
      const maps = this.maps(index);
      if ((this.bytes[maps * this.size + (bit >> 3)] & (1 << (bit & 7))) !== 0) continue;
      this.setBit(maps, bit);
      return this.nextBlock++;
    }
    throw new RangeError('ext2: the files do not fit on the disk');
  }

  takeInode(): number {
    const inode = this.nextInode++;
    if (inode > this.groups * this.inodesPerGroup) throw new RangeError('ext2: more files than inodes');
    const index = Math.floor((inode - 1) / this.inodesPerGroup);
    this.setBit(this.maps(index) + 1, (inode - 1) % this.inodesPerGroup);
    return inode;
  }

  /** Writes an inode with its contents. */
  writeInode(inode: number, mode: number, links: number, contents: Uint8Array): void {
    const index = Math.floor((inode - 1) / this.inodesPerGroup);
    const at = (this.maps(index) + 2) * this.size + ((inode - 1) % this.inodesPerGroup) * this.inodeSize;
    this.view.setUint16(at, mode, true);
    this.view.setUint32(at + 4, contents.length, true);
    for (const time of [8, 12, 16]) this.view.setUint32(at + time, this.time, true);
    this.view.setUint16(at + 26, links, true);
    let used = 0;
    const take = (): number => {
      used++;
      return this.takeBlock();
    };
    const pointers = this.size / 4;
    const count = Math.ceil(contents.length / this.size);
    /** Blocks `from` and so on, below a number at `slot`, `depth` levels of numbers between. */
    const fill = (slot: number, from: number, depth: number): void => {
      if (from >= count) return;
      const block = take();
      this.view.setUint32(slot, block, true);
      if (depth === 0) {
        this.bytes.set(contents.subarray(from * this.size, (from + 1) * this.size), block * this.size);
        return;
      }
      for (let i = 0; i < pointers; i++) fill(block * this.size + i * 4, from + i * pointers ** (depth - 1), depth - 1);
    };
    for (let i = 0; i < 12; i++) fill(at + 40 + i * 4, i, 0);
    let from = 12;
    for (let depth = 1; depth <= 3; depth++) {
      fill(at + 40 + (11 + depth) * 4, from, depth);
      from += pointers ** depth;
    }
    this.view.setUint32(at + 28, (used * this.size) / 512, true);
  }

  writeDirectory(directory: Directory): void {
    const { inode, parent, entries, children } = directory;
    const list: [string, number, number][] = [
      ['.', inode, MODE_DIRECTORY],
      ['..', (parent ?? directory).inode, MODE_DIRECTORY],
      ...[...entries].map(([name, entry]): [string, number, number] => [name, entry.inode, entry.mode]),
    ];
    const blocks: number[] = [];
    let last = -1;
    for (const [name, to, mode] of list) {
      const text = new TextEncoder().encode(name);
      if (text.length > 255) throw new RangeError(`ext2: the name ${name} is too long`);
      const length = (8 + text.length + 3) & ~3;
      if (last < 0 || (blocks.length % this.size) + length > this.size || blocks.length % this.size === 0) {
        if (last >= 0) this.#stretch(blocks, last);
      }
      last = blocks.length;
      const kind = this.revision === 0 ? 0 : (KINDS[mode] ?? 0);
      blocks.push(to & 255, (to >> 8) & 255, (to >> 16) & 255, to >>> 24, length & 255, length >> 8, text.length, kind, ...text);
      while (blocks.length < last + length) blocks.push(0);
    }
    this.#stretch(blocks, last);
    this.writeInode(inode, MODE_DIRECTORY, 2 + children.size, Uint8Array.from(blocks));
    this.directories[Math.floor((inode - 1) / this.inodesPerGroup)]++;
  }

  /** The last entry of a block reaches to its end. */
  #stretch(blocks: number[], last: number): void {
    while (blocks.length % this.size !== 0) blocks.push(0);
    const length = blocks.length - last;
    blocks[last + 4] = length & 255;
    blocks[last + 5] = length >> 8;
  }

  free(block: number, end: number): number {
    let count = 0;
    for (let bit = 0; bit < end; bit++) if ((this.bytes[block * this.size + (bit >> 3)] & (1 << (bit & 7))) === 0) count++;
    return count;
  }

  /** Descriptors and superblock, with their copies. */
  seal(): void {
    let freeBlocks = 0;
    let freeInodes = 0;
    const descriptors = new DataView(new ArrayBuffer(this.groups * 32));
    for (let index = 0; index < this.groups; index++) {
      const maps = this.maps(index);
      const blocks = this.free(maps, this.groupEnd(index) - this.groupStart(index));
      const inodes = this.free(maps + 1, this.inodesPerGroup);
      freeBlocks += blocks;
      freeInodes += inodes;
      [maps, maps + 1, maps + 2].forEach((block, i) => descriptors.setUint32(index * 32 + i * 4, block, true));
      [blocks, inodes, this.directories[index]].forEach((count, i) => descriptors.setUint16(index * 32 + 12 + i * 2, count, true));
    }
    const log = Math.log2(this.size / 1024);
    const words: [number, number][] = [
      [0, this.groups * this.inodesPerGroup],
      [4, this.blocks],
      [12, freeBlocks],
      [16, freeInodes],
      [20, this.first],
      [24, log],
      [28, log],
      [32, this.perGroup],
      [36, this.perGroup],
      [40, this.inodesPerGroup],
      [48, this.time],
      [52, 0xffff0000],
      [56, 0x0001ef53],
      [60, 1],
      [64, this.time],
      [76, this.revision],
    ];
    if (this.revision === 1) words.push([84, FIRST_FREE], [88, this.inodeSize], [96, 2], [100, 1]);
    const own = [0x70, 0x75, 0x70, 0x70, 0x79, 0x20, 0x64, 0x69, 0x73, 0x6b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01];
    for (let index = 0; index < this.groups; index++) {
      if (!this.hasCopy(index)) continue;
      const start = this.groupStart(index) * this.size;
      const at = index === 0 ? 1024 : start;
      for (const [offset, word] of words) this.view.setUint32(at + offset, word, true);
      if (this.revision === 1) {
        this.view.setUint16(at + 90, index, true);
        this.bytes.set(own, at + 104);
      }
      this.bytes.set(new Uint8Array(descriptors.buffer), start + this.size);
    }
  }
}

/** Makes an image. @throws RangeError if that disk cannot be, or the files do not fit on it */
export function formatExt2(options: Ext2Options): Uint8Array {
  const formatter = new Formatter(options);
  formatter.layOut();
  const make = (inode: number, parent: Directory | null): Directory => ({ inode, parent, entries: new Map(), children: new Map() });
  const root = make(ROOT, null);
  const all = [root];
  const into = (directory: Directory, name: string): Directory => {
    const found = directory.children.get(name);
    if (found) return found;
    const made = make(formatter.takeInode(), directory);
    directory.children.set(name, made);
    directory.entries.set(name, { inode: made.inode, mode: MODE_DIRECTORY });
    all.push(made);
    return made;
  };
  into(root, 'lost+found');
  for (const [path, contents] of Object.entries(options.files ?? {})) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const directory = names.reduce(into, root);
    if (name === '') continue;
    const inode = formatter.takeInode();
    directory.entries.set(name, { inode, mode: MODE_FILE });
    formatter.writeInode(inode, MODE_FILE, 1, typeof contents === 'string' ? new TextEncoder().encode(contents) : contents);
  }
  for (const directory of all) formatter.writeDirectory(directory);
  formatter.seal();
  return formatter.bytes;
}
