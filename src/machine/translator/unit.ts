import * as L from '../state/layout.ts';
import { MODE_USER, type Cpu } from '../memory/cpu.ts';
import {
  BLOCK_COUNT,
  BLOCK_MODE,
  ENTRY_BASE,
  ENTRY_BYTES,
  ENTRY_DISP,
  ENTRY_IMM,
  ENTRY_IMM2,
  ENTRY_INDEX,
  ENTRY_NEXT,
  ENTRY_REG,
  ENTRY_RM,
  ENTRY_SCALE,
  ENTRY_SEGMENT,
  ENTRY_START,
} from '../engine/entry.ts';
import { FAULTED, JUMPED, REFUSED, STALE } from '../wasm/status.ts';
import { LAZY_ADC, LAZY_OVERRIDE, LAZY_SBB } from '../state/flags.ts';
import { TLB_ADDEND, TLB_READ_TAG } from '../memory/tlb.ts';
import type { Expr, FieldName, Register, Segment, Size } from '../ir/nodes.ts';
import { lowerCondition } from '../wasm/conditions.ts';
import { Code, I32 } from '../wasm/encoder.ts';
import { Lowering, LocalPool, type Binding } from '../wasm/lower.ts';
import { knownCondition, type FlagLocals, type KnownFlags } from './flags.ts';
import type { Instruction, Node, Region } from './region.ts';

const EIP = 1;
/** Instructions after which a unit comes back to the run loop, so that the engine can replace it by better code. */
const INSTRUCTIONS_A_CALL = 200_000;

/** A label: the depth that its block or loop has opened. */
interface Label {
  readonly node: Node;
  readonly loop: boolean;
  readonly depth: number;
}

/**
 * Writes the function of a region, `(block, eip) -> status`: the second back end.
 *
 * General registers and lazy flags are locals from the entry to an exit. The budget is counted down block by block; a block that it does not
 * cover is left to the interpreter. A fault, or code that has been written, leaves within a block as the interpreter does: through LEFT_BLOCK.
 */
export class UnitWriter implements Binding {
  readonly codeFlat = true;
  readonly tlbBase: number;
  readonly code = new Code(2);
  readonly #cpu: Cpu;
  readonly #region: Region;
  readonly #helper: (name: string) => number;
  readonly #registers: number[] = [];
  readonly #flags: FlagLocals;
  readonly #left: number;
  readonly #begun: number;
  readonly #exitEip: number;
  readonly #status: number;
  readonly #leftBlock: number;
  readonly #leftEntry: number;
  readonly #pool: LocalPool;
  readonly #labels: Label[] = [];
  #tail = 0;
  /** Flags known at the entries of nodes met so far. */
  readonly #incoming = new Map<Node, KnownFlags | null>();
  #known: KnownFlags | null = null;
  #node: Node;
  #instruction: Instruction;
  /** Depth at the beginning of the instruction: what happens deeper happens perhaps. */
  #base = 0;

  constructor(cpu: Cpu, region: Region, helper: (name: string) => number) {
    this.#cpu = cpu;
    this.#region = region;
    this.#helper = helper;
    const code = this.code;
    for (let n = 0; n < 8; n++) this.#registers.push(code.local(I32));
    this.#flags = { op: code.local(I32), result: code.local(I32), source: code.local(I32), carry: code.local(I32), left: code.local(I32) };
    this.#left = code.local(I32);
    this.#begun = code.local(I32);
    this.#exitEip = code.local(I32);
    this.#status = code.local(I32);
    this.#leftBlock = code.local(I32);
    this.#leftEntry = code.local(I32);
    this.#pool = new LocalPool(code);
    this.#node = region.nodes[0];
    this.#instruction = this.#node.instructions[0];
    this.tlbBase = L.TLB + ((cpu.state.u32[(this.#node.block + BLOCK_MODE) >> 2] & MODE_USER) !== 0 ? L.TLB_BYTES : 0);
  }

  write(): Code {
    const code = this.code;
    const first = this.#region.nodes[0];
    // What is left of the budget, at most so much.
    code
      .i32(INSTRUCTIONS_A_CALL)
      .i32(0)
      .memory('i32.load', L.LEFT)
      .tee(this.#left)
      .get(this.#left)
      .i32(INSTRUCTIONS_A_CALL)
      .op('i32.gt_s')
      .op('select')
      .set(this.#left);
    code.get(this.#left).tee(this.#begun).i32(first.instructions.length).op('i32.lt_s').if().i32(REFUSED).return().end();
    for (const n of this.#region.used)
      code
        .i32(0)
        .memory('i32.load', L.GPR + n * 4)
        .set(this.#registers[n]);
    this.#loadFlags();
    code.block();
    this.#tail = code.depth;
    this.#tree(first);
    code.end();
    this.#storeRegisters();
    code.i32(0).get(this.#exitEip).memory('i32.store', L.EIP);
    code.i32(0).i32(0).memory('i32.load', L.LEFT).get(this.#begun).op('i32.sub').get(this.#left).op('i32.add').memory('i32.store', L.LEFT);
    code.get(this.#status).i32(JUMPED).op('i32.gt_u').if();
    code.i32(0).get(this.#leftBlock).memory('i32.store', L.LEFT_BLOCK);
    code.i32(0).get(this.#leftEntry).memory('i32.store', L.LEFT_ENTRY);
    code.i32(0).get(this.#exitEip).memory('i32.store', L.BLOCK_EIP);
    code.end();
    code.get(this.#status);
    return code;
  }

  #loadFlags(): void {
    const { op, result, source, carry } = this.#flags;
    this.code.i32(0).memory('i32.load', L.FLAGS_OP).set(op).i32(0).memory('i32.load', L.FLAGS_RESULT).set(result);
    this.code.i32(0).memory('i32.load', L.FLAGS_SOURCE).set(source).i32(0).memory('i32.load', L.FLAGS_CARRY).set(carry);
  }
  #storeFlags(): void {
    const { op, result, source, carry } = this.#flags;
    this.code.i32(0).get(op).memory('i32.store', L.FLAGS_OP).i32(0).get(result).memory('i32.store', L.FLAGS_RESULT);
    this.code.i32(0).get(source).memory('i32.store', L.FLAGS_SOURCE).i32(0).get(carry).memory('i32.store', L.FLAGS_CARRY);
  }
  #storeRegisters(): void {
    for (const n of this.#region.written)
      this.code
        .i32(0)
        .get(this.#registers[n])
        .memory('i32.store', L.GPR + n * 4);
    this.#storeFlags();
  }

  // ---- control flow: dominator trees to structured code (N. Ramsey, "Beyond Relooper", ICFP 2022)

  #tree(node: Node): void {
    const code = this.code;
    if (node.loops) {
      code.loop();
      this.#labels.push({ node, loop: true, depth: code.depth });
    }
    const merges = this.#region.nodes.filter((n) => n !== node && n.dominator === node && n.entries > 1);
    this.#within(
      node,
      merges.sort((a, b) => b.order - a.order),
      0,
    );
    if (node.loops) {
      this.#labels.pop();
      code.end();
    }
  }

  #within(node: Node, merges: readonly Node[], at: number): void {
    if (at === merges.length) {
      this.#body(node);
      return;
    }
    const code = this.code;
    code.block();
    this.#labels.push({ node: merges[at], loop: false, depth: code.depth });
    this.#within(node, merges, at + 1);
    this.#labels.pop();
    code.end();
    this.#tree(merges[at]);
  }

  #body(node: Node): void {
    const code = this.code;
    const count = node.instructions.length;
    const known = this.#incoming.get(node) ?? null;
    this.#known = node.loops || node.order === 0 ? null : known;
    code.get(this.#left).i32(count).op('i32.lt_s').if();
    this.#exit(node.start);
    code.end();
    code.get(this.#left).i32(count).op('i32.sub').set(this.#left);
    code
      .i32(0)
      .i32(0)
      .memory('i32.load', node.block + BLOCK_COUNT)
      .i32(1)
      .op('i32.add')
      .memory('i32.store', node.block + BLOCK_COUNT);
    for (const [n, instruction] of node.instructions.entries()) {
      this.#node = node;
      this.#instruction = instruction;
      this.#base = code.depth;
      new Lowering(instruction.definition, code, this, this.#pool).body(instruction.definition.statements);
      if (n === count - 1) {
        if (instruction.ends) return;
        if (instruction.exact) {
          // A port's callback may have asked for a stop, or raised the interrupt line.
          code.i32(0).memory('i32.load', L.ATTENTION).if();
          this.#exit(this.#next());
          code.end();
        }
        if (!instruction.variant.shape.form.attributes.has('branch')) this.#edge(this.#next());
        return;
      }
      if (instruction.stores) {
        code.i32(0).memory('i32.load', L.CODE_PAGE).i32(1).op('i32.and').if();
        this.#leave(STALE, instruction.entry + ENTRY_BYTES);
        code.end();
      }
    }
  }

  /** Goes on at a distance from the region's start: within it, or out of it. */
  #edge(start: number): void {
    const code = this.code;
    const from = this.#node;
    const region = this.#region;
    code.i32(0).memory('i32.load', L.CODE_PAGE).i32(1).op('i32.and').if();
    this.#exit(start);
    code.end();
    const to = from.successors.includes(start) ? region.byStart.get(start) : undefined;
    if (!to) {
      this.#exit(start);
      return;
    }
    if (this.#page(from) !== this.#page(to)) this.#guard(to);
    if (to.second !== 0) this.#guardSecond(to);
    this.#branch(from, to);
  }

  #page(node: Node): number {
    return Math.floor(((this.#region.nodes[0].offset & 0xfff) + node.start) / 4096);
  }

  /** Compares the target with guesses, by halves; falls through where none is right. */
  #search(starts: readonly number[], found: (start: number) => void): void {
    const code = this.code;
    const target = this.#exitEip;
    if (starts.length <= 2) {
      for (const start of starts) {
        code.get(target).get(EIP).op('i32.sub').i32(start).op('i32.eq').if();
        found(start);
        code.end();
      }
      return;
    }
    const middle = starts.length >> 1;
    code.get(target).get(EIP).op('i32.sub').i32(starts[middle]).op('i32.lt_s').if();
    this.#search(starts.slice(0, middle), found);
    code.else();
    this.#search(starts.slice(middle), found);
    code.end();
  }

  /** Another page: it must still be where the code was found, and becomes the one that is fetched from. */
  #guard(to: Node): void {
    const code = this.code;
    const { linear, entry } = this.#pool;
    this.#stillAt(to, to.start, to.offset & ~0xfff);
    code.i32(0).get(linear).memory('i32.store', L.CODE_PAGE);
    code
      .i32(0)
      .get(entry)
      .memory('i32.load', this.tlbBase + TLB_ADDEND)
      .memory('i32.store', L.CODE_ADDEND);
  }

  /** An instruction that goes on in the next page: that page, too, must still be where it was. Execution stays in the first. */
  #guardSecond(to: Node): void {
    this.#stillAt(to, to.start - (to.offset & 0xfff) + 0x1000, to.second);
  }

  /** Leaves before a node unless the TLB has the page at a distance from the region's start, at a memory offset. */
  #stillAt(to: Node, distance: number, offset: number): void {
    const code = this.code;
    const { linear, entry } = this.#pool;
    code.get(EIP).i32(distance).op('i32.add').i32(-4096).op('i32.and').tee(linear);
    code
      .i32(8)
      .op('i32.shr_u')
      .i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY)
      .op('i32.and')
      .tee(entry);
    code
      .memory('i32.load', this.tlbBase + TLB_READ_TAG)
      .get(linear)
      .op('i32.ne');
    code
      .get(entry)
      .memory('i32.load', this.tlbBase + TLB_ADDEND)
      .get(linear)
      .op('i32.add')
      .i32(offset)
      .op('i32.ne')
      .op('i32.or')
      .if();
    this.#exit(to.start);
    code.end();
  }

  #branch(from: Node, to: Node): void {
    const code = this.code;
    if (to.order > from.order) {
      const known = this.#known;
      const before = this.#incoming.get(to);
      if (before === undefined) this.#incoming.set(to, known);
      else if (before && known && before.op === known.op) this.#incoming.set(to, { op: known.op, left: before.left && known.left });
      else this.#incoming.set(to, null);
      if (to.entries === 1) {
        this.#tree(to);
        return;
      }
    }
    const label = this.#labels.findLast((l) => l.node === to && l.loop === to.order <= from.order);
    if (!label) throw new Error('a region without order');
    code.br(code.depth - label.depth);
  }

  /** Leaves at a block's end. */
  #exit(start: number): void {
    this.code.get(EIP).i32(start).op('i32.add').set(this.#exitEip);
    this.#out();
  }
  #out(): void {
    this.code
      .i32(JUMPED)
      .set(this.#status)
      .br(this.code.depth - this.#tail);
  }
  /** Leaves within a block, before an entry. */
  #leave(status: number, entry: number): void {
    const code = this.code;
    const node = this.#node;
    code.get(this.#left).i32(node.instructions.length).op('i32.add').set(this.#left);
    code.get(EIP).i32(node.start).op('i32.add').set(this.#exitEip);
    code.i32(node.block).set(this.#leftBlock).i32(entry).set(this.#leftEntry);
    code
      .i32(status)
      .set(this.#status)
      .br(code.depth - this.#tail);
  }

  // ---- the binding

  #next(): number {
    return this.#node.start + this.#u16(ENTRY_NEXT);
  }
  #u16(at: number): number {
    return this.#cpu.state.u16[(this.#instruction.entry + at) >> 1];
  }
  #i32(at: number): number {
    return this.#cpu.state.i32[(this.#instruction.entry + at) >> 2];
  }
  #address(register: Register): number {
    return 'at' in register ? register.at : this.#u16(register.slot === 'rm' ? ENTRY_RM : ENTRY_REG) - L.GPR;
  }

  getRegister(code: Code, register: Register, size: Size): void {
    const at = this.#address(register);
    code.get(this.#registers[at >> 2]);
    if ((at & 1) !== 0) code.i32(8).op('i32.shr_u');
    if (size < 4) code.i32(size === 1 ? 0xff : 0xffff).op('i32.and');
  }
  setRegister(code: Code, register: Register, size: Size, value: () => void): void {
    const at = this.#address(register);
    const local = this.#registers[at >> 2];
    const shift = (at & 1) * 8;
    const mask = size === 1 ? 0xff : 0xffff;
    if (size === 4) {
      value();
      code.set(local);
      return;
    }
    code
      .get(local)
      .i32(~(mask << shift))
      .op('i32.and');
    value();
    code.i32(mask).op('i32.and');
    if (shift > 0) code.i32(shift).op('i32.shl');
    code.op('i32.or').set(local);
  }
  #flagLocal(offset: number): number | null {
    const { op, result, source, carry } = this.#flags;
    return offset === L.FLAGS_OP
      ? op
      : offset === L.FLAGS_RESULT
        ? result
        : offset === L.FLAGS_SOURCE
          ? source
          : offset === L.FLAGS_CARRY
            ? carry
            : null;
  }
  getState(code: Code, offset: number): void {
    const local = this.#flagLocal(offset);
    if (local === null) code.i32(0).memory('i32.load', offset);
    else code.get(local);
  }
  setState(code: Code, offset: number, value: () => void): void {
    const local = this.#flagLocal(offset);
    if (local === null) code.i32(0);
    value();
    if (local === null) code.memory('i32.store', offset);
    else code.set(local);
  }
  flagsWord(code: Code): void {
    this.#storeFlags();
    code.call(this.#helper('flagsWord'));
  }
  condition(code: Code, cc: number, scratch: number): void {
    if (this.#known) knownCondition(code, cc, this.#known, this.#flags);
    else
      lowerCondition(
        code,
        cc,
        scratch,
        () => this.flagsWord(code),
        (offset) => this.getState(code, offset),
      );
  }
  flagsChange(code: Code, op: number | null, left: (() => void) | null): void {
    if (op === null || code.depth > this.#base) {
      this.#known = null;
      return;
    }
    if (left) {
      left();
      code.set(this.#flags.left);
    }
    this.#known = { op, left: left !== null };
  }
  carryOverflow(code: Code, carry: () => void, overflow: () => void): boolean {
    if (!this.#known || code.depth > this.#base) return false;
    const kind = (this.#known.op >> 2) & 7;
    const op = this.#known.op | LAZY_OVERRIDE;
    const keep = kind === LAZY_ADC || kind === LAZY_SBB;
    if (keep) code.get(this.#flags.carry).i32(1).op('i32.and');
    carry();
    code.i32(1).op('i32.shl');
    if (keep) code.op('i32.or');
    overflow();
    code.i32(2).op('i32.shl').op('i32.or').set(this.#flags.carry);
    code.i32(op).set(this.#flags.op);
    this.#known = { op, left: this.#known.left };
    return true;
  }
  constant(name: FieldName): number | null {
    return name === 'imm' ? this.#i32(ENTRY_IMM) : null;
  }
  field(code: Code, name: FieldName): void {
    switch (name) {
      case 'imm':
        code.i32(this.#i32(ENTRY_IMM));
        return;
      case 'imm2':
        code.i32(this.#u16(ENTRY_IMM2));
        return;
      case 'segment':
        code.i32(this.#cpu.state.u8[this.#instruction.entry + ENTRY_SEGMENT]);
        return;
      case 'next':
        code.get(EIP).i32(this.#next()).op('i32.add');
        return;
      case 'target':
        code
          .get(EIP)
          .i32(this.#node.start + this.#i32(ENTRY_IMM))
          .op('i32.add');
        return;
    }
  }
  address(code: Code): void {
    const base = this.#u16(ENTRY_BASE);
    const index = this.#u16(ENTRY_INDEX);
    const disp = this.#i32(ENTRY_DISP);
    const scale = this.#cpu.state.u8[this.#instruction.entry + ENTRY_SCALE];
    let terms = 0;
    if (base !== L.ZERO) {
      code.get(this.#registers[(base - L.GPR) >> 2]);
      terms++;
    }
    if (index !== L.ZERO) {
      code.get(this.#registers[(index - L.GPR) >> 2]);
      if (scale > 0) code.i32(scale).op('i32.shl');
      if (terms++ > 0) code.op('i32.add');
    }
    if (disp !== 0 || terms === 0) {
      code.i32(disp);
      if (terms > 0) code.op('i32.add');
    }
    if (this.#instruction.variant.shape.addressSize === 16) code.i32(0xffff).op('i32.and');
  }
  isFlat(segment: Segment): boolean {
    const { variant } = this.#instruction;
    return segment === 'operand' ? variant.flatOperand : variant.flat && segment <= L.DS && segment !== L.CS;
  }
  segment(code: Code, segment: Segment): void {
    code.i32(segment === 'operand' ? this.#cpu.state.u8[this.#instruction.entry + ENTRY_SEGMENT] : segment);
  }
  beforeCall(code: Code): void {
    this.#storeRegisters();
    if (this.#instruction.exact) {
      // All that came before has retired; this one, alone in its block, has not.
      code.get(this.#left).i32(1).op('i32.add').set(this.#exitEip);
      code
        .i32(0)
        .i32(0)
        .memory('i32.load', L.LEFT)
        .get(this.#begun)
        .op('i32.sub')
        .get(this.#exitEip)
        .op('i32.add')
        .memory('i32.store', L.LEFT);
      code.get(this.#exitEip).set(this.#begun);
    }
    code
      .i32(0)
      .get(EIP)
      .i32(this.#node.start + this.#u16(ENTRY_START))
      .op('i32.add')
      .memory('i32.store', L.EIP_START);
    code.i32(0).get(EIP).i32(this.#next()).op('i32.add').memory('i32.store', L.EIP);
  }
  afterCall(code: Code): void {
    for (const n of this.#region.used)
      code
        .i32(0)
        .memory('i32.load', L.GPR + n * 4)
        .set(this.#registers[n]);
    this.#loadFlags();
    this.#known = null;
  }
  helper(name: string): number {
    return this.#helper(name);
  }
  fault(): void {
    this.#leave(FAULTED, this.#instruction.entry);
  }
  finish(code: Code): void {
    if (this.#instruction.mild) {
      const mode = this.#cpu.state.i32[(this.#node.block + BLOCK_MODE) >> 2];
      code.i32(0).memory('i32.load', L.MODE).i32(mode).op('i32.ne').i32(0).memory('i32.load', L.ATTENTION).op('i32.or').if();
      this.#exit(this.#next());
      code.end();
      this.#edge(this.#next());
      return;
    }
    // EIP is the helper's; what the instruction did after it is still in locals.
    this.#storeRegisters();
    code.i32(0).i32(0).memory('i32.load', L.LEFT).i32(1).op('i32.sub').memory('i32.store', L.LEFT);
    code.i32(JUMPED).return();
  }

  jump(code: Code, target: Expr, lowering: Lowering): void {
    const wide = this.#instruction.variant.shape.operandSize === 32;
    const value = lowering.valueOf(target);
    const known = this.#known;
    const node = this.#node;
    const place = (e: Expr): number | null => {
      const v = lowering.valueOf(e);
      if (!wide || v.k !== 'field') return null;
      return v.name === 'next' ? this.#next() : v.name === 'target' ? this.#node.start + this.#i32(ENTRY_IMM) : null;
    };
    if (value.k === 'select') {
      const a = place(value.a);
      const b = place(value.b);
      if (a !== null && b !== null) {
        lowering.expr(value.condition);
        code.if();
        this.#edge(a);
        code.else();
        this.#known = known;
        this.#node = node;
        this.#edge(b);
        code.end();
        return;
      }
    }
    const only = place(target);
    if (only !== null) {
      this.#edge(only);
      return;
    }
    lowering.expr(target);
    code.set(this.#exitEip);
    if (node.guesses) {
      this.#search(
        [...node.successors].sort((x, y) => x - y),
        (start) => {
          this.#known = known;
          this.#node = node;
          this.#edge(start);
        },
      );
    }
    this.#out();
  }
}
