import type { Machine } from '../machine.ts';
import * as L from '../state/layout.ts';
import { FORMS, type InstructionForm } from '../opcodes/index.ts';

/** Random programs for tests: a seeded generator, code that is mostly valid, and a small system for it to run (and run amok) in. */

/** A generator of our own (xorshift32), so that a failure can be run again from its seed. */
export function generator(seed: number): (below: number) => number {
  let x = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Where the system's parts lie in physical memory; linear addresses are the same. */
export const CODE = 0x8000;
export const DATA = 0xa000;
export const STACK = 0xe000;
export const HANDLERS = 0x6000;
const GDT = 0x1000;
const IDT = 0x2000;
const TSS = 0x3000;
const DIRECTORY = 0x4000;
const TABLE = 0x5000;

const PREFIXES = [0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];
const INTERESTING = [
  0,
  1,
  2,
  8,
  0x7f,
  0x80,
  0xff,
  0x100,
  0x7fff,
  0x8000,
  0xffff,
  0x7fffffff,
  0x80000000,
  0xffffffff,
  DATA,
  DATA + 0xffe,
  CODE,
  STACK,
  GDT,
  IDT,
  TABLE,
  TSS,
  0x80000011,
];

/** A number as programs have in registers: often an address or an edge. */
export function operand(next: (below: number) => number): number {
  return next(3) === 0 ? next(0xffffffff) : INTERESTING[next(INTERESTING.length)] + (next(4) === 0 ? next(16) - 8 : 0);
}

/** The four bytes of a word. */
const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

function append(code: number[], word: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) code.push((word >>> (i * 8)) & 0xff);
}

/** One instruction of a form, its fields random. */
function encode(form: InstructionForm, next: (below: number) => number, code: number[]): void {
  let size = 4;
  let address = 4;
  while (next(8) === 0) {
    const prefix = PREFIXES[next(PREFIXES.length)];
    code.push(prefix);
    if (prefix === 0x66) size = 2;
    if (prefix === 0x67) address = 2;
  }
  if (form.mandatory !== 0) code.push(form.mandatory);
  if (form.map === 1) code.push(0x0f);
  code.push(form.opcode + (form.plusRegister ? next(8) : 0));
  if (form.modrm === 'opcode') code.push(form.digit + (form.plusStack ? next(8) : 0));
  else if (form.modrm !== 'none') {
    const reg = form.modrm === 'digit' ? form.digit : next(8);
    const memoryOnly = form.operands.some((o) => o.kind === 'M');
    const registerOnly = form.operands.some((o) => o.kind === 'R');
    const mod = registerOnly ? 3 : memoryOnly ? next(3) : next(4);
    const rm = next(8);
    code.push((mod << 6) | (reg << 3) | rm);
    if (mod !== 3 && address === 4) {
      const sib = next(256);
      if (rm === 4) code.push(sib);
      if (mod === 1) code.push(next(256));
      if (mod === 2 || (mod === 0 && (rm === 5 || (rm === 4 && (sib & 7) === 5)))) append(code, operand(next), 4);
    } else if (mod !== 3) {
      if (mod === 1) code.push(next(256));
      if (mod === 2 || (mod === 0 && rm === 6)) append(code, operand(next), 2);
    }
  }
  for (const part of form.immediates) {
    if (part === 'ib') code.push(next(256));
    else if (part === 'jb') code.push((next(40) - 12) & 0xff);
    else if (part === 'jv') append(code, next(60) - 20, size);
    else if (part === 'iw') append(code, operand(next), 2);
    else if (part === 'm') append(code, operand(next), address);
    else if (part === 'a') {
      append(code, CODE + next(256), size);
      append(code, (next(10) * 8) | next(4), 2);
    } else append(code, operand(next), size);
  }
}

const byName = new Map<string, InstructionForm[]>();
for (const form of FORMS) byName.set(form.name, [...(byName.get(form.name) ?? []), form]);
const NAMES = [...byName.keys()];

/** Half a kilobyte of code: mostly valid instructions of every form, some noise. */
export function program(next: (below: number) => number, length = 500): Uint8Array {
  const code: number[] = [];
  const noise = [0, 0, 4, 2][next(4)];
  while (code.length < length) {
    if (noise !== 0 && next(noise * 8) === 0) {
      code.push(next(256));
      continue;
    }
    // Half by name, so that the forms of one mnemonic do not outweigh the rest.
    const forms = next(2) === 0 ? FORMS : (byName.get(NAMES[next(NAMES.length)]) ?? FORMS);
    encode(forms[next(forms.length)], next, code);
  }
  return Uint8Array.from(code.slice(0, length));
}

/** Where random code runs. */
export interface Surroundings {
  ring: number;
  /** Whether the IDT has gates; without, the first fault is the last. */
  handlers: boolean;
  paging: boolean;
}

/**
 * Puts code into a clean machine of 1 MiB: descriptors for every ring, a TSS, a page table that maps the memory and some holes, and handlers
 * that go back into the code.
 */
export function boot(
  machine: Machine,
  code: Uint8Array,
  { ring, handlers, paging }: Surroundings,
  next: (below: number) => number = generator(code.length + code[0]),
): void {
  const { ram, cpu } = machine;
  for (let n = 0; n < 4; n++) {
    ram.write32(GDT + 8 + n * 16, 0xffff);
    ram.write32(GDT + 12 + n * 16, 0xcf9b00 | (n << 13));
    ram.write32(GDT + 16 + n * 16, 0xffff);
    ram.write32(GDT + 20 + n * 16, 0xcf9300 | (n << 13));
    // SS:ESP of the inner rings.
    if (n < 3) {
      ram.write32(TSS + 4 + n * 8, STACK - n * 0x400);
      ram.write32(TSS + 8 + n * 8, (0x10 + n * 16) | n);
    }
  }
  ram.write32(GDT + 0x48, (TSS << 16) | 0x67);
  ram.write32(GDT + 0x4c, 0x8900);
  cpu.gdtBase = GDT;
  cpu.gdtLimit = 0x4f;
  cpu.idtBase = IDT;
  cpu.idtLimit = handlers ? 0x7ff : 0;
  for (let vector = 0; vector < 256 && handlers; vector++) {
    // The handler drops what it was called with and goes on somewhere in the code, in the ring of the gate.
    const at = HANDLERS + (vector & 31) * 32;
    ram.write32(IDT + vector * 8, (8 << 16) | at);
    ram.write32(IDT + vector * 8 + 4, 0x8e00 | ((vector >= 32 || vector === 3 || vector === 4 ? 3 : 0) << 13));
    if (vector < 32) ram.writeBytes(at, handler(next, vector, ring));
  }
  ram.writeBytes(CODE, code);
  // At its end the code starts over.
  ram.writeBytes(CODE + code.length, Uint8Array.of(0x90, 0x90, 0x90, 0x90, 0xe9, ...word(-code.length - 9)));
  for (let at = DATA; at < DATA + 0x2000; at += 4) ram.write32(at, operand(next));
  if (paging) {
    ram.write32(DIRECTORY, TABLE | 7);
    ram.write32(DIRECTORY + 4, 0x87);
    for (let page = 0; page < 1024; page++) {
      // Everything below 64 KiB as it is; of the rest some is missing, read-only, the supervisor's, or elsewhere.
      const kind = page < 16 ? 7 : [7, 7, 5, 3, 0, 0x107, 0x67][next(7)];
      ram.write32(TABLE + page * 4, ((page < 256 ? page : next(300)) << 12) | kind);
    }
    cpu.cr3 = DIRECTORY;
  }
  // By its own instructions into the ring: LTR, CR0, then IRET with the frame that the ring needs.
  const enter: number[] = [0xb8, 0x48, 0, 0, 0, 0x0f, 0x00, 0xd8];
  if (paging) enter.push(0x0f, 0x20, 0xc0, 0x0d, 0, 0, next(2), 0x80, 0x0f, 0x22, 0xc0);
  const push = (word: number): void => {
    enter.push(0x68);
    append(enter, word, 4);
  };
  const data = (0x10 + ring * 16) | ring;
  if (ring !== 0) {
    push(data);
    push(STACK - 0x1000);
  }
  push(2 | (next(2) << 9) | (next(4) === 0 ? 3 << 12 : 0) | (next(16) === 0 ? 0x100 : 0) | (next(4) === 0 ? 0x400 : 0));
  push((8 + ring * 16) | ring);
  push(CODE);
  enter.push(0xb8);
  append(enter, data, 4);
  for (const segment of [0xc0, 0xd8]) enter.push(0x8e, segment);
  // General registers are set from outside, after these.
  enter.push(0xcf);
  ram.writeBytes(0x7000, Uint8Array.from(enter));
  cpu.eip = 0x7000;
  cpu.esp = STACK;
  stepToCode(machine);
  for (const n of [0, 1, 2, 3, 5, 6, 7]) cpu.setGpr(n, operand(next));
}

/** Steps until the code is reached. */
function stepToCode(machine: Machine): void {
  for (let n = 0; n < 40 && machine.cpu.eip !== CODE; n++) machine.step();
  if (machine.cpu.eip !== CODE) throw new Error(`the way into the code ended at ${machine.cpu.eip.toString(16)}`);
}

/** Vectors that push an error code. */
const HAS_ERROR = new Set([8, 10, 11, 12, 13, 14, 17]);

/** What a handler in ring 0 does: goes on a byte or two later, or somewhere in the code by the time of day; may mend DS and ES; rarely halts. */
function handler(next: (below: number) => number, vector: number, ring: number): Uint8Array {
  const code = HAS_ERROR.has(vector) ? [0x83, 0xc4, 4] : [];
  const data = (0x10 + ring * 16) | ring;
  if (next(30) === 0) code.push(0xf4);
  if (next(3) === 0) code.push(0x6a, data, 0x1f, 0x6a, data, 0x07);
  // incl (%esp) | rdtsc; and $0x1ff,%eax; or $CODE,%eax; mov %eax,(%esp)
  if (next(2) === 0) code.push(0xff, 0x04, 0x24);
  else code.push(0x0f, 0x31, 0x25, 0xff, 1, 0, 0, 0x0d, CODE & 0xff, CODE >> 8, 0, 0, 0x89, 0x04, 0x24);
  code.push(0xcf);
  return Uint8Array.from(code);
}

/** What of the architecture's rules a state breaks, as sentences; none where all is well. */
export function violations(machine: Machine): string[] {
  const { cpu } = machine;
  const found: string[] = [];
  const check = (ok: boolean, what: string): void => {
    if (!ok) found.push(what);
  };
  const { cpl, eflags, cr0, cr3, cr4 } = cpu;
  check(cpl <= 3, `CPL ${cpl}`);
  check((cpu.selector(L.CS) & 3) === cpl || cpu.selector(L.CS) === 0, `CS ${cpu.selector(L.CS).toString(16)} at CPL ${cpl}`);
  check((eflags & 0xffc0802a) === 2, `EFLAGS ${eflags.toString(16)}`);
  check((eflags & 0x20000) === 0, 'EFLAGS.VM is set');
  check((cr0 & 0x11) === 0x11 && (cr0 & ~0xe005003f) >>> 0 === 0, `CR0 ${cr0.toString(16)}`);
  check((cr0 & 0x60000000) >>> 0 !== 0x20000000, 'CR0.NW without CD');
  check((cr4 & ~0x94) === 0, `CR4 ${cr4.toString(16)}`);
  check((cr3 & 0xfe7) === 0, `CR3 ${cr3.toString(16)}`);
  for (let segment = 0; segment < 8; segment++) {
    const attr = cpu.segment(segment, L.SEG_ATTR);
    const selector = cpu.segment(segment, L.SEG_SELECTOR);
    const flat = cpu.segment(segment, L.SEG_BASE) === 0 && cpu.segment(segment, L.SEG_LIMIT) === 0xffffffff && (attr & 0x80) !== 0;
    check(
      selector <= 0xffff && (attr & ~0xf0ff) === 0,
      `segment ${segment}: selector ${selector.toString(16)}, attributes ${attr.toString(16)}`,
    );
    if (segment > L.GS) continue;
    if (cpu.segment(segment, L.SEG_FLAT_READ) !== 0) check(flat, `segment ${segment} is called flat and is not`);
    if (cpu.segment(segment, L.SEG_FLAT_WRITE) !== 0)
      check(flat && (attr & 0x1a) === 0x12, `segment ${segment} is called writable and is not`);
    if (segment === L.CS) check((attr & 0x98) === 0x98, `CS has attributes ${attr.toString(16)}`);
    if (segment === L.SS && attr !== 0)
      check((attr & 0x9a) === 0x92 && ((attr >> 5) & 3) === cpl, `SS has attributes ${attr.toString(16)} at CPL ${cpl}`);
  }
  const ramEnd = L.RAM + machine.ram.size;
  const ok = (offset: number): boolean => offset >= L.RAM && offset < ramEnd;
  const { u32 } = cpu;
  for (let at = L.TLB >> 2; at < (L.TLB + 2 * L.TLB_BYTES) >> 2; at += 4) {
    const read = u32[at];
    const write = u32[at + 1];
    // Most are empty.
    if ((read & write & 1) !== 0) continue;
    const addend = u32[at + 2];
    if ((read & 1) === 0)
      check(
        ok((read + addend) >>> 0) || (read + addend) >>> 0 === L.OPEN_BUS_PAGE,
        `a read translation of ${read.toString(16)} leaves RAM`,
      );
    if ((write & 1) === 0) check(ok((write + addend) >>> 0), `a write translation of ${write.toString(16)} leaves RAM`);
  }
  check(cpu.u32[L.ZERO >> 2] === 0, 'the zero word is not zero');
  for (let i = 0; i < 1024; i++)
    if (cpu.u32[(L.OPEN_BUS_PAGE >> 2) + i] !== 0xffffffff) {
      check(false, 'the open bus was written');
      break;
    }
  return found;
}
