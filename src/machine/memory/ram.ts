import * as L from '../state/layout.ts';
import type { Cpu } from './cpu.ts';

/**
 * Physical memory as TypeScript sees it. Every write tells the decoder; the TLB is not concerned: whoever edits live page tables
 * calls `flushTlb`. Addresses beyond the end read as ones and swallow writes, as on the bus.
 */
export class Ram {
  readonly #cpu: Cpu;
  readonly #view: DataView;
  /** All of it; writing through this view tells nobody. */
  readonly bytes: Uint8Array;
  /** In bytes. */
  readonly size: number;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    this.size = cpu.ramBytes;
    this.#view = new DataView(cpu.state.memory.buffer, L.RAM, cpu.ramBytes);
    this.bytes = new Uint8Array(cpu.state.memory.buffer, L.RAM, cpu.ramBytes);
  }

  /** Reads by physical address, little-endian, unsigned. @throws RangeError beyond the memory */
  read8(physical: number): number {
    this.#cpu.touches(L.RAM + physical, 1, false);
    return physical < this.size ? this.bytes[physical] : 0xff;
  }
  /** Two bytes, the low one first, at any address. */
  read16(physical: number): number {
    this.#cpu.touches(L.RAM + physical, 2, false);
    return physical + 2 <= this.size ? this.#view.getUint16(physical, true) : this.read8(physical) | (this.read8(physical + 1) << 8);
  }
  /** Four bytes, the lowest first, at any address; unsigned. */
  read32(physical: number): number {
    this.#cpu.touches(L.RAM + physical, 4, false);
    return physical + 4 <= this.size
      ? this.#view.getUint32(physical, true)
      : (this.read16(physical) | (this.read16(physical + 2) << 16)) >>> 0;
  }
  /** Writes by physical address, little-endian; code and translations made from it are forgotten. @throws RangeError beyond the memory */
  write8(physical: number, value: number): void {
    if (physical < this.size) this.#cpu.store8(L.RAM + physical, value);
  }
  /** Two bytes, the low one first, at any address. */
  write16(physical: number, value: number): void {
    if (physical + 2 > this.size || (physical & 0xfff) > 0xffe) this.#writeEach(physical, value, 2);
    else this.#cpu.store16(L.RAM + physical, value);
  }
  /** Four bytes, the lowest first, at any address. */
  write32(physical: number, value: number): void {
    if (physical + 4 > this.size || (physical & 0xfff) > 0xffc) this.#writeEach(physical, value, 4);
    else this.#cpu.store32(L.RAM + physical, value);
  }
  #writeEach(physical: number, value: number, size: number): void {
    for (let i = 0; i < size; i++) this.write8(physical + i, (value >>> (i * 8)) & 0xff);
  }

  /** A copy. @throws RangeError where the range leaves the memory */
  readBytes(physical: number, length: number): Uint8Array<ArrayBuffer> {
    this.#check(physical, length);
    this.#cpu.touches(L.RAM + physical, length, false);
    if (length > 64) return this.bytes.slice(physical, physical + length);
    // slice() asks for the species first, which takes longer than so few bytes.
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = this.bytes[physical + i];
    return copy;
  }
  /** Writes bytes. @throws RangeError where the range leaves the memory */
  writeBytes(physical: number, bytes: Uint8Array): void {
    this.#check(physical, bytes.length);
    this.bytes.set(bytes, physical);
    this.#wrote(physical, bytes.length);
  }
  /** Writes one byte so many times. @throws RangeError where the range leaves the memory */
  fill(physical: number, length: number, value: number): void {
    this.#check(physical, length);
    this.bytes.fill(value, physical, physical + length);
    this.#wrote(physical, length);
  }
  /** Copies; the ranges may overlap. @throws RangeError where a range leaves the memory */
  copy(to: number, from: number, length: number): void {
    this.#check(to, length);
    this.#check(from, length);
    this.bytes.copyWithin(to, from, from + length);
    this.#wrote(to, length);
  }

  #wrote(physical: number, length: number): void {
    if (length > 0) this.#cpu.changed(physical, length);
  }
  #check(physical: number, length: number): void {
    if (!(physical >= 0 && length >= 0 && physical + length <= this.size)) {
      throw new RangeError(`physical memory ${physical.toString(16)}+${length.toString(16)} of ${this.size.toString(16)}`);
    }
  }
}
