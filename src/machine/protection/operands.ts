import type { Cpu } from '../memory/cpu.ts';
import { AC, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { misaligned } from '../memory/alignment.ts';
import { probeWrite, readAt16, readAt32, readAt8, writeAt16, writeAt32, writeAt8 } from '../memory/mmu.ts';
import { watch } from '../memory/watchpoints.ts';
import { checkSegment } from './segments.ts';

/** Operands in memory, as helpers read and write them: by segment and offset, with every check of a program's access. */

/** The program's own accesses, by segment and offset, at the CPL. @throws #GP(0), #SS(0), #PF */
export function readV8(cpu: Cpu, segment: number, offset: number): number {
  return readAt8(cpu, readable(cpu, segment, offset, 1), cpu.state.cpl === 3);
}
export function readV16(cpu: Cpu, segment: number, offset: number): number {
  return readAt16(cpu, readable(cpu, segment, offset, 2), cpu.state.cpl === 3);
}
export function readV32(cpu: Cpu, segment: number, offset: number): number {
  return readAt32(cpu, readable(cpu, segment, offset, 4), cpu.state.cpl === 3);
}
export function writeV8(cpu: Cpu, segment: number, offset: number, value: number): void {
  writeAt8(cpu, writable(cpu, segment, offset, 1), value, cpu.state.cpl === 3);
}
export function writeV16(cpu: Cpu, segment: number, offset: number, value: number): void {
  writeAt16(cpu, writable(cpu, segment, offset, 2), value, cpu.state.cpl === 3);
}
export function writeV32(cpu: Cpu, segment: number, offset: number, value: number): void {
  writeAt32(cpu, writable(cpu, segment, offset, 4), value, cpu.state.cpl === 3);
}

function readable(cpu: Cpu, segment: number, offset: number, size: number): number {
  const linear = cpu.state.segment(segment, L.SEG_FLAT_READ) !== 0 ? offset >>> 0 : checkSegment(cpu, segment, offset >>> 0, size, false);
  if (misaligned(cpu, linear, size)) throw fault(AC, 0);
  watch(cpu, linear, size, false);
  return linear;
}
function writable(cpu: Cpu, segment: number, offset: number, size: number): number {
  const linear = cpu.state.segment(segment, L.SEG_FLAT_WRITE) !== 0 ? offset >>> 0 : checkSegment(cpu, segment, offset >>> 0, size, true);
  if (misaligned(cpu, linear, size)) throw fault(AC, 0);
  watch(cpu, linear, size, true);
  return linear;
}

/** Checks that the program could write `size` bytes. @throws #GP(0), #SS(0), #PF */
export function probeV(cpu: Cpu, segment: number, offset: number, size: number): void {
  probeWrite(cpu, writable(cpu, segment, offset, size), size, cpu.state.cpl === 3);
}
