import { BLOCK_HEAT, BLOCK_KEY, BLOCK_MODE, BLOCK_UNIT, UNIT_SLOT, UNIT_SLOT_BITS } from '../engine/entry.ts';
import type { Handlers } from '../engine/handlers.ts';
import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { UnitModules, type UnitFunction } from './modules.ts';
import { HUB, RegionFinder } from './region.ts';
import { writeUnit } from './unit.ts';

/** Executions by the interpreter after which a block is translated, unless told otherwise. */
export const HOT = 4000;
/** So often units that begin at one place may be lost to writes, soon after they were made, before it is left to the interpreter. */
const MAX_LOSSES = 4;
/** A unit that has lived for so many instructions was worth making. */
const WORTH = 20_000_000;
/** Functions of so many bytes may be had at a time; those that have not run for a while go first. */
const MAX_BYTES = 6 << 20;
/** Units that become hot while so few instructions retire are made together, at most so many. */
const TOGETHER = 300_000;
const MOST_TOGETHER = 16;
/** Blocks and units that run before the loop comes back: see {@link L.BLOCKS_A_CALL}; and while units wait to be made. */
const BLOCKS_A_CALL = 100_000;
const BLOCKS_WHILE_WAITING = 500;

interface Unit extends UnitFunction {
  /** The block that became hot; it and others with which the unit may begin, with their distances from it. */
  readonly head: number;
  readonly ways: readonly { readonly block: number; readonly start: number }[];
  readonly blocks: readonly number[];
  /** Count of instructions when it was made. */
  readonly since: number;
  gone: boolean;
}

/**
 * The second back end: hot regions of decoded blocks become functions of their own, in the same table and over the same memory as the
 * interpreter's handlers. The run loop finds them through the header of the block that they begin with.
 *
 * When a function is made, and in which module it lies, changes nothing but speed.
 */
export class Translator {
  readonly #cpu: Cpu;
  readonly #modules: UnitModules;
  readonly #handlers: Handlers;
  readonly #finder: RegionFinder;
  readonly #units = new Map<number, Set<Unit>>();
  readonly #losses = new Map<number, number>();
  readonly #free: number[] = [];
  #refused = false;
  /** Hot, but not made yet. */
  #waiting: Unit[] = [];
  #madeAt = -Infinity;
  #bytes = 0;
  /** Units made since the start. */
  made = 0;

  /**
   * @param hot executions after which blocks come
   * @param find the decoded block at a memory offset under a mode, or 0
   */
  constructor(cpu: Cpu, handlers: Handlers, hot: number, find: (offset: number, mode: number) => number) {
    this.#cpu = cpu;
    this.#handlers = handlers;
    this.#modules = new UnitModules(handlers);
    const begins = (block: number): boolean =>
      cpu.state.u32[(block + BLOCK_UNIT) >> 2] !== 0 || this.#waiting.some(({ ways }) => ways.some((way) => way.block === block));
    this.#finder = new RegionFinder(cpu, handlers, hot >> 5, find, begins);
    cpu.state.u32[L.BLOCKS_A_CALL >> 2] = BLOCKS_A_CALL;
  }

  #place(block: number): number {
    const { u32 } = this.#cpu.state;
    return u32[(block + BLOCK_KEY) >> 2] * 32 + u32[(block + BLOCK_MODE) >> 2];
  }

  /** Translates the region that begins with a block, which is at EIP; where it cannot, the interpreter goes on. */
  translate(block: number): void {
    if (this.#refused || (this.#losses.get(this.#place(block)) ?? 0) >= MAX_LOSSES) return;
    const region = this.#finder.region(block);
    if (!region) return;
    const { instructions } = this.#cpu.state;
    const slot = this.#free.pop() ?? this.#handlers.slot();
    const code = writeUnit(this.#cpu, region, slot, (name) => this.#modules.import(name));
    const blocks = region.nodes.filter((node) => node.start !== HUB).map((node) => node.block);
    const unit: Unit = {
      slot,
      body: Uint8Array.from(code.encode()),
      gone: false,
      head: block,
      ways: region.entries,
      blocks,
      since: instructions,
    };
    for (const member of unit.blocks) {
      const units = this.#units.get(member);
      if (units) units.add(unit);
      else this.#units.set(member, new Set([unit]));
    }
    this.#waiting.push(unit);
    this.#bytes += unit.body.length;
    this.#cpu.state.u8[L.UNIT_USED + slot] = 1;
    this.#cpu.state.u32[L.BLOCKS_A_CALL >> 2] = BLOCKS_WHILE_WAITING;
    this.makeDue();
  }

  /** Makes the functions that wait for it, where they are many or have waited long enough. */
  makeDue(): void {
    if (this.#waiting.length === 0) return;
    const { instructions } = this.#cpu.state;
    if (this.#waiting.length < MOST_TOGETHER && Math.abs(instructions - this.#madeAt) < TOGETHER) return;
    this.#madeAt = instructions;
    if (this.#bytes > MAX_BYTES) this.#evict();
    const units = this.#waiting;
    this.#waiting = [];
    this.#make(units);
  }

  #make(units: readonly Unit[]): void {
    const { u32 } = this.#cpu.state;
    u32[L.BLOCKS_A_CALL >> 2] = BLOCKS_A_CALL;
    try {
      this.#modules.make(units);
    } catch (thrown) {
      if (!(thrown instanceof WebAssembly.CompileError || thrown instanceof RangeError)) throw thrown;
      // The engine does not want more code: the interpreter serves.
      this.#refused = true;
      for (const unit of units) this.#remove(unit);
      return;
    }
    for (const unit of units) {
      this.made++;
      unit.ways.forEach(({ block, start }, n) => {
        if (n > 0 && u32[(block + BLOCK_UNIT) >> 2] !== 0) return;
        u32[(block + BLOCK_UNIT) >> 2] = unit.slot | (n << UNIT_SLOT_BITS);
        u32[(block + BLOCK_HEAT) >> 2] = start;
      });
    }
  }

  /** Takes away what has not run since the last time. */
  #evict(): void {
    const { u8 } = this.#cpu.state;
    const units = new Set([...this.#units.values()].flatMap((set) => [...set]));
    for (const unit of units) {
      if (u8[L.UNIT_USED + unit.slot] === 0) this.#remove(unit);
      u8[L.UNIT_USED + unit.slot] = 0;
    }
  }

  /**
   * A block is no more: units with it go, and the one that is running leaves after its instruction.
   * @param lost to a write: what begins there may have to be left to the interpreter
   */
  drop(block: number, lost = true): void {
    const units = this.#units.get(block);
    if (!units) return;
    for (const unit of units) {
      if (lost) this.#lose(unit);
      this.#remove(unit);
    }
  }

  #lose(unit: Unit): void {
    const place = this.#place(unit.head);
    if (Math.abs(this.#cpu.state.instructions - unit.since) > WORTH) this.#losses.delete(place);
    else this.#losses.set(place, (this.#losses.get(place) ?? 0) + 1);
  }

  #remove(unit: Unit): void {
    const { u32 } = this.#cpu.state;
    unit.gone = true;
    this.#bytes -= unit.body.length;
    this.#waiting = this.#waiting.filter((other) => other !== unit);
    for (const { block } of unit.ways) {
      if ((u32[(block + BLOCK_UNIT) >> 2] & UNIT_SLOT) !== unit.slot) continue;
      u32[(block + BLOCK_UNIT) >> 2] = 0;
      // It may become hot again.
      u32[(block + BLOCK_HEAT) >> 2] = 0;
    }
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
    this.#modules.clear();
  }
}
