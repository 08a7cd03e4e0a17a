import type { Cpu } from '../memory/cpu.ts';
import { fault } from '../state/fault.ts';
import { READ, offsetAt, readL32, readL8, writeL8 } from '../memory/mmu.ts';
import * as L from '../state/layout.ts';

/** Attribute bits, in the form of {@link L.SEG_ATTR}: the descriptor's bits 8-15 and 20-23 brought down by eight. */
const A_TYPE = 0x0f;
export const A_S = 0x10;
export const A_PRESENT = 0x80;
export const A_AVL = 0x1000;
export const A_BIG = 0x4000;
export const A_GRANULAR = 0x8000;
/** Type bits of code and data descriptors. `WRITABLE` means readable in a code segment, `EXPAND_DOWN` conforming. */
export const T_ACCESSED = 1;
export const T_WRITABLE = 2;
export const T_EXPAND_DOWN = 4;
export const T_CODE = 8;
/** Types of system descriptors (SDM vol. 3, table 3-2). */
export const TSS16 = 1;
export const LDT = 2;
export const TSS16_BUSY = 3;
export const CALL16 = 4;
export const TASK_GATE = 5;
export const INT16 = 6;
export const TRAP16 = 7;
export const TSS32 = 9;
export const TSS32_BUSY = 11;
export const CALL32 = 12;
export const INT32 = 14;
export const TRAP32 = 15;
/** What makes a TSS type busy. */
export const T_BUSY = 2;

/**
 * A descriptor as it was read from the GDT or LDT, and where it was read.
 *
 * For a gate `base` and `limit` mean nothing; {@link gateSelector} and {@link gateOffset} read it.
 */
export interface Descriptor {
  /** The selector that named it, RPL included. */
  selector: number;
  /** Linear address of its eight bytes: the Accessed and Busy bits are written back there. */
  address: number;
  /** The two halves as they stand in the table. */
  low: number;
  high: number;
  base: number;
  /** In bytes, granularity applied. */
  limit: number;
  /** See {@link L.SEG_ATTR}. */
  attr: number;
}

/** Builds a {@link Descriptor} from its two halves. */
export function parseDescriptor(selector: number, address: number, low: number, high: number): Descriptor {
  const raw = (high & 0xf0000) | (low & 0xffff);
  return {
    selector,
    address,
    low,
    high,
    base: ((low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000)) >>> 0,
    limit: (high & 0x800000) !== 0 ? ((raw << 12) | 0xfff) >>> 0 : raw,
    attr: (high >>> 8) & 0xf0ff,
  };
}

/**
 * Linear address of the descriptor a selector names, or -1 when it lies beyond its table (or the LDT is null).
 * The null selector is not treated apart: entry 0 of the GDT is an entry like the others to this function.
 */
export function descriptorAddress(cpu: Cpu, selector: number): number {
  const s = cpu.state;
  const offset = selector & 0xfff8;
  if ((selector & 4) === 0) return offset + 7 > s.gdtLimit ? -1 : (s.gdtBase + offset) >>> 0;
  if (s.segment(L.LDTR, L.SEG_ATTR) === 0 || offset + 7 > s.segment(L.LDTR, L.SEG_LIMIT)) return -1;
  return (s.segment(L.LDTR, L.SEG_BASE) + offset) >>> 0;
}

/**
 * Reads the descriptor a selector names.
 *
 * @param vector what to raise when the selector is beyond its table: #GP, or #TS where a TSS supplied the selector
 * @param ext bit 0 of the error code: 1 while an external event or an earlier exception is being delivered
 * @throws Fault of `vector` with the selector, or #PF of the (supervisor) read
 */
export function fetchDescriptor(cpu: Cpu, selector: number, vector: number, ext: number): Descriptor {
  const address = descriptorAddress(cpu, selector);
  if (address < 0) throw fault(vector, (selector & 0xfffc) | ext);
  return readDescriptor(cpu, selector, address);
}

/** Descriptors parsed lately, by address: most loads meet one that has not changed. One for all: what a descriptor means, its eight bytes say, whoever’s they are. */
const parsed: Descriptor[] = Array.from({ length: 512 }, () => parseDescriptor(0, -1, 0, 0));

/** Reads the eight bytes of a descriptor or gate, with supervisor rights. The result changes only by {@link addType}. @throws #PF */
export function readDescriptor(cpu: Cpu, selector: number, address: number): Descriptor {
  let low: number;
  let high: number;
  if ((address & 0xfff) > 0xff8) {
    low = readL32(cpu, address);
    high = readL32(cpu, (address + 4) >>> 0);
  } else {
    const offset = offsetAt(cpu, address, READ, false);
    low = cpu.load32(offset);
    high = cpu.load32(offset + 4);
  }
  const slot = ((address >>> 3) ^ (address >>> 12)) & 511;
  const known = parsed[slot];
  if (known.low === low && known.high === high && known.address === address && known.selector === selector) return known;
  return (parsed[slot] = parseDescriptor(selector, address, low, high));
}

/** Sets a bit of the type (Accessed, Busy) in its table and in the descriptor. @throws #PF */
export function addType(cpu: Cpu, descriptor: Descriptor, bit: number): void {
  const at = (descriptor.address + 5) >>> 0;
  writeL8(cpu, at, readL8(cpu, at) | bit);
  descriptor.attr |= bit;
  descriptor.high = (descriptor.high | (bit << 8)) >>> 0;
}

export function dplOf(attr: number): number {
  return (attr >> 5) & 3;
}
/** Code or data, as against a system descriptor. */
export function isSegment(attr: number): boolean {
  return (attr & A_S) !== 0;
}
export function isCode(attr: number): boolean {
  return (attr & (A_S | T_CODE)) === (A_S | T_CODE);
}
export function isConforming(attr: number): boolean {
  return (attr & (A_S | T_CODE | T_EXPAND_DOWN)) === (A_S | T_CODE | T_EXPAND_DOWN);
}
export function isPresent(attr: number): boolean {
  return (attr & A_PRESENT) !== 0;
}
export function isWritableData(attr: number): boolean {
  return (attr & (A_S | T_CODE | T_WRITABLE)) === (A_S | T_WRITABLE);
}
/** Data, or code that may be read. */
export function isReadable(attr: number): boolean {
  return (attr & (A_S | T_CODE)) === A_S || (attr & (A_S | T_WRITABLE)) === (A_S | T_WRITABLE);
}
/** The type of a system descriptor, or -1 for code and data. */
export function systemType(attr: number): number {
  return (attr & A_S) !== 0 ? -1 : attr & A_TYPE;
}

/** Code selector in a call, interrupt or trap gate; the TSS selector in a task gate. */
export function gateSelector(gate: Descriptor): number {
  return gate.low >>> 16;
}
/** Entry point in a gate; 16-bit gates have sixteen bits of it. */
export function gateOffset(gate: Descriptor): number {
  const low = gate.low & 0xffff;
  return (gate.attr & 8) !== 0 ? ((gate.high & 0xffff0000) | low) >>> 0 : low;
}
