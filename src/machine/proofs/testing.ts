/**
 * A bench for tests of the protection machinery: a bare CPU without an interpreter, and small languages for what stands in its tables.
 *
 * Physical memory: GDT at 1000, IDT at 2000, LDT at 3000, the TSS at 4000, page directory at 20000 and tables from 21000 on;
 * ring n's stack ends at 10000 + n × 2000.
 */
import { Cpu } from '../memory/cpu.ts';
import { Fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { A_AVL, A_BIG, A_GRANULAR, A_PRESENT, A_S, parseDescriptor } from '../protection/descriptors.ts';
import { setCpl, setSegment } from '../protection/segments.ts';
import { resetDebug } from '../protection/debug.ts';
import type { Ram } from '../memory/ram.ts';
import { CpuState } from '../state/state.ts';
import { Tlb } from '../memory/tlb.ts';

export const GDT = 0x1000;
export const IDT = 0x2000;
export const LDT_BASE = 0x3000;
export const TSS_BASE = 0x4000;
export const DIRECTORY = 0x20000;
/** Top of a ring's stack. */
export function stackTop(ring: number): number {
  return 0x10000 + ring * 0x2000;
}

/** The GDT that {@link bench} loads: code and data for every ring, then the TSS and the LDT. */
export const BASIC_GDT = `
  08 code dpl0 r          10 data dpl0 w
  18 code dpl1 r          20 data dpl1 w
  28 code dpl2 r          30 data dpl2 w
  38 code dpl3 r          40 data dpl3 w
  48 tss32busy base=4000 limit=67
  50 ldt base=3000 limit=7f
`;

export const CODE = [0x08, 0x19, 0x2a, 0x3b];
export const DATA = [0x10, 0x21, 0x32, 0x43];
export const TSS_SELECTOR = 0x48;
const LDT_SELECTOR = 0x50;

const KINDS: Record<string, number> = {
  data: 0x10,
  code: 0x18,
  tss16: 1,
  ldt: 2,
  tss16busy: 3,
  call16: 4,
  task: 5,
  int16: 6,
  trap16: 7,
  tss32: 9,
  tss32busy: 11,
  call32: 12,
  int32: 14,
  trap32: 15,
};

/** A physical memory of `ramBytes`, a CPU in ring 0 with flat segments, paging off. */
export function bench(ramBytes = 0x100000): Cpu {
  const memory = new WebAssembly.Memory({ initial: (L.RAM + ramBytes) >>> 16 });
  const state = new CpuState(memory);
  const cpu = new Cpu(state, new Tlb(state, ramBytes), ramBytes);
  state.cr0 = 0x31;
  state.eflags = 2;
  resetDebug(cpu);
  state.gdtBase = GDT;
  state.gdtLimit = 0xff;
  state.idtBase = IDT;
  state.idtLimit = 0x7ff;
  gdt(cpu, BASIC_GDT);
  for (let ring = 0; ring < 3; ring++) {
    poke(cpu, TSS_BASE + 4 + ring * 8, stackTop(ring));
    poke(cpu, TSS_BASE + 8 + ring * 8, DATA[ring]);
  }
  load(cpu, L.TR, TSS_SELECTOR);
  load(cpu, L.LDTR, LDT_SELECTOR);
  ring(cpu, 0);
  return cpu;
}

/** Puts the CPU in a ring, with that ring's own segments and its stack empty. */
export function ring(cpu: Cpu, cpl: number): void {
  setCpl(cpu, cpl);
  load(cpu, L.CS, CODE[cpl]);
  for (const segment of [L.SS, L.DS, L.ES, L.FS, L.GS]) load(cpu, segment, DATA[cpl]);
  cpu.state.esp = stackTop(cpl);
}

/** Loads a segment register from the table without any check. */
export function load(cpu: Cpu, segment: number, selector: number): void {
  const at = (selector & 4 ? LDT_BASE : GDT) + (selector & 0xfff8);
  const d = parseDescriptor(selector, at, peek(cpu, at), peek(cpu, at + 4));
  setSegment(cpu, segment, selector, d.base, d.limit, d.attr);
}

export function peek(cpu: Cpu, physical: number): number {
  return cpu.state.view.getUint32(L.RAM + physical, true);
}
export function poke(cpu: Cpu, physical: number, value: number): void {
  cpu.store32(L.RAM + physical, value);
}
export function peek16(cpu: Cpu, physical: number): number {
  return cpu.state.view.getUint16(L.RAM + physical, true);
}
export function poke16(cpu: Cpu, physical: number, value: number): void {
  cpu.store16(L.RAM + physical, value);
}

/**
 * The two halves of a descriptor: `code dpl3 r c np 16`, `data dpl0 w down base=1000 limit=fff`, `call32 dpl3 to=8:1234 params=2`.
 * Without `limit=` a segment is 4 GiB. `type=n` is any system type.
 */
export function descriptor(text: string): [number, number] {
  let kind = 0;
  let dpl = 0;
  let base = 0;
  let limit = 0xffffffff;
  let present = A_PRESENT;
  let big = A_BIG;
  let bits = 0;
  let to: number[] | null = null;
  let params = 0;
  for (const word of text.trim().split(/\s+/)) {
    const [name, value = ''] = word.split('=');
    const number = parseInt(value, 16);
    if (name in KINDS) kind = KINDS[name];
    else if (/^dpl[0-3]$/.test(name)) dpl = Number(name[3]);
    else if (name === 'type') kind = number;
    else if (name === 'r' || name === 'w') bits |= 2;
    else if (name === 'c' || name === 'down') bits |= 4;
    else if (name === 'a') bits |= 1;
    else if (name === 'avl') bits |= A_AVL;
    else if (name === 'np') present = 0;
    else if (name === '16') big = 0;
    else if (name === 'base') base = number;
    else if (name === 'limit') limit = number;
    else if (name === 'to') to = value.split(':').map((part) => parseInt(part, 16));
    else if (name === 'params') params = number;
    else throw new Error(`descriptor: what is "${word}"?`);
  }
  let attr = kind | bits | (dpl << 5) | present;
  if (to) return [((to[1] & 0xffff) | (to[0] << 16)) >>> 0, ((to[1] & 0xffff0000) | (attr << 8) | params) >>> 0];
  if ((kind & A_S) !== 0) attr |= big;
  const raw = limit > 0xfffff ? limit >>> 12 : limit;
  if (limit > 0xfffff) attr |= A_GRANULAR;
  return [((base << 16) | (raw & 0xffff)) >>> 0, ((base & 0xff000000) | ((base >>> 16) & 0xff) | (attr << 8) | (raw & 0xf0000)) >>> 0];
}

/** Writes descriptors into a table: `08 code dpl0 r`, one or more a line. */
export function table(cpu: Cpu, base: number, text: string): void {
  for (const match of text.matchAll(/(?<![\w=:])([0-9a-f]{2,3}) +([a-z][^\n]*?)(?= {2,}[0-9a-f]{2,3} [a-z]|\n|$)/g)) {
    const at = base + parseInt(match[1], 16);
    const [low, high] = descriptor(match[2]);
    poke(cpu, at, low);
    poke(cpu, at + 4, high);
  }
}
export function gdt(cpu: Cpu, text: string): void {
  table(cpu, GDT, text);
}
/** Descriptors in a table of a whole machine's, from entry 1 on. */
export function writeDescriptors(ram: Ram, at: number, texts: readonly string[]): void {
  for (const [n, text] of texts.entries()) descriptor(text).forEach((half, i) => ram.write32(at + (n + 1) * 8 + i * 4, half));
}
/** IDT entries by vector: `0e int32 dpl0 to=8:1000`. */
export function idt(cpu: Cpu, text: string): void {
  for (const line of text.split('\n')) {
    const match = /^\s*([0-9a-f]{2}) +(.*\S)/.exec(line);
    if (match) table(cpu, IDT, `${(parseInt(match[1], 16) * 8).toString(16).padStart(3, '0')} ${match[2]}`);
  }
}

const NAMES: Record<number, string> = {
  0: '#DE',
  1: '#DB',
  3: '#BP',
  4: '#OF',
  5: '#BR',
  6: '#UD',
  7: '#NM',
  8: '#DF',
  10: '#TS',
  11: '#NP',
  12: '#SS',
  13: '#GP',
  14: '#PF',
  16: '#MF',
  17: '#AC',
};

/** Runs something and tells what came of it: `ok`, or the fault as `#GP(18)` (error code in hexadecimal). */
export function outcome(act: () => unknown): string {
  try {
    act();
    return 'ok';
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return NAMES[thrown.vector] + (thrown.error < 0 ? '' : `(${thrown.error.toString(16)})`);
  }
}

const hex = (value: number): string => (value >>> 0).toString(16);

/** Where the CPU stands: `cs:eip ss:esp`, selectors and addresses in hexadecimal. */
export function where(cpu: Cpu): string {
  const s = cpu.state;
  return `${hex(s.selector(L.CS))}:${hex(s.eip)} ${hex(s.selector(L.SS))}:${hex(s.esp)}`;
}

/** The words from the stack pointer up, in hexadecimal. */
export function stackWords(cpu: Cpu, count: number, size = 4): string {
  const words: string[] = [];
  const base = cpu.state.segment(L.SS, L.SEG_BASE) + cpu.state.esp;
  for (let i = 0; i < count; i++) words.push(hex(size === 4 ? peek(cpu, base + i * 4) : peek16(cpu, base + i * 2)));
  return words.join(' ');
}

/** Rows of a table in a template string: one a line, split at `|` where it has any, else at runs of two spaces; `//` comments. */
export function rows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.replace(/\/\/.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(line.includes('|') ? /\s*\|\s*/ : /\s{2,}/));
}
