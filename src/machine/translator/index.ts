import { BLOCK_HEAT, BLOCK_KEY, BLOCK_MODE, BLOCK_UNIT, UNIT_SLOT, UNIT_SLOT_BITS } from '../engine/entry.ts';
import type { Handlers } from '../engine/handlers.ts';
import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { UnitModules, type UnitFunction } from './modules.ts';
import { HUB, RegionFinder } from './region.ts';
import { writeUnit } from './unit.ts';

/** Executions by the interpreter after which a block is translated, unless told otherwise. */
export const HOT = 2000;
/** So often units that begin at one place may be lost to writes, soon after they were made, before it is left to the interpreter. */
const MAX_LOSSES = 4;
/** A unit that has lived for so many instructions was worth making. */
const WORTH = 20_000_000;
/** Functions of so many bytes may be had at a time; those that have not run for a while go first. */
const MAX_BYTES = 6 << 20;
/** Units that become hot while so few instructions retire are made together, or once so many blocks have become hot; the first ones, of a program that has only few, need not wait so long. */
const TOGETHER = 300_000;
const TOGETHER_BY_MADE = 5000;
const MOST_TOGETHER = 16;
/** A unit that is called so many times as often as makes a block hot is made again, with what else has a unit by then: by generation. Large functions cost the engine much, so that only few are worth it. */
const CALLS_UNTIL_AGAIN = [50];
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
  /** How often others were made in its place before it. */
  readonly generation: number;
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
  readonly #hot: number;
  readonly #modules: UnitModules;
  readonly #handlers: Handlers;
  readonly #finder: RegionFinder;
  readonly #units = new Map<number, Set<Unit>>();
  readonly #bySlot = new Map<number, Unit>();
  readonly #losses = new Map<number, number>();
  readonly #free: number[] = [];
  #refused = false;
  /** Hot, but not made yet. */
  #waiting: Unit[] = [];
  /** How many blocks have become hot since functions were made. */
  #asked = 0;
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
    this.#hot = hot;
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

  /**
   * Translates the region that begins with a block, which is at EIP; where it cannot, the interpreter goes on, or the unit that begins there already and is called too often
   * for its size.
   */
  translate(block: number): void {
    if (this.#refused || (this.#losses.get(this.#place(block)) ?? 0) >= MAX_LOSSES) return;
    const before = this.#unitOf(block);
    if (before === undefined && this.#waiting.some(({ blocks }) => blocks.includes(block))) {
      // The blocks of a loop become hot one behind the other. Where the function that waits does not take this one along, it comes again, but not at once.
      this.#cpu.state.u32[(block + BLOCK_HEAT) >> 2] = this.#hot - 1 - Math.max(1, this.#hot >> 1);
      this.#asked++;
      this.makeDue();
      return;
    }
    const generation = before === undefined ? 0 : before.generation + 1;
    // One that waits will take its place.
    if (before !== undefined && this.#waiting.some((unit) => unit.generation >= generation && unit.ways.some((way) => way.block === block)))
      return;
    const region = this.#finder.region(block, before !== undefined);
    if (!region) return;
    const blocks = region.nodes.filter((node) => node.start !== HUB).map((node) => node.block);
    // Nothing has come into reach since.
    if (before !== undefined && blocks.length <= before.blocks.length) return;
    const { instructions } = this.#cpu.state;
    const slot = this.#free.pop() ?? this.#handlers.slot();
    const code = writeUnit(this.#cpu, region, slot, this.#hot * (CALLS_UNTIL_AGAIN[generation] ?? 0), (name) => this.#modules.import(name));
    const unit: Unit = {
      slot,
      body: Uint8Array.from(code.encode()),
      gone: false,
      head: block,
      ways: region.entries,
      blocks,
      since: instructions,
      generation,
    };
    this.#bySlot.set(slot, unit);
    for (const member of unit.blocks) {
      const units = this.#units.get(member);
      if (units) units.add(unit);
      else this.#units.set(member, new Set([unit]));
    }
    this.#waiting.push(unit);
    this.#asked++;
    this.#bytes += unit.body.length;
    this.#cpu.state.u32[(L.UNIT_CALLS >> 2) + slot] = 1;
    this.#cpu.state.u32[L.BLOCKS_A_CALL >> 2] = BLOCKS_WHILE_WAITING;
    this.makeDue();
  }

  /** Makes the functions that wait for it, where they are many or have waited long enough. */
  makeDue(): void {
    if (this.#waiting.length === 0) return;
    const { instructions } = this.#cpu.state;
    const wait = Math.min(TOGETHER, this.made * TOGETHER_BY_MADE);
    if (this.#asked < MOST_TOGETHER && Math.abs(instructions - this.#madeAt) < wait) return;
    this.#madeAt = instructions;
    if (this.#bytes > MAX_BYTES) this.#evict();
    const units = this.#waiting;
    this.#waiting = [];
    this.#asked = 0;
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
        const owner = this.#unitOf(block);
        if (n > 0 && owner !== undefined && owner.generation >= unit.generation) return;
        u32[(block + BLOCK_UNIT) >> 2] = unit.slot | (n << UNIT_SLOT_BITS);
        u32[(block + BLOCK_HEAT) >> 2] = start;
        if (owner?.ways.every((way) => this.#unitOf(way.block) !== owner)) this.#remove(owner);
      });
    }
  }

  /** The unit that begins with a block. */
  #unitOf(block: number): Unit | undefined {
    return this.#bySlot.get(this.#cpu.state.u32[(block + BLOCK_UNIT) >> 2] & UNIT_SLOT);
  }

  /** Takes away what has not run since the last time. */
  #evict(): void {
    const { u32 } = this.#cpu.state;
    for (const unit of [...this.#bySlot.values()]) {
      const calls = (L.UNIT_CALLS >> 2) + unit.slot;
      if (u32[calls] === 0) this.#remove(unit);
      u32[calls] = 0;
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
    this.#bySlot.delete(unit.slot);
    this.#handlers.table.set(unit.slot, null);
    this.#free.push(unit.slot);
  }

  /** Tells where executions are to be counted, by physical address; it may be told before anything has run. */
  countOnly(where: (physical: number) => boolean): void {
    this.#finder.counted = where;
  }

  /** All blocks are no more. */
  clear(): void {
    for (const units of [...this.#units.values()]) for (const unit of [...units]) this.#remove(unit);
    this.#modules.clear();
  }
}
