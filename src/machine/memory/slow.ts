import * as L from '../state/layout.ts';
import type { Cpu } from './cpu.ts';
import { READ, WRITE, translate } from './mmu.ts';
import { misaligned } from './alignment.ts';
import { watch } from './watchpoints.ts';
import { AC } from '../state/fault.ts';

/**
 * What generated code calls where its TLB probe fails: pages not seen yet, accesses over a page's end, pages with decoded code in
 * them, faults. A fault is left in FAULT_VECTOR; the caller looks.
 */
export class SlowPaths {
  readonly #cpu: Cpu;
  /** The read-modify-write under way in {@link L.SCRATCH}: memory offsets of its two parts, bytes in the first, and in all. */
  #first = 0;
  #second = 0;
  #split = 0;
  #size = 0;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
  }

  /** Alignment and breakpoints; true after raising #AC(0). */
  #inspect(linear: number, size: number, write: boolean): boolean {
    const cpu = this.#cpu;
    if (misaligned(cpu, linear, size)) {
      cpu.state.u32[L.FAULT_VECTOR >> 2] = AC;
      cpu.state.u32[L.FAULT_ERROR >> 2] = 0;
      return true;
    }
    watch(cpu, linear, size, write);
    return false;
  }

  /** @returns the value, zero-extended, or anything after a fault */
  read(linear: number, size: number): number {
    const cpu = this.#cpu;
    const user = cpu.state.cpl === 3;
    linear >>>= 0;
    if (this.#inspect(linear, size, false)) return 0;
    if ((linear & 0xfff) + size <= 0x1000) {
      const offset = translate(cpu, linear, READ, user);
      if (offset < 0 || cpu.withholds(offset, size, false)) return 0;
      return size === 4 ? cpu.load32(offset) | 0 : size === 2 ? cpu.load16(offset) : cpu.load8(offset);
    }
    const split = 0x1000 - (linear & 0xfff);
    const first = translate(cpu, linear, READ, user);
    if (first < 0) return 0;
    const second = translate(cpu, (linear + split) >>> 0, READ, user);
    if (second < 0 || cpu.withholds(first, split, false) || cpu.withholds(second, size - split, false)) return 0;
    let value = 0;
    for (let i = 0; i < size; i++) value |= cpu.load8(i < split ? first + i : second + i - split) << (i * 8);
    return value;
  }

  write(linear: number, size: number, value: number): void {
    const cpu = this.#cpu;
    const user = cpu.state.cpl === 3;
    linear >>>= 0;
    if (this.#inspect(linear, size, true)) return;
    const first = translate(cpu, linear, WRITE, user);
    if (first < 0) return;
    if ((linear & 0xfff) + size <= 0x1000) {
      if (cpu.withholds(first, size, true)) return;
      if (size === 4) cpu.store32(first, value);
      else if (size === 2) cpu.store16(first, value);
      else cpu.store8(first, value);
      return;
    }
    const split = 0x1000 - (linear & 0xfff);
    const second = translate(cpu, (linear + split) >>> 0, WRITE, user);
    if (second < 0 || cpu.withholds(first, split, true) || cpu.withholds(second, size - split, true)) return;
    for (let i = 0; i < size; i++) cpu.store8(i < split ? first + i : second + i - split, (value >>> (i * 8)) & 0xff);
  }

  /** @returns a memory offset to read and write at; SCRATCH where {@link commit} must follow */
  access(linear: number, size: number): number {
    const cpu = this.#cpu;
    const user = cpu.state.cpl === 3;
    linear >>>= 0;
    if (this.#inspect(linear, size, true)) return 0;
    const first = translate(cpu, linear, WRITE, user);
    if (first < 0) return 0;
    const split = Math.min(size, 0x1000 - (linear & 0xfff));
    let second = 0;
    if (split < size) {
      second = translate(cpu, (linear + split) >>> 0, WRITE, user);
      if (second < 0) return 0;
    }
    // It reads, and then writes.
    for (const write of [false, true])
      if (cpu.withholds(first, split, write) || (split < size && cpu.withholds(second, size - split, write))) return 0;
    if (split === size && first >= L.RAM) {
      cpu.soil(first);
      if (cpu.marks[(first - L.RAM) >>> 12] === 0) return first;
    }
    this.#first = first;
    this.#second = second;
    this.#split = split;
    this.#size = size;
    const u8 = cpu.state.u8;
    for (let i = 0; i < size; i++) {
      const at = i < split ? first + i : second + i - split;
      // Where there is no memory, the open bus reads as ones.
      u8[L.SCRATCH + i] = at < L.RAM ? 0xff : u8[at];
    }
    return L.SCRATCH;
  }

  /** Puts the bytes of the read-modify-write where they belong. */
  commit(): void {
    const u8 = this.#cpu.state.u8;
    for (let i = 0; i < this.#size; i++) {
      this.#cpu.store8(i < this.#split ? this.#first + i : this.#second + i - this.#split, u8[L.SCRATCH + i]);
    }
  }
}
