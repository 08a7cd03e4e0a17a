import type { Cpu } from '../cpu.ts';
import { fault } from '../fault.ts';
import { SEG_FLAT_READ } from '../layout.ts';
import { probeV, readV16, readV32, writeV16, writeV32 } from '../mmu.ts';
import { checkSegment } from '../segments.ts';

/** The CPU that the unit belongs to. */
export type FpuCpu = Cpu;

/** Raises a fault without an error code. */
export function raise(vector: number): never { throw fault(vector); }

/** Reads 16 bits. */
export function read16(cpu: FpuCpu, segment: number, offset: number): number { return readV16(cpu, segment, offset); }
/** Reads 32 bits, as an i32. */
export function read32(cpu: FpuCpu, segment: number, offset: number): number { return readV32(cpu, segment, offset) | 0; }
/** Writes 16 bits. */
export function write16(cpu: FpuCpu, segment: number, offset: number, value: number): void { writeV16(cpu, segment, offset, value); }
/** Writes 32 bits. */
export function write32(cpu: FpuCpu, segment: number, offset: number, value: number): void { writeV32(cpu, segment, offset, value); }

/** Checks the limit for a read in several pieces as a whole: it comes before any page fault. */
export function span(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  if (cpu.state.segment(segment, SEG_FLAT_READ) === 0) checkSegment(cpu, segment, offset, length, false);
}
/** Makes sure that a write in several pieces cannot fault half-way. */
export function probe(cpu: FpuCpu, segment: number, offset: number, length: number): void { probeV(cpu, segment, offset, length); }
