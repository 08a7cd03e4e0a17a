import type { CpuState } from '../state.ts';
import { RAM, SEG_BASE } from '../layout.ts';

/** The part of the CPU that the floating-point unit works on. */
export interface FpuCpu {
  readonly state: CpuState;
}

/** Raises a fault without an error code. */
export function raise(cpu: FpuCpu, vector: number): never {
  void cpu;
  throw new Error('fault ' + vector);
}

function at(cpu: FpuCpu, segment: number, offset: number): number {
  return RAM + ((cpu.state.segment(segment, SEG_BASE) + offset) >>> 0);
}
/** Reads 16 bits. */
export function read16(cpu: FpuCpu, segment: number, offset: number): number { return cpu.state.view.getUint16(at(cpu, segment, offset), true); }
/** Reads 32 bits as an i32. */
export function read32(cpu: FpuCpu, segment: number, offset: number): number { return cpu.state.view.getInt32(at(cpu, segment, offset), true); }
/** Writes 16 bits. */
export function write16(cpu: FpuCpu, segment: number, offset: number, value: number): void { cpu.state.view.setUint16(at(cpu, segment, offset), value, true); }
/** Writes 32 bits. */
export function write32(cpu: FpuCpu, segment: number, offset: number, value: number): void { cpu.state.view.setInt32(at(cpu, segment, offset), value, true); }
/** Makes sure that a write of `length` bytes cannot fault half-way. */
export function probe(cpu: FpuCpu, segment: number, offset: number, length: number): void { void cpu; void segment; void offset; void length; }
