import type { Cpu } from '../memory/cpu.ts';
import { fault } from '../state/fault.ts';
import { SEG, SEG_FLAT_READ, SEG_FLAT_WRITE, SEG_SIZE, TLB_BASE, TLB_ENTRIES } from '../state/layout.ts';
import { probeV, readV16, readV32, writeV16, writeV32 } from '../protection/operands.ts';
import { checkSegment } from '../protection/segments.ts';
import { TLB_ADDEND, TLB_READ_TAG, TLB_WRITE_TAG } from '../memory/tlb.ts';

/** The CPU that the unit belongs to. */
export type FpuCpu = Cpu;

/** Raises a fault without an error code. */
export function raise(vector: number): never {
  throw fault(vector);
}

/**
 * Memory offset of an operand that lies in one page of a flat segment and is in the TLB; -1 where the long way has to be
 * taken. For a write, the TLB's tag also says that no code lies in the page.
 */
export function locate(cpu: FpuCpu, segment: number, offset: number, length: number, write: boolean): number {
  const u32 = cpu.state.u32;
  if (u32[(SEG + segment * SEG_SIZE + (write ? SEG_FLAT_WRITE : SEG_FLAT_READ)) >> 2] === 0) return -1;
  const entry = (u32[TLB_BASE >> 2] >> 2) + ((offset >>> 12) & (TLB_ENTRIES - 1)) * 4;
  if (u32[entry + ((write ? TLB_WRITE_TAG : TLB_READ_TAG) >> 2)] !== ((offset + length - 1) & 0xffff_f000) >>> 0) return -1;
  return (offset + u32[entry + (TLB_ADDEND >> 2)]) | 0;
}

/** Reads 16 bits. */
export function read16(cpu: FpuCpu, segment: number, offset: number): number {
  return readV16(cpu, segment, offset);
}
/** Reads 32 bits, as an i32. */
export function read32(cpu: FpuCpu, segment: number, offset: number): number {
  return readV32(cpu, segment, offset) | 0;
}
/** Writes 16 bits. */
export function write16(cpu: FpuCpu, segment: number, offset: number, value: number): void {
  writeV16(cpu, segment, offset, value);
}
/** Writes 32 bits. */
export function write32(cpu: FpuCpu, segment: number, offset: number, value: number): void {
  writeV32(cpu, segment, offset, value);
}

/** Checks the limit for a read in several pieces as a whole: it comes before any page fault. */
export function span(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  if (cpu.state.segment(segment, SEG_FLAT_READ) === 0) checkSegment(cpu, segment, offset, length, false);
}
/** Makes sure that a write in several pieces cannot fault half-way. */
export function probe(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  probeV(cpu, segment, offset, length);
}
