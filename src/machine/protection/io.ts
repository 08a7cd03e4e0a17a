import type { Cpu } from '../memory/cpu.ts';
import { GP, fault } from '../state/fault.ts';
import { readL16 } from '../memory/mmu.ts';
import * as L from '../state/layout.ts';
import { TSS32, TSS32_BUSY, systemType } from './descriptors.ts';
import { ioplOf } from './flag_rules.ts';

/** Offset of the I/O map's base in a 32-bit TSS. */
const IO_MAP_BASE = 102;

/**
 * The right to use ports: CPL ≤ IOPL, else a zero bit for each port in the TSS's bitmap (Intel SDM vol. 1, 19.5).
 * The processor reads two bytes of the bitmap always, so both must lie within the TSS.
 *
 * @throws #GP(0), #PF of the (supervisor) reads
 */
export function checkIo(cpu: Cpu, port: number, size: number): void {
  const s = cpu.state;
  if (s.cpl <= ioplOf(cpu)) return;
  const type = systemType(s.segment(L.TR, L.SEG_ATTR));
  const limit = s.segment(L.TR, L.SEG_LIMIT);
  if ((type !== TSS32 && type !== TSS32_BUSY) || limit < IO_MAP_BASE + 1) throw fault(GP, 0);
  const base = s.segment(L.TR, L.SEG_BASE);
  const at = readL16(cpu, (base + IO_MAP_BASE) >>> 0) + ((port & 0xffff) >> 3);
  if (at + 1 > limit) throw fault(GP, 0);
  const bits = readL16(cpu, (base + at) >>> 0) >> (port & 7);
  if ((bits & ((1 << size) - 1)) !== 0) throw fault(GP, 0);
}

/** IN. @returns the value, zero-extended */
export function portIn(cpu: Cpu, port: number, size: number): number {
  checkIo(cpu, port, size);
  const value = cpu.ports.in(port & 0xffff, size);
  return size === 4 ? value >>> 0 : value & (size === 1 ? 0xff : 0xffff);
}

export function portOut8(cpu: Cpu, port: number, value: number): void {
  portOut(cpu, port, 1, value & 0xff);
}
export function portOut16(cpu: Cpu, port: number, value: number): void {
  portOut(cpu, port, 2, value & 0xffff);
}
export function portOut32(cpu: Cpu, port: number, value: number): void {
  portOut(cpu, port, 4, value >>> 0);
}

function portOut(cpu: Cpu, port: number, size: number, value: number): void {
  checkIo(cpu, port, size);
  cpu.ports.out(port & 0xffff, size, value);
}
