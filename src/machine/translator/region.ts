import * as L from '../state/layout.ts';
import {
  BLOCK_COUNT,
  BLOCK_CROSSES,
  BLOCK_FLAGS,
  BLOCK_HEAT,
  BLOCK_KEY,
  BLOCK_LENGTH,
  BLOCK_MODE,
  BLOCK_SECOND,
  ENTRY_BASE,
  ENTRY_BYTES,
  ENTRY_DISP,
  ENTRY_HANDLER,
  ENTRY_IMM,
  ENTRY_INDEX,
  ENTRY_NEXT,
  ENTRY_REG,
  ENTRY_RM,
} from '../engine/entry.ts';
import type { Cpu } from '../memory/cpu.ts';
import type { Handlers } from '../engine/handlers.ts';
import type { Variant } from '../engine/entry_binding.ts';
import type { Definition, Register, Statement } from '../ir/nodes.ts';
import { build } from '../semantics/index.ts';
import { EXECUTE, READ } from '../memory/tlb.ts';
import { arrange, arrangeWays, type FlowNode } from './dominators.ts';

/** One decoded instruction and its micro-operations. */
export interface UnitInstruction {
  /** Address of the decoded entry. */
  readonly entry: number;
  readonly variant: Variant;
  readonly definition: Definition;
  /** It stores to memory or calls a helper: code may have been written. */
  readonly stores: boolean;
  /** Its helper needs the exact count of instructions. */
  readonly exact: boolean;
  /** Its helper ends it: EIP and modes are what the helper left. */
  readonly ends: boolean;
  /** It ends, but mostly goes on behind itself under the same mode (`mild` of the opcode table). */
  readonly mild: boolean;
}

/** A basic block of a region. EIPs are distances from the region's first instruction. */
export interface Node extends FlowNode<Node> {
  readonly block: number;
  /** Memory offset of its first byte. */
  readonly offset: number;
  readonly start: number;
  /** Of an instruction that crosses a page's end: memory offset of the second page, else 0. */
  readonly second: number;
  readonly instructions: readonly UnitInstruction[];
  /** Somebody may want to know how often it ran. */
  readonly counted: boolean;
  /** Where it may go on within the code that is known; of a RET, return addresses are guessed. */
  successors: readonly number[];
  /** It ends with a jump whose target is only known when it runs: a near return, or through a table. Its successors are guesses. */
  readonly guesses: boolean;
  /** It ends with a near return. */
  readonly returns: boolean;
}

/** Start of the node that only leads to the ways in: no distance in code. */
export const HUB = 0.5;

/** Code that becomes one function. */
export interface Region {
  /** The mode it was decoded under, see {@link L.MODE}. */
  readonly mode: number;
  /** In reverse postorder; the {@link HUB} first where there are several ways in, and the only one otherwise. */
  readonly nodes: readonly Node[];
  /** Where it may begin; first the block that became hot. */
  readonly entries: readonly Node[];
  readonly byStart: ReadonlyMap<number, Node>;
  /** Numbers of the general registers read or written, and of those written. */
  readonly used: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
}

/** Entries of a jump table that are looked at, and how far they may lead. */
const MAX_TABLE = 64;
const MAX_REACH = 0x10000;
/** Room of a region, in blocks and instructions: an engine needs for a function twice as long much more than twice the time. */
const ROOM = { nodes: 32, instructions: 200 };
/** Of a region that absorbs others, as what is in it runs very often. */
const MORE_ROOM = { nodes: 160, instructions: 800 };
/** In a region that absorbs others, blocks that run less than once in 2 to this are left out. */
const RARE = 8;
/** Of a near return, so many return addresses are guessed. */
const MAX_GUESSES = 4;
/** Finds regions among decoded blocks. */
export class RegionFinder {
  readonly #cpu: Cpu;
  readonly #handlers: Handlers;
  readonly #find: (offset: number, mode: number) => number;

  readonly #warm: number;
  /** Where executions are counted, by physical address. */
  counted: (physical: number) => boolean = () => true;
  readonly #begins: (block: number) => boolean;

  /**
   * @param warm blocks that ran less often stay out
   * @param find the decoded block at a memory offset, or 0
   * @param begins whether a unit begins with a block
   */
  constructor(
    cpu: Cpu,
    handlers: Handlers,
    warm: number,
    find: (offset: number, mode: number) => number,
    begins: (block: number) => boolean,
  ) {
    this.#cpu = cpu;
    this.#handlers = handlers;
    this.#find = find;
    this.#warm = warm;
    this.#begins = begins;
  }

  /**
   * The region that begins with a block, which is at EIP; null where the block cannot be translated.
   * @param absorbs it may have what other units begin with
   */
  region(block: number, absorbs = false): Region | null {
    const { u32 } = this.#cpu.state;
    const eip = u32[L.EIP >> 2];
    const mode = u32[(block + BLOCK_MODE) >> 2];
    const first = this.#node(block, 0);
    if (!first) return null;
    const byStart = new Map<number, Node>([[0, first]]);
    const refused = new Set<number>();
    const queue = [first];
    const returnPoints = new Set<number>();
    const called = new Set<number>();
    const returning: Node[] = [];
    let instructions = first.instructions.length;
    const room = absorbs ? MORE_ROOM : ROOM;
    const common = Math.max(1, u32[(block + BLOCK_COUNT) >> 2] >>> RARE);
    const wanted = (at: number): boolean =>
      // What begins a unit already is left to it.
      absorbs ? u32[(at + BLOCK_COUNT) >> 2] >= common : !this.#begins(at) && this.#isWarm(at);
    const visit = (start: number): void => {
      if (byStart.has(start) || refused.has(start) || byStart.size >= room.nodes || instructions >= room.instructions) return;
      const at = this.#blockAt((eip + start) >>> 0, u32[(block + BLOCK_KEY) >> 2], eip, mode);
      const node = at !== 0 && wanted(at) ? this.#node(at, start) : null;
      if (!node) {
        refused.add(start);
        return;
      }
      byStart.set(start, node);
      instructions += node.instructions.length;
      queue.push(node);
    };
    for (let node = queue.shift(); node; node = queue.shift()) {
      if (node.guesses && !node.returns) node.successors = this.#tableTargets(node, eip);
      for (const start of node.successors) visit(start);
      if (node.returns) returning.push(node);
      const last = node.instructions[node.instructions.length - 1];
      const { form, operandSize } = last.variant.shape;
      if ((form.name === 'call' || form.name === 'callIndirect') && operandSize === 32) {
        for (const start of node.successors) called.add(start);
        returnPoints.add(this.#next(node, last));
        visit(this.#next(node, last));
      }
    }
    const points = [...returnPoints].filter((start) => byStart.has(start));
    for (const node of returning) node.successors = points.length <= MAX_GUESSES ? points : [];
    for (const node of byStart.values()) if (node.guesses) node.successors = node.successors.filter((start) => byStart.has(start));
    const starts = [...new Set([...points, ...called])].filter((start) => start !== 0 && byStart.has(start));
    const ways = [0, ...starts];
    const hub = starts.length > 0 ? this.#hub() : null;
    if (hub) byStart.set(HUB, hub);
    const nodes = hub ? arrangeWays(hub, ways, byStart) : arrange(first, byStart);
    const found = new Map(nodes.map((node) => [node.start, node]));
    const entries = ways.map((start) => found.get(start)).filter((node) => node !== undefined);
    const used = new Set<number>();
    const written = new Set<number>();
    for (const node of nodes) for (const instruction of node.instructions) this.#registers(instruction, used, written);
    return { mode, nodes, entries, byStart: found, used, written };
  }

  #isWarm(block: number): boolean {
    const { u32 } = this.#cpu.state;
    return u32[(block + BLOCK_COUNT) >> 2] >= this.#warm || u32[(block + BLOCK_HEAT) >> 2] >= this.#warm;
  }

  #hub(): Node {
    const hub: Omit<Node, 'dominator'> = {
      block: 0,
      offset: 0,
      start: HUB,
      second: 0,
      instructions: [],
      counted: false,
      successors: [],
      guesses: false,
      returns: false,
      order: -1,
      loops: false,
      entries: 0,
      ways: new Map(),
    };
    return Object.assign(hub, { dominator: hub as Node });
  }

  /** Where a jump through a table in memory may lead, by what stands in the table now. */
  #tableTargets(node: Node, eip: number): number[] {
    const { u16, u32, i32, cpl } = this.#cpu.state;
    const { entry, variant } = node.instructions[node.instructions.length - 1];
    if (
      !variant.flatOperand ||
      !variant.shape.memory ||
      u16[(entry + ENTRY_BASE) >> 1] !== L.ZERO ||
      u16[(entry + ENTRY_INDEX) >> 1] === L.ZERO
    )
      return [];
    const found = new Set<number>();
    for (let n = 0; n < MAX_TABLE; n++) {
      const at = (i32[(entry + ENTRY_DISP) >> 2] + n * 4) >>> 0;
      const offset = this.#cpu.tlb.lookup(at, READ, cpl === 3);
      if (offset < 0 || (at & 3) !== 0) break;
      const start = (u32[offset >> 2] - eip) | 0;
      if (Math.abs(start) > MAX_REACH) break;
      found.add(start);
    }
    return [...found];
  }

  #blockAt(linear: number, firstOffset: number, firstEip: number, mode: number): number {
    let offset = -1;
    if (((linear ^ firstEip) & 0xfffff000) === 0) offset = firstOffset + (linear - firstEip);
    else offset = this.#cpu.tlb.lookup(linear, EXECUTE, this.#cpu.state.cpl === 3);
    return offset < 0 ? 0 : this.#find(offset, mode);
  }

  #next(node: Node, instruction: UnitInstruction): number {
    return node.start + this.#cpu.state.u16[(instruction.entry + ENTRY_NEXT) >> 1];
  }

  #node(block: number, start: number): Node | null {
    const { u16, u32, i32 } = this.#cpu.state;
    const second = (u16[(block + BLOCK_FLAGS) >> 1] & BLOCK_CROSSES) !== 0 ? u32[(block + BLOCK_SECOND) >> 2] : 0;
    const instructions: UnitInstruction[] = [];
    let goesOn = true;
    const count = u16[(block + BLOCK_LENGTH) >> 1];
    for (let i = 1; i <= count; i++) {
      const entry = block + i * ENTRY_BYTES;
      const variant = this.#handlers.variant(u32[(entry + ENTRY_HANDLER) >> 2]);
      if (!variant || variant.shape.form.attributes.has('interpreted')) return null;
      const { attributes } = variant.shape.form;
      const definition = (variant.definition ??= build(variant.shape));
      const found = { stores: false, ends: false };
      look(definition.statements, found);
      if (found.ends && count !== 1) return null;
      const mild = found.ends && attributes.has('mild');
      goesOn = !found.ends || mild;
      instructions.push({
        entry,
        variant,
        definition,
        stores: found.stores,
        ends: found.ends,
        mild,
        exact: found.ends || attributes.has('exact'),
      });
    }
    const last = instructions[count - 1];
    const { form, operandSize } = last.variant.shape;
    const next = start + u16[(last.entry + ENTRY_NEXT) >> 1];
    const target = start + i32[(last.entry + ENTRY_IMM) >> 2];
    let successors: number[];
    if (!goesOn) successors = [];
    else if (!form.attributes.has('branch')) successors = [next];
    else if (operandSize === 16) successors = [];
    else if (form.attributes.has('conditional')) successors = [target, next];
    else if (form.name === 'jmp' || form.name === 'call') successors = [target];
    else successors = [];
    const returns = form.name === 'ret' && operandSize === 32;
    const guesses = returns || (form.name === 'jmpIndirect' && operandSize === 32);
    const node: Node = {
      block,
      offset: u32[(block + BLOCK_KEY) >> 2],
      start,
      second,
      instructions,
      counted: this.counted(u32[(block + BLOCK_KEY) >> 2] - L.RAM),
      successors,
      guesses,
      returns,
      order: -1,
      dominator: null as unknown as Node,
      loops: false,
      entries: 0,
      ways: new Map(),
    };
    node.dominator = node;
    return node;
  }

  #registers({ definition, entry }: UnitInstruction, used: Set<number>, written: Set<number>): void {
    const { u16 } = this.#cpu.state;
    const number = (register: Register): number =>
      ('at' in register ? register.at : u16[(entry + (register.slot === 'rm' ? ENTRY_RM : ENTRY_REG)) >> 1]) >> 2;
    const walk = (statements: readonly Statement[]): void => {
      for (const s of statements) {
        if (s.k === 'getRegister') used.add(number(s.register));
        else if (s.k === 'setRegister') {
          used.add(number(s.register));
          written.add(number(s.register));
        } else if (s.k === 'address')
          for (const at of [u16[(entry + ENTRY_BASE) >> 1], u16[(entry + ENTRY_INDEX) >> 1]]) {
            if (at !== L.ZERO) used.add(at >> 2);
          }
        else if (s.k === 'if') {
          walk(s.then);
          walk(s.otherwise);
        }
      }
    };
    walk(definition.statements);
  }
}

/** Whether statements may write memory, or call a helper that may, and whether a helper ends the instruction. */
function look(statements: readonly Statement[], found: { stores: boolean; ends: boolean }): void {
  for (const s of statements) {
    if (s.k === 'store' || s.k === 'poke' || s.k === 'call') found.stores = true;
    if (s.k === 'finish' || (s.k === 'call' && s.jumps)) found.ends = true;
    if (s.k === 'if') {
      look(s.then, found);
      look(s.otherwise, found);
    }
  }
}
