import type { Cpu } from '../memory/cpu.ts';
import { GP, NP, SS, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import {
  A_BIG,
  A_PRESENT,
  A_S,
  T_ACCESSED,
  T_CODE,
  T_EXPAND_DOWN,
  T_WRITABLE,
  addType,
  dplOf,
  fetchDescriptor,
  isCode,
  isConforming,
  isPresent,
  isReadable,
  isSegment,
  isWritableData,
} from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { inhibitInterrupts } from './flag_rules.ts';

/**
 * Segment registers: loading them with every check of protected mode, and the checks of an access through them
 * (Intel SDM vol. 3, chapter 5; vol. 2, MOV).
 *
 * A load has three steps, so that an instruction that loads several can fault before it changes anything:
 * a check (`checkData`, `checkStack`), {@link markAccessed}, {@link install}.
 */

/** Fills a segment register's visible and hidden parts. Never faults. Loading CS does not change the CPL: see {@link setCpl}. */
export function setSegment(cpu: Cpu, segment: number, selector: number, base: number, limit: number, attr: number): void {
  const u32 = cpu.state.u32;
  const at = (L.SEG + segment * L.SEG_SIZE) >> 2;
  const code = (attr & T_CODE) !== 0;
  const flat =
    base === 0 && limit === 0xffffffff && (attr & (A_PRESENT | A_S)) === (A_PRESENT | A_S) && (code || (attr & T_EXPAND_DOWN) === 0);
  const flatRead = flat && (!code || (attr & T_WRITABLE) !== 0) ? 1 : 0;
  const flatWrite = flat && !code && (attr & T_WRITABLE) !== 0 ? 1 : 0;
  // What decoded code depends on; a reload of the like, which is most of them, need not tell.
  const changed =
    u32[at + (L.SEG_FLAT_READ >> 2)] !== flatRead ||
    u32[at + (L.SEG_FLAT_WRITE >> 2)] !== flatWrite ||
    u32[at + (L.SEG_BASE >> 2)] !== base ||
    u32[at + (L.SEG_LIMIT >> 2)] !== limit ||
    ((u32[at + (L.SEG_ATTR >> 2)] ^ attr) & A_BIG) !== 0;
  u32[at + (L.SEG_SELECTOR >> 2)] = selector;
  u32[at + (L.SEG_BASE >> 2)] = base;
  u32[at + (L.SEG_LIMIT >> 2)] = limit;
  u32[at + (L.SEG_ATTR >> 2)] = attr;
  u32[at + (L.SEG_FLAT_READ >> 2)] = flatRead;
  u32[at + (L.SEG_FLAT_WRITE >> 2)] = flatWrite;
  if (changed) cpu.segmentChanged(segment);
}

/** Puts a null selector (0-3) in a data segment register: any use of it is #GP(0). */
export function setNull(cpu: Cpu, segment: number, selector: number): void {
  setSegment(cpu, segment, selector, 0, 0, 0);
}

/** Sets the Accessed bit of a code or data descriptor in its table, and in `descriptor`. @throws #PF */
export function markAccessed(cpu: Cpu, descriptor: Descriptor): void {
  if ((descriptor.attr & T_ACCESSED) === 0) addType(cpu, descriptor, T_ACCESSED);
}

/** Loads a checked descriptor. The selector's RPL may be replaced (CS carries the CPL there). Never faults. */
export function install(cpu: Cpu, segment: number, descriptor: Descriptor, selector: number = descriptor.selector): void {
  setSegment(cpu, segment, selector, descriptor.base, descriptor.limit, descriptor.attr);
}

/** Changes the current privilege level. */
export function setCpl(cpu: Cpu, cpl: number): void {
  if (cpu.state.cpl === cpl) return;
  cpu.state.cpl = cpl;
  cpu.cplChanged();
}

/**
 * Checks a non-null selector for DS, ES, FS or GS.
 *
 * @param vector #GP, or #TS while a task switch loads it
 */
export function checkData(cpu: Cpu, selector: number, cpl: number, vector: number, ext: number): Descriptor {
  const d = fetchDescriptor(cpu, selector, vector, ext);
  if (!isSegment(d.attr) || !isReadable(d.attr)) throw fault(vector, (selector & 0xfffc) | ext);
  if (!isConforming(d.attr)) {
    const dpl = dplOf(d.attr);
    if ((selector & 3) > dpl || cpl > dpl) throw fault(vector, (selector & 0xfffc) | ext);
  }
  if (!isPresent(d.attr)) throw fault(NP, (selector & 0xfffc) | ext);
  return d;
}

/**
 * Checks a selector for SS at a privilege level: writable data with RPL = DPL = `cpl`.
 *
 * @param vector #GP, or #TS where a TSS supplied the selector
 */
export function checkStack(cpu: Cpu, selector: number, cpl: number, vector: number, ext: number): Descriptor {
  if ((selector & 0xfffc) === 0) throw fault(vector, ext);
  const d = fetchDescriptor(cpu, selector, vector, ext);
  if ((selector & 3) !== cpl || dplOf(d.attr) !== cpl || !isWritableData(d.attr)) throw fault(vector, (selector & 0xfffc) | ext);
  if (!isPresent(d.attr)) throw fault(SS, (selector & 0xfffc) | ext);
  return d;
}

/**
 * Loads ES, SS, DS, FS or GS as MOV, POP and LDS … do.
 *
 * @throws #GP(0) null into SS; #GP(selector) beyond the table, wrong type, privilege; #NP(selector), for SS #SS(selector); #PF
 */
export function loadSegment(cpu: Cpu, segment: number, selector: number): void {
  selector &= 0xffff;
  const cpl = cpu.state.cpl;
  if (segment !== L.SS && (selector & 0xfffc) === 0) {
    setNull(cpu, segment, selector);
    return;
  }
  const d = segment === L.SS ? checkStack(cpu, selector, cpl, GP, 0) : checkData(cpu, selector, cpl, GP, 0);
  markAccessed(cpu, d);
  install(cpu, segment, d);
}

/** MOV and POP to a segment register: a load of SS holds interrupts back over the next instruction, which loads ESP. */
export function moveToSegment(cpu: Cpu, segment: number, selector: number): void {
  loadSegment(cpu, segment, selector);
  if (segment === L.SS) inhibitInterrupts(cpu, true);
}

/** After a return to an outer ring: data segments that the new CPL may not use become null (SDM vol. 2, RET and IRET). */
export function nullInnerSegments(cpu: Cpu): void {
  const s = cpu.state;
  const cpl = s.cpl;
  for (const segment of [L.ES, L.DS, L.FS, L.GS]) {
    const attr = s.segment(segment, L.SEG_ATTR);
    if (attr !== 0 && dplOf(attr) < cpl && !isConforming(attr)) setNull(cpu, segment, 0);
  }
}

/** Whether `size` bytes at `offset` lie within a segment of these attributes (SDM vol. 3, 5.3). */
export function withinLimit(attr: number, limit: number, offset: number, size: number): boolean {
  const last = offset + size - 1;
  if ((attr & (T_CODE | T_EXPAND_DOWN)) === T_EXPAND_DOWN) return offset > limit && last <= ((attr & A_BIG) !== 0 ? 0xffffffff : 0xffff);
  // Of a 4 GiB segment an access may run over the end to address 0; the manual leaves that to the implementation.
  return last <= limit || limit === 0xffffffff;
}

/**
 * The check of an access through a segment register, for segments that are not flat.
 *
 * @param offset effective address, already cut to the address size
 * @param size in bytes
 * @param write 1 or true for a write
 * @returns the linear address
 * @throws #GP(0), or #SS(0) through SS
 */
export function checkSegment(cpu: Cpu, segment: number, offset: number, size: number, write: boolean | number): number {
  const s = cpu.state;
  const attr = s.segment(segment, L.SEG_ATTR);
  const allowed =
    (attr & A_PRESENT) !== 0 &&
    (write ? isWritableData(attr) : isReadable(attr)) &&
    withinLimit(attr, s.segment(segment, L.SEG_LIMIT), offset, size);
  if (!allowed) throw fault(segment === L.SS ? SS : GP, 0);
  return (s.segment(segment, L.SEG_BASE) + offset) >>> 0;
}

/**
 * The check of an instruction fetch: CS may be execute-only.
 *
 * @returns the linear address
 * @throws #GP(0) beyond the limit
 */
export function checkFetch(cpu: Cpu, offset: number, size: number): number {
  const s = cpu.state;
  if (!withinLimit(T_CODE, s.segment(L.CS, L.SEG_LIMIT), offset, size)) throw fault(GP, 0);
  return (s.segment(L.CS, L.SEG_BASE) + offset) >>> 0;
}

/**
 * The code-segment check of RET, IRET and a task switch: the selector's RPL is the privilege level returned to.
 *
 * @param vector #GP, or #TS while a task switch loads it
 */
export function checkReturnCode(cpu: Cpu, selector: number, vector: number, ext = 0): Descriptor {
  if ((selector & 0xfffc) === 0) throw fault(vector, ext);
  const d = fetchDescriptor(cpu, selector, vector, ext);
  const rpl = selector & 3;
  if (!isCode(d.attr) || (isConforming(d.attr) ? dplOf(d.attr) > rpl : dplOf(d.attr) !== rpl))
    throw fault(vector, (selector & 0xfffc) | ext);
  if (!isPresent(d.attr)) throw fault(NP, (selector & 0xfffc) | ext);
  return d;
}
