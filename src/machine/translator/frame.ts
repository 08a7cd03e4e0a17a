import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { BLOCK_HEAT, BLOCK_UNIT, ENTRY_BYTES, ENTRY_NEXT, UNIT_SLOT_BITS } from '../engine/entry.ts';
import { EXIT_HOT, JUMPED, REFUSED } from '../wasm/status.ts';
import { Code, I32 } from '../wasm/encoder.ts';
import { LocalPool } from '../wasm/lower.ts';
import type { FlagLocals } from './flags.ts';
import { HUB, type Node, type Region, type UnitInstruction } from './region.ts';

/** The function's parameters: the block it begins with; EIP there, and from then on EIP at the region's start. */
const BLOCK = 0;
export const EIP = 1;
/** Instructions after which a unit comes back to the run loop, so that the engine can replace it by better code. */
const INSTRUCTIONS_A_CALL = 200_000;

/** See {@link UnitFrame.left}. */
export const STALE_BIT = -0x80000000;

/**
 * The function of a unit, `(block, eip) -> status`: its locals, how it begins, and the ways out of it.
 *
 * General registers and lazy flags are locals from the entry to an exit. A fault, or code that has been written, leaves within a block as the interpreter does:
 * through LEFT_BLOCK.
 */
export class UnitFrame {
  readonly code = new Code(2);
  readonly region: Region;
  readonly registers: readonly number[];
  readonly flags: FlagLocals;
  /**
   * What is left of the budget, and what of it there was when instructions were last counted. The former has its sign bit set, {@link STALE_BIT}, when code may have been written or its
   * page been forgotten: no block's instructions are covered then.
   */
  readonly left: number;
  readonly begun: number;
  /** EIP on the way out; and its distance from the region's start. */
  readonly exitEip: number;
  readonly exitStart: number;
  readonly pool: LocalPool;
  /** What code is being written for. */
  node: Node;
  instruction: UnitInstruction;
  readonly #cpu: Cpu;
  /** Its place in the table. */
  readonly slot: number;
  /** Which way in is to be taken, by the hub. */
  readonly way: number;
  /** Where it leaves: the entry, a multiple of its size, and the status; 0: at a block's end. */
  readonly #leftEntry: number;
  /** See {@link writeUnit}. */
  readonly #again: number;
  /** Depth of the block whose end is the epilogue. */
  #tail = 0;

  constructor(cpu: Cpu, region: Region, slot: number, again: number) {
    this.#again = Math.ceil(again);
    this.#cpu = cpu;
    this.slot = slot;
    this.region = region;
    const { code } = this;
    this.registers = Array.from({ length: 8 }, () => code.local(I32));
    this.flags = { op: code.local(I32), result: code.local(I32), source: code.local(I32), carry: code.local(I32), left: code.local(I32) };
    this.left = code.local(I32);
    this.begun = code.local(I32);
    this.exitEip = code.local(I32);
    this.exitStart = code.local(I32);
    this.#leftEntry = code.local(I32);
    this.way = code.local(I32);
    this.pool = new LocalPool(code);
    this.node = region.entries[0];
    this.instruction = this.node.instructions[0];
  }

  /** Refuses where the budget does not cover every first node; brings registers and flags into locals. */
  begin(): void {
    const { code } = this;
    // What is left of the budget, at most so much.
    code
      .i32(INSTRUCTIONS_A_CALL)
      .i32(0)
      .memory('i32.load', L.LEFT)
      .tee(this.left)
      .get(this.left)
      .i32(INSTRUCTIONS_A_CALL)
      .op('i32.gt_s')
      .op('select')
      .set(this.left);
    const longest = this.region.entries.reduce((most, { instructions }) => Math.max(most, instructions.length), 0);
    code.get(this.left).tee(this.begun).i32(longest).op('i32.lt_s').if().i32(REFUSED).return().end();
    const calls = L.UNIT_CALLS + this.slot * 4;
    code.i32(0).i32(0).memory('i32.load', calls).i32(1).op('i32.add').tee(this.exitEip).memory('i32.store', calls);
    if (this.#again > 0) {
      code.get(this.exitEip).i32(this.#again).op('i32.eq').if();
      code.i32(0).get(BLOCK).memory('i32.store', L.BLOCK);
      code.i32(EXIT_HOT).return().end();
    }
    if (this.hasHub) this.enterBy(BLOCK, EIP);
    this.loadRegisters();
    code.block();
    this.#tail = code.depth;
  }

  /** Where every way out comes together. */
  end(): void {
    const { code } = this;
    code.end();
    this.storeRegisters();
    code.i32(0).get(EIP).get(this.exitStart).op('i32.add').tee(this.exitEip).memory('i32.store', L.EIP);
    code
      .i32(0)
      .i32(0)
      .memory('i32.load', L.LEFT)
      .get(this.begun)
      .op('i32.sub')
      .get(this.left)
      .i32(~STALE_BIT)
      .op('i32.and')
      .op('i32.add')
      .memory('i32.store', L.LEFT);
    code.get(this.#leftEntry).op('i32.eqz').if().i32(JUMPED).return().end();
    code.i32(0).get(this.#leftEntry).i32(-ENTRY_BYTES).op('i32.and').memory('i32.store', L.LEFT_ENTRY);
    code.i32(0).get(this.exitEip).memory('i32.store', L.BLOCK_EIP);
    code
      .get(this.#leftEntry)
      .i32(ENTRY_BYTES - 1)
      .op('i32.and');
  }

  /** Whether there are several ways in. */
  get hasHub(): boolean {
    return this.region.nodes[0].start === HUB;
  }
  /** Takes the way and the region's start from a block that is one of the ways in. @param eip local with its EIP */
  enterBy(block: number, eip: number): void {
    const { code } = this;
    code.get(block).memory('i32.load', BLOCK_UNIT).i32(UNIT_SLOT_BITS).op('i32.shr_u').set(this.way);
    code.get(eip).get(block).memory('i32.load', BLOCK_HEAT).op('i32.sub').set(EIP);
  }

  loadRegisters(): void {
    const { op, result, source, carry } = this.flags;
    for (const n of this.region.used)
      this.code
        .i32(0)
        .memory('i32.load', L.GPR + n * 4)
        .set(this.registers[n]);
    this.code.i32(0).memory('i32.load', L.FLAGS_OP).set(op).i32(0).memory('i32.load', L.FLAGS_RESULT).set(result);
    this.code.i32(0).memory('i32.load', L.FLAGS_SOURCE).set(source).i32(0).memory('i32.load', L.FLAGS_CARRY).set(carry);
  }
  storeRegisters(): void {
    for (const n of this.region.written)
      this.code
        .i32(0)
        .get(this.registers[n])
        .memory('i32.store', L.GPR + n * 4);
    this.storeFlags();
  }
  storeFlags(): void {
    const { op, result, source, carry } = this.flags;
    this.code.i32(0).get(op).memory('i32.store', L.FLAGS_OP).i32(0).get(result).memory('i32.store', L.FLAGS_RESULT);
    this.code.i32(0).get(source).memory('i32.store', L.FLAGS_SOURCE).i32(0).get(carry).memory('i32.store', L.FLAGS_CARRY);
  }

  /** Leaves at a block's end, for a distance from the region's start. */
  exit(start: number): void {
    this.code
      .i32(start)
      .set(this.exitStart)
      .br(this.code.depth - this.#tail);
  }
  /** Leaves at a block's end, for what {@link exitEip} holds. */
  out(): void {
    this.code
      .get(this.exitEip)
      .get(EIP)
      .op('i32.sub')
      .set(this.exitStart)
      .br(this.code.depth - this.#tail);
  }
  /** Leaves within a block, before an entry; the run loop finds out which block that is, and gives back what of the budget it has not used. */
  leave(status: number, entry: number): void {
    const { code } = this;
    code.i32(entry | status).set(this.#leftEntry);
    this.exit(this.node.start);
  }

  /** Where the instruction after the present one begins: a distance from the region's start. */
  get next(): number {
    return this.node.start + this.u16(ENTRY_NEXT);
  }
  /** A field of the present instruction's entry. */
  u8(at: number): number {
    return this.#cpu.state.u8[this.instruction.entry + at];
  }
  u16(at: number): number {
    return this.#cpu.state.u16[(this.instruction.entry + at) >> 1];
  }
  i32(at: number): number {
    return this.#cpu.state.i32[(this.instruction.entry + at) >> 2];
  }
}
