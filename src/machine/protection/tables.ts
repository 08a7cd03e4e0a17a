/** Descriptor-table registers, LDTR and TR, and the instructions that ask about a selector (Intel SDM vol. 2). */
import type { Cpu } from '../memory/cpu.ts';
import { GP, NP, fault } from '../state/fault.ts';
import { ZF } from '../state/flags.ts';
import { READ } from '../memory/mmu.ts';
import { readV16, readV32, writeV16, writeV32, probeV } from './operands.ts';
import * as L from '../state/layout.ts';
import {
  CALL16,
  CALL32,
  LDT,
  T_BUSY,
  TASK_GATE,
  TSS16,
  TSS16_BUSY,
  TSS32,
  TSS32_BUSY,
  addType,
  descriptorAddress,
  dplOf,
  fetchDescriptor,
  isConforming,
  isPresent,
  isReadable,
  isSegment,
  isWritableData,
  systemType,
} from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { checkSegment, install, setNull } from './segments.ts';
import { requireRing0 } from './flag_rules.ts';

export function lgdt16(cpu: Cpu, segment: number, offset: number): void {
  loadTable(cpu, L.GDTR, segment, offset, 0xffffff);
}
export function lgdt32(cpu: Cpu, segment: number, offset: number): void {
  loadTable(cpu, L.GDTR, segment, offset, 0xffffffff);
}
export function lidt16(cpu: Cpu, segment: number, offset: number): void {
  loadTable(cpu, L.IDTR, segment, offset, 0xffffff);
}
export function lidt32(cpu: Cpu, segment: number, offset: number): void {
  loadTable(cpu, L.IDTR, segment, offset, 0xffffffff);
}
export function sgdt16(cpu: Cpu, segment: number, offset: number): void {
  storeTable(cpu, L.GDTR, segment, offset, 0xffffff);
}
export function sgdt32(cpu: Cpu, segment: number, offset: number): void {
  storeTable(cpu, L.GDTR, segment, offset, 0xffffffff);
}
export function sidt16(cpu: Cpu, segment: number, offset: number): void {
  storeTable(cpu, L.IDTR, segment, offset, 0xffffff);
}
export function sidt32(cpu: Cpu, segment: number, offset: number): void {
  storeTable(cpu, L.IDTR, segment, offset, 0xffffffff);
}

function loadTable(cpu: Cpu, register: number, segment: number, offset: number, mask: number): void {
  requireRing0(cpu);
  const linear = checkSegment(cpu, segment, offset, 6, false);
  // A page that the TLB knows holds no breakpoint.
  const at = (linear & 0xfff) <= 0xffa ? cpu.tlb.lookup(linear, READ, false) : -1;
  const limit = at >= 0 ? cpu.load16(at) : readV16(cpu, segment, offset);
  const base = at >= 0 ? cpu.load32(at + 2) : readV32(cpu, segment, offset + 2);
  cpu.state.u32[register >> 2] = base & mask;
  cpu.state.u32[(register >> 2) + 1] = limit;
}

/** SGDT, SIDT: the 16-bit form writes 24 bits of base and a zero. */
function storeTable(cpu: Cpu, register: number, segment: number, offset: number, mask: number): void {
  probeV(cpu, segment, offset, 6);
  writeV16(cpu, segment, offset, cpu.state.u32[(register >> 2) + 1]);
  writeV32(cpu, segment, offset + 2, (cpu.state.u32[register >> 2] & mask) >>> 0);
}

/** LLDT. @throws #GP(0) outside ring 0, #GP(selector) in the LDT, beyond the GDT or no LDT, #NP(selector) */
export function lldt(cpu: Cpu, selector: number): void {
  requireRing0(cpu);
  selector &= 0xffff;
  if ((selector & 0xfffc) === 0) {
    setNull(cpu, L.LDTR, selector);
    return;
  }
  if ((selector & 4) !== 0) throw fault(GP, selector & 0xfffc);
  const d = fetchDescriptor(cpu, selector, GP, 0);
  if (systemType(d.attr) !== LDT) throw fault(GP, selector & 0xfffc);
  if (!isPresent(d.attr)) throw fault(NP, selector & 0xfffc);
  install(cpu, L.LDTR, d);
}

/**
 * LTR: takes an available TSS and marks it busy in the GDT.
 *
 * @throws #GP(0) outside ring 0 or null, #GP(selector) in the LDT, beyond the GDT, busy or no TSS, #NP(selector), #PF of the busy bit's write
 */
export function ltr(cpu: Cpu, selector: number): void {
  requireRing0(cpu);
  selector &= 0xffff;
  if ((selector & 0xfffc) === 0) throw fault(GP, 0);
  if ((selector & 4) !== 0) throw fault(GP, selector & 0xfffc);
  const d = fetchDescriptor(cpu, selector, GP, 0);
  const type = systemType(d.attr);
  if (type !== TSS16 && type !== TSS32) throw fault(GP, selector & 0xfffc);
  if (!isPresent(d.attr)) throw fault(NP, selector & 0xfffc);
  addType(cpu, d, T_BUSY);
  install(cpu, L.TR, d);
}

export function sldt(cpu: Cpu): number {
  return cpu.state.selector(L.LDTR);
}
export function str(cpu: Cpu): number {
  return cpu.state.selector(L.TR);
}

function setZero(cpu: Cpu, on: boolean): void {
  const s = cpu.state;
  s.eflags = on ? s.eflags | ZF : s.eflags & ~ZF;
}

/** Descriptor types that LAR and LSL know, one bit a type (SDM vol. 2, tables of LAR and LSL). */
const LAR_TYPES =
  (1 << TSS16) | (1 << LDT) | (1 << TSS16_BUSY) | (1 << CALL16) | (1 << TASK_GATE) | (1 << TSS32) | (1 << TSS32_BUSY) | (1 << CALL32);
const LSL_TYPES = (1 << TSS16) | (1 << LDT) | (1 << TSS16_BUSY) | (1 << TSS32) | (1 << TSS32_BUSY);

/** A descriptor that may be looked at from here, or undefined; only #PF is raised. */
function visible(cpu: Cpu, selector: number, types: number): Descriptor | undefined {
  if ((selector & 0xfffc) === 0 || descriptorAddress(cpu, selector) < 0) return undefined;
  const d = fetchDescriptor(cpu, selector, GP, 0);
  const known = isSegment(d.attr) || ((types >> systemType(d.attr)) & 1) !== 0;
  const dpl = dplOf(d.attr);
  if (!known || (!isConforming(d.attr) && (dpl < cpu.state.cpl || dpl < (selector & 3)))) return undefined;
  return d;
}

function lar(cpu: Cpu, selector: number, old: number, mask: number): number {
  const d = visible(cpu, selector & 0xffff, LAR_TYPES);
  setZero(cpu, d !== undefined);
  return d ? ((old & ~mask) | (d.high & 0xf0ff00 & mask)) >>> 0 : old >>> 0;
}

function lsl(cpu: Cpu, selector: number, old: number, mask: number): number {
  const d = visible(cpu, selector & 0xffff, LSL_TYPES);
  setZero(cpu, d !== undefined);
  return d ? ((old & ~mask) | (d.limit & mask)) >>> 0 : old >>> 0;
}

export function lar16(cpu: Cpu, selector: number, old: number): number {
  return lar(cpu, selector, old, 0xffff);
}
export function lar32(cpu: Cpu, selector: number, old: number): number {
  return lar(cpu, selector, old, 0xffffffff);
}
export function lsl16(cpu: Cpu, selector: number, old: number): number {
  return lsl(cpu, selector, old, 0xffff);
}
export function lsl32(cpu: Cpu, selector: number, old: number): number {
  return lsl(cpu, selector, old, 0xffffffff);
}

/** VERR: ZF tells whether the segment may be read from here. */
export function verr(cpu: Cpu, selector: number): void {
  const d = visible(cpu, selector & 0xffff, 0);
  setZero(cpu, d !== undefined && isReadable(d.attr));
}

/** VERW: ZF tells whether the segment may be written from here. */
export function verw(cpu: Cpu, selector: number): void {
  const d = visible(cpu, selector & 0xffff, 0);
  setZero(cpu, d !== undefined && isWritableData(d.attr));
}

/** ARPL: raises the destination's RPL to the source's, ZF tells whether it had to. */
export function arpl(cpu: Cpu, destination: number, source: number): number {
  const raise = (destination & 3) < (source & 3);
  setZero(cpu, raise);
  return raise ? (destination & 0xfffc) | (source & 3) : destination & 0xffff;
}
