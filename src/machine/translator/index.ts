import { BLOCK_HEAT, BLOCK_KEY, BLOCK_MODE, BLOCK_UNIT } from '../engine/entry.ts';
import { HELPER_TYPES, type Handlers } from '../engine/handlers.ts';
import { I32, ModuleWriter } from '../wasm/encoder.ts';
import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { RegionFinder } from './region.ts';
import { writeUnit } from './unit.ts';

/** Executions by the interpreter after which a block is translated, unless told otherwise. */
export const HOT = 4000;
/** So often units that begin at one place may be lost to writes before it is left to the interpreter. */
const MAX_LOSSES = 4;
/** More units than this are not made: engines hold a thousand small modules well, not any number. */
const MAX_UNITS = 1500;
/** So many units may be made at once, and one more for so many instructions retired, times the executions that make a block hot: translating must not cost more than it can win. */
const UNITS_AT_ONCE = 64;
const INSTRUCTIONS_A_UNIT = 500;

interface Unit {
  readonly slot: number;
  readonly head: number;
  readonly blocks: readonly number[];
}

/**
 * The second back end: hot regions of decoded blocks become functions of their own, in the same table and over the same memory as the
 * interpreter's handlers. The run loop finds them through the header of the block that they begin with.
 */
export class Translator {
  readonly #cpu: Cpu;
  readonly #handlers: Handlers;
  readonly #finder: RegionFinder;
  readonly #hot: number;
  readonly #units = new Map<number, Set<Unit>>();
  readonly #losses = new Map<number, number>();
  readonly #free: number[] = [];
  #refused = false;
  #live = 0;
  /** Units that may be made now, and the count of instructions when that was reckoned. */
  #credit = UNITS_AT_ONCE;
  #creditedAt = 0;
  /** Units made since the start. */
  made = 0;

  /**
   * @param hot executions after which blocks come
   * @param find the decoded block at a memory offset under a mode, or 0
   */
  constructor(cpu: Cpu, handlers: Handlers, hot: number, find: (offset: number, mode: number) => number) {
    this.#cpu = cpu;
    this.#handlers = handlers;
    this.#hot = hot;
    this.#finder = new RegionFinder(cpu, handlers, hot >> 5, find);
  }

  #place(block: number): number {
    const { u32 } = this.#cpu.state;
    return u32[(block + BLOCK_KEY) >> 2] * 32 + u32[(block + BLOCK_MODE) >> 2];
  }

  /** Translates the region that begins with a block, which is at EIP; where it cannot, the interpreter goes on. */
  translate(block: number): void {
    if (this.#refused || (this.#losses.get(this.#place(block)) ?? 0) >= MAX_LOSSES) return;
    if (this.#live >= MAX_UNITS) return;
    const { u32, instructions } = this.#cpu.state;
    // The count may have gone back to a snapshot's.
    this.#credit = Math.min(UNITS_AT_ONCE, this.#credit + Math.max(0, instructions - this.#creditedAt) / (INSTRUCTIONS_A_UNIT * this.#hot));
    this.#creditedAt = instructions;
    if (this.#credit < 1) {
      u32[(block + BLOCK_HEAT) >> 2] = 0;
      return;
    }
    const region = this.#finder.region(block);
    if (!region) return;
    const module = new ModuleWriter();
    const type = module.type([I32, I32], I32);
    const code = writeUnit(this.#cpu, region, (name) => module.import(name, module.type(...(HELPER_TYPES[name] ?? [[I32, I32], I32]))));
    const slot = this.#free.pop() ?? this.#handlers.slot();
    module.add(type, code, String(slot));
    try {
      this.#handlers.instantiate(module);
    } catch (thrown) {
      if (!(thrown instanceof WebAssembly.CompileError || thrown instanceof RangeError)) throw thrown;
      // The engine does not want more code: the interpreter serves.
      this.#refused = true;
      return;
    }
    this.#credit--;
    this.made++;
    this.#live++;
    const unit: Unit = { slot, head: block, blocks: region.nodes.map((node) => node.block) };
    for (const member of unit.blocks) {
      const units = this.#units.get(member);
      if (units) units.add(unit);
      else this.#units.set(member, new Set([unit]));
    }
    this.#cpu.state.u32[(block + BLOCK_UNIT) >> 2] = slot;
  }

  /**
   * A block is no more: units with it go, and the one that is running leaves after its instruction.
   * @param lost to a write: what begins there may have to be left to the interpreter
   */
  drop(block: number, lost = true): void {
    const units = this.#units.get(block);
    if (!units) return;
    for (const unit of units) {
      const place = this.#place(unit.head);
      if (lost) this.#losses.set(place, (this.#losses.get(place) ?? 0) + 1);
      this.#remove(unit);
    }
  }

  #remove(unit: Unit): void {
    const { u32 } = this.#cpu.state;
    this.#live--;
    u32[(unit.head + BLOCK_UNIT) >> 2] = 0;
    // It may become hot again.
    u32[(unit.head + BLOCK_HEAT) >> 2] = 0;
    u32[L.CODE_PAGE >> 2] = 1;
    for (const member of unit.blocks) {
      const units = this.#units.get(member);
      units?.delete(unit);
      if (units?.size === 0) this.#units.delete(member);
    }
    this.#handlers.table.set(unit.slot, null);
    this.#free.push(unit.slot);
  }

  /** All blocks are no more. */
  clear(): void {
    for (const units of [...this.#units.values()]) for (const unit of [...units]) this.#remove(unit);
  }
}
