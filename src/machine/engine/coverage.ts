import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { MARK_CODE } from '../memory/marks.ts';

/** Bytes of memory that one bit of the code bits stands for. */
const GRANULE = 128;

/** Which blocks were decoded from which bytes, and the marks and bits of the pages that hold such bytes. */
export class CodeCoverage {
  readonly #cpu: Cpu;
  /** Headers by memory offset / {@link GRANULE}: a block is in the list of each part of memory that has a byte of it. */
  readonly #byGranule = new Map<number, number[]>();

  /** Pages that have lost a block: the next one there is decoded from other bytes, perhaps. */
  readonly #changed = new Set<number>();

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
  }

  /** Marks bytes, which do not leave a page, as code, and lists the block with them. */
  cover(block: number, offset: number, length: number): void {
    if (offset < L.RAM) return;
    const page = (offset - L.RAM) >>> 12;
    const bits = this.#cpu.codeBits;
    const isNew = bits[page] === 0;
    if (isNew) this.#cpu.mark(page, MARK_CODE, true);
    for (let granule = Math.floor(offset / GRANULE); granule * GRANULE < offset + length; granule++) {
      bits[page] |= 1 << (granule & 31);
      const list = this.#byGranule.get(granule);
      if (list) list.push(block);
      else this.#byGranule.set(granule, [block]);
    }
    if (this.#changed.delete(page) || isNew) this.#cpu.onCode?.(page * 4096);
  }

  /** The opposite of {@link cover}. */
  uncover(block: number, offset: number, length: number): void {
    if (offset < L.RAM) return;
    const page = (offset - L.RAM) >>> 12;
    const bits = this.#cpu.codeBits;
    this.#changed.add(page);
    for (let granule = Math.floor(offset / GRANULE); granule * GRANULE < offset + length; granule++) {
      const list = this.#byGranule.get(granule);
      if (!list) continue;
      list.splice(list.indexOf(block), 1);
      if (list.length > 0) continue;
      this.#byGranule.delete(granule);
      bits[page] &= ~(1 << (granule & 31));
    }
    if (bits[page] === 0) this.#cpu.mark(page, MARK_CODE, false);
  }

  /** Blocks with bytes near those from one memory offset up to another, for which `hit` holds. */
  near(from: number, to: number, hit: (block: number) => boolean): number[] {
    const found: number[] = [];
    for (let granule = Math.floor(from / GRANULE); granule * GRANULE < to; granule++) {
      for (const block of this.#byGranule.get(granule) ?? []) if (hit(block) && !found.includes(block)) found.push(block);
    }
    return found;
  }

  clear(): void {
    for (const granule of this.#byGranule.keys()) {
      const page = Math.floor((granule * GRANULE - L.RAM) / 4096);
      if (this.#cpu.codeBits[page] === 0) continue;
      this.#cpu.codeBits[page] = 0;
      this.#cpu.mark(page, MARK_CODE, false);
    }
    this.#byGranule.clear();
  }
}
