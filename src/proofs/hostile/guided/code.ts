/**
 * The acts of a hostile Guest as machine code. It begins as a decent kernel would, with a gate for every trap; each act then is on its own: whatever trap it ends in, the next one
 * follows.
 */
import { KERNEL } from '../stage.ts';

/** One descriptor of a chain: address, length, flags (1 goes on, 2 to be written), next. */
export type Descriptor = [addr: number, len: number, flags: number, next: number];

/** What a Guest does. Numbers are unsigned words; code is hexadecimal. */
export type Act =
  /** A hypercall, directly or stored in the ring. */
  | ['call' | 'ring', number, number, number, number]
  | ['store', address: number, word: number]
  | ['load', address: number]
  /** Code in ring 1, or in ring 3. */
  | ['run' | 'user', string]
  /** A chain into a queue (0 is the first device's first), from a descriptor on; and its queue is notified. */
  | ['chain', queue: number, head: number, Descriptor[]]
  /** So many turns of a loop. */
  | ['spin', number];

/** Which interface a Guest speaks: that of 2.6.25, 2.6.30 or 2.6.31. */
export type Dialect = 25 | 30 | 31;

export const BASE = 0x100000;
export const DATA = 0x104000;
export const GDT = 0x105000;
/** Page table of the pages above the Guest's memory, which are seen at {@link DEVICES}. */
export const TABLE = 0x106000;
export const END = 0x107000;
export const STACK = 0x110000;
export const DEVICES = 0x800000;
const DEVICE_PAGES = 20;
const RESUME = DATA + 0x700;
const CODE_END = DATA - 64;

const MOV = { eax: 0xb8, ecx: 0xb9, edx: 0xba, ebx: 0xbb, esp: 0xbc } as const;

/** Offsets in lguest_data that differ, and bytes of a ring entry. */
const LAYOUT_OF = {
  25: { status: 0x14, ring: 0x54, entry: 16, order: [0, 2, 3, 1], pgdir: 0x45c, kernel: 0x468 },
  30: { status: 0x14, ring: 0x54, entry: 16, order: [0, 1, 2, 3], pgdir: 0x45c, kernel: 0x468 },
  31: { status: 0x18, ring: 0x58, entry: 20, order: [0, 1, 2, 3], pgdir: 0x560, kernel: 0x56c },
} as const;

class Emitter {
  readonly bytes = new Uint8Array(END - BASE);
  readonly words = new DataView(this.bytes.buffer);
  readonly dialect: Dialect;
  at = 0;
  #ring = 0;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  get here(): number {
    return BASE + this.at;
  }

  byte(...bytes: number[]): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  word(word: number): void {
    this.words.setUint32(this.at, word >>> 0, true);
    this.at += 4;
  }

  move(register: keyof typeof MOV, word: number): void {
    this.byte(MOV[register]);
    this.word(word);
  }

  store(address: number, word: number): void {
    this.byte(0xc7, 0x05);
    this.word(address);
    this.word(word);
  }

  put(address: number, word: number): void {
    this.words.setUint32(address - BASE, word >>> 0, true);
  }

  call(nr: number, one: number, two: number, three: number): void {
    const later = this.dialect !== 25;
    this.move('eax', nr);
    this.move(later ? 'ebx' : 'edx', one);
    this.move(later ? 'ecx' : 'ebx', two);
    this.move(later ? 'edx' : 'ecx', three);
    if (later) this.byte(0x0f, 0x01, 0xc1);
    else this.byte(0xcd, 0x1f);
  }

  /** The next entry of the ring. */
  stored(...args: readonly number[]): void {
    const { status, ring, entry, order } = LAYOUT_OF[this.dialect];
    const slot = this.#ring++ % 64;
    order.forEach((argument, i) => this.store(DATA + ring + entry * slot + 4 * i, args[argument]));
    this.byte(0xc6, 0x05);
    this.word(DATA + status + slot);
    this.byte(0);
  }

  /** Where the next act begins: told to the handler before the act. Returns a function that fills it in. */
  risk(): () => void {
    this.byte(0xc7, 0x05);
    this.word(RESUME);
    const at = this.at;
    this.at += 4;
    return () => this.words.setUint32(at, this.here, true);
  }

  user(code: readonly number[]): void {
    for (const word of [0x7b, STACK - 0x800, 0x202, 0x73]) {
      this.byte(0x68);
      this.word(word);
    }
    this.byte(0x68);
    this.word(this.here + 5);
    this.byte(0xcf, ...code, 0xcd, 0x80);
  }

  chain(queue: number, head: number, descriptors: readonly Descriptor[], memory: number): void {
    const ring = DEVICES + 0x1000 + queue * 0x2000;
    descriptors.forEach(([addr, len, flags, next], i) => {
      const at = ring + 16 * ((head + i) & 127);
      [addr, 0, len, (flags & 0xffff) | (next << 16)].forEach((word, n) => this.store(at + 4 * n, word));
    });
    this.byte(0x0f, 0xb7, 0x05);
    this.word(ring + 0x802);
    this.byte(0x83, 0xe0, 0x7f, 0x66, 0xc7, 0x04, 0x45);
    this.word(ring + 0x804);
    this.byte(head & 255, (head >>> 8) & 255, 0x66, 0xff, 0x05);
    this.word(ring + 0x802);
    this.call(17, memory + 0x1000 + queue * 0x2000, 0, 0);
  }
}

export const bytesOf = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));

function perform(out: Emitter, act: Act, memory: number): void {
  switch (act[0]) {
    case 'call':
      return out.call(act[1], act[2], act[3], act[4]);
    case 'ring':
      return out.stored(act[1], act[2], act[3], act[4]);
    case 'store':
      return out.store(act[1], act[2]);
    case 'load':
      out.byte(0xa1);
      return out.word(act[1]);
    case 'run':
      return out.byte(...bytesOf(act[1]));
    case 'user':
      return out.user(bytesOf(act[1]));
    case 'chain':
      return out.chain(act[1], act[2], act[3], memory);
    case 'spin':
      out.move('ecx', act[1]);
      return out.byte(0xe2, 0xfe);
  }
}

/** An ELF file of a Guest with `memory` bytes: it introduces itself, sets gates, stack and segments, tells its devices (descriptors at these addresses) that they have drivers, and acts. */
export function compile(
  acts: readonly Act[],
  { dialect, memory, devices }: { dialect: Dialect; memory: number; devices: readonly number[] },
): Uint8Array {
  const out = new Emitter(dialect);
  const { status, pgdir, kernel } = LAYOUT_OF[dialect];
  out.byte(0xeb, 23);
  const handler = out.here;
  out.move('esp', STACK);
  out.move('eax', 0x69);
  out.byte(0x8e, 0xd8, 0x8e, 0xc0, 0x2e, 0xff, 0x25);
  out.word(RESUME);
  out.byte(0x90, 0x90);
  out.move('esp', STACK);
  out.call(1, DATA, 0, 0);
  out.call(dialect === 25 ? 3 : 7, dialect === 25 ? GDT : 0x69, dialect === 25 ? 32 : STACK, dialect === 25 ? 0 : 1);
  if (dialect === 25) out.call(7, 0x69, STACK, 1);
  else for (const n of [14, 15]) out.call(18, n, 0xffff, n === 14 ? 0xcffb00 : 0xcff300);
  for (const vector of [...Array(31).keys(), 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x80])
    out.call(
      6,
      vector,
      0x610000 | (handler & 0xffff),
      (handler & 0xffff0000) | (vector === 0x80 ? 0xef00 : vector % 2 === 0 ? 0x8e00 : 0x8f00),
    );
  // The pages above: directory entry 2.
  out.byte(0x8b, 0x35);
  out.word(DATA + pgdir);
  out.byte(0xc7, 0x46, 0x08);
  out.word(TABLE | 7);
  for (const device of devices) {
    out.call(17, device, 0, 0);
    out.byte(0xc6, 0x05);
    out.word(DEVICES + device - memory + 4);
    out.byte(7);
  }
  for (const act of acts) {
    // What does not fit is not done.
    if (out.here > CODE_END - 700) break;
    const land = out.risk();
    perform(out, act, memory);
    land();
  }
  out.move('eax', 2);
  out.call(2, DATA + 0x780, 1, 0);
  out.byte(0xeb, 0xfe);
  for (let i = 0; i < 16; i++) out.put(DATA + status + 4 * i, 0xffffffff);
  out.put(DATA + kernel, KERNEL);
  out.put(DATA + kernel + 4, 0x80);
  out.bytes.set(new TextEncoder().encode('Power down'), DATA - BASE + 0x780);
  [0xcfbb00, 0xcfb300, 0xcffb00, 0xcff300].forEach((high, i) => {
    out.put(GDT + 8 * (12 + i), 0xffff);
    out.put(GDT + 8 * (12 + i) + 4, high);
  });
  for (let i = 0; i < DEVICE_PAGES; i++) out.put(TABLE + 4 * i, (memory + 4096 * i) | 7);
  return elf(out.bytes);
}

function elf(bytes: Uint8Array): Uint8Array {
  const file = new Uint8Array(84 + bytes.length);
  const words = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  words.setUint32(16, 0x00030002, true);
  [1, BASE, 52, 0, 0, 0x00200034, 1].forEach((word, i) => words.setUint32(20 + 4 * i, word, true));
  [1, 84, BASE, BASE, bytes.length, bytes.length, 7, 4096].forEach((word, i) => words.setUint32(52 + 4 * i, word, true));
  file.set(bytes, 84);
  return file;
}
