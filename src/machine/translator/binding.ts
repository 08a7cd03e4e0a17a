import * as L from '../state/layout.ts';
import { MODE_USER } from '../memory/cpu.ts';
import {
  ENTRY_BASE,
  ENTRY_DISP,
  ENTRY_IMM,
  ENTRY_IMM2,
  ENTRY_INDEX,
  ENTRY_REG,
  ENTRY_RM,
  ENTRY_SCALE,
  ENTRY_SEGMENT,
  ENTRY_START,
} from '../engine/entry.ts';
import { FAULTED, JUMPED } from '../wasm/status.ts';
import { LAZY_ADC, LAZY_OVERRIDE, LAZY_SBB } from '../state/flags.ts';
import type { Expr, FieldName, Register, Segment, Size } from '../ir/nodes.ts';
import { lowerCondition } from '../wasm/conditions.ts';
import type { Code } from '../wasm/encoder.ts';
import type { Binding } from '../wasm/binding.ts';
import type { Lowering } from '../wasm/lower.ts';
import type { Homes } from '../wasm/places.ts';
import { knownCondition, type KnownFlags } from './flags.ts';
import { EIP, STALE_BIT, type UnitFrame } from './frame.ts';

/** Where an instruction may lead, as the writer of the unit knows it. */
export interface Ways {
  /** Goes on at a distance from the region's start: within it, or out of it. */
  edge(start: number): void;
  /** Compares {@link UnitFrame.exitEip} with guesses; falls through where none is right. */
  search(starts: readonly number[], found: (start: number) => void): void;
  /** Goes on at {@link UnitFrame.exitEip} where that is a way into the unit; leaves otherwise. */
  indirect(): void;
}

/** The translator's way to bind operands: registers and flags to locals, fields of the decoded entry to constants. */
export class UnitBinding implements Binding {
  readonly codeFlat = true;
  readonly tlbBase: number;
  readonly homes: Homes;
  flagsDie = false;
  /** The lazy flags, where it is known who set them. */
  known: KnownFlags | null = null;
  /** Depth at the beginning of the instruction: what happens deeper happens perhaps. */
  base = 0;
  readonly #frame: UnitFrame;
  readonly #ways: Ways;
  readonly #helper: (name: string) => number;

  constructor(frame: UnitFrame, ways: Ways, helper: (name: string) => number) {
    this.#frame = frame;
    this.#ways = ways;
    this.#helper = helper;
    this.homes = {
      register: (register) => this.#frame.registers[this.#address(register) >> 2],
      result: frame.flags.result,
    };
    this.tlbBase = L.TLB + ((frame.region.mode & MODE_USER) !== 0 ? L.TLB_BYTES : 0);
  }

  #address(register: Register): number {
    return 'at' in register ? register.at : this.#frame.u16(register.slot === 'rm' ? ENTRY_RM : ENTRY_REG) - L.GPR;
  }

  getRegister(code: Code, register: Register, size: Size): void {
    const at = this.#address(register);
    code.get(this.#frame.registers[at >> 2]);
    if ((at & 1) !== 0) code.i32(8).op('i32.shr_u');
    if (size < 4) code.i32(size === 1 ? 0xff : 0xffff).op('i32.and');
  }
  setRegister(code: Code, register: Register, size: Size, value: () => void): void {
    const at = this.#address(register);
    const local = this.#frame.registers[at >> 2];
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
    const { op, result, source, carry } = this.#frame.flags;
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
    this.#frame.storeFlags();
    code.call(this.#helper('flagsWord'));
  }
  condition(code: Code, cc: number, scratch: number): void {
    if (this.known) knownCondition(code, cc, this.known, this.#frame.flags);
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
    if (op === null || code.depth > this.base) {
      this.known = null;
      return;
    }
    if (left) {
      left();
      code.set(this.#frame.flags.left);
    }
    this.known = { op, left: left !== null };
  }
  carryOverflow(code: Code, carry: () => void, overflow: () => void): boolean {
    if (!this.known || code.depth > this.base) return false;
    const kind = (this.known.op >> 2) & 7;
    const op = this.known.op | LAZY_OVERRIDE;
    const keep = kind === LAZY_ADC || kind === LAZY_SBB;
    if (keep) code.get(this.#frame.flags.carry).i32(1).op('i32.and');
    carry();
    code.i32(1).op('i32.shl');
    if (keep) code.op('i32.or');
    overflow();
    code.i32(2).op('i32.shl').op('i32.or').set(this.#frame.flags.carry);
    code.i32(op).set(this.#frame.flags.op);
    this.known = { op, left: this.known.left };
    return true;
  }
  constant(name: FieldName): number | null {
    return name === 'imm' ? this.#frame.i32(ENTRY_IMM) : null;
  }
  field(code: Code, name: FieldName): void {
    switch (name) {
      case 'imm':
        code.i32(this.#frame.i32(ENTRY_IMM));
        return;
      case 'imm2':
        code.i32(this.#frame.u16(ENTRY_IMM2));
        return;
      case 'segment':
        code.i32(this.#frame.u8(ENTRY_SEGMENT));
        return;
      case 'next':
        code.get(EIP).i32(this.#frame.next).op('i32.add');
        return;
      case 'target':
        code
          .get(EIP)
          .i32(this.#frame.node.start + this.#frame.i32(ENTRY_IMM))
          .op('i32.add');
        return;
    }
  }
  address(code: Code): void {
    const base = this.#frame.u16(ENTRY_BASE);
    const index = this.#frame.u16(ENTRY_INDEX);
    const disp = this.#frame.i32(ENTRY_DISP);
    const scale = this.#frame.u8(ENTRY_SCALE);
    let terms = 0;
    if (base !== L.ZERO) {
      code.get(this.#frame.registers[(base - L.GPR) >> 2]);
      terms++;
    }
    if (index !== L.ZERO) {
      code.get(this.#frame.registers[(index - L.GPR) >> 2]);
      if (scale > 0) code.i32(scale).op('i32.shl');
      if (terms++ > 0) code.op('i32.add');
    }
    if (disp !== 0 || terms === 0) {
      code.i32(disp);
      if (terms > 0) code.op('i32.add');
    }
    if (this.#frame.instruction.variant.shape.addressSize === 16) code.i32(0xffff).op('i32.and');
  }
  isFlat(segment: Segment): boolean {
    const { variant } = this.#frame.instruction;
    return segment === 'operand' ? variant.flatOperand : variant.flat && segment <= L.DS && segment !== L.CS;
  }
  segment(code: Code, segment: Segment): void {
    code.i32(segment === 'operand' ? this.#frame.u8(ENTRY_SEGMENT) : segment);
  }
  beforeCall(code: Code, apart: boolean): void {
    if (!apart) this.#frame.storeRegisters();
    if (this.#frame.instruction.exact) {
      // All that came before has retired; this one, alone in its block, has not.
      code.get(this.#frame.left).i32(~STALE_BIT).op('i32.and').i32(1).op('i32.add').set(this.#frame.exitEip);
      code
        .i32(0)
        .i32(0)
        .memory('i32.load', L.LEFT)
        .get(this.#frame.begun)
        .op('i32.sub')
        .get(this.#frame.exitEip)
        .op('i32.add')
        .memory('i32.store', L.LEFT);
      code.get(this.#frame.exitEip).set(this.#frame.begun);
    }
    code
      .i32(0)
      .get(EIP)
      .i32(this.#frame.node.start + this.#frame.u16(ENTRY_START))
      .op('i32.add')
      .memory('i32.store', L.EIP_START);
    code.i32(0).get(EIP).i32(this.#frame.next).op('i32.add').memory('i32.store', L.EIP);
  }
  afterCall(apart: boolean): void {
    if (apart) return;
    this.#frame.loadRegisters();
    this.known = null;
  }
  cameBack(code: Code): void {
    // Its lowest bit says so.
    code.get(this.#frame.left).i32(0).memory('i32.load', L.CODE_PAGE).i32(31).op('i32.shl').op('i32.or').set(this.#frame.left);
  }
  helper(name: string): number {
    return this.#helper(name);
  }
  fault(): void {
    this.#frame.leave(FAULTED, this.#frame.instruction.entry);
  }
  finish(code: Code): void {
    if (this.#frame.instruction.mild) {
      const mode = this.#frame.region.mode;
      code.i32(0).memory('i32.load', L.MODE).i32(mode).op('i32.ne').i32(0).memory('i32.load', L.ATTENTION).op('i32.or').if();
      this.#frame.exit(this.#frame.next);
      code.end();
      this.#ways.edge(this.#frame.next);
      return;
    }
    // EIP is the helper's; what the instruction did after it is still in locals.
    this.#frame.storeRegisters();
    code.i32(0).i32(0).memory('i32.load', L.LEFT).i32(1).op('i32.sub').memory('i32.store', L.LEFT);
    code.i32(JUMPED).return();
  }

  jump(code: Code, target: Expr, lowering: Lowering): void {
    const wide = this.#frame.instruction.variant.shape.operandSize === 32;
    const value = lowering.valueOf(target);
    const known = this.known;
    const node = this.#frame.node;
    const place = (e: Expr): number | null => {
      const v = lowering.valueOf(e);
      if (!wide || v.k !== 'field') return null;
      return v.name === 'next' ? this.#frame.next : v.name === 'target' ? this.#frame.node.start + this.#frame.i32(ENTRY_IMM) : null;
    };
    if (value.k === 'select') {
      const a = place(value.a);
      const b = place(value.b);
      if (a !== null && b !== null) {
        lowering.expr(value.condition);
        code.if();
        this.#ways.edge(a);
        code.else();
        this.known = known;
        this.#frame.node = node;
        this.#ways.edge(b);
        code.end();
        return;
      }
    }
    const only = place(target);
    if (only !== null) {
      this.#ways.edge(only);
      return;
    }
    lowering.expr(target);
    code.set(this.#frame.exitEip);
    if (node.guesses) {
      this.#ways.search(
        [...node.successors].sort((x, y) => x - y),
        (start) => {
          this.known = known;
          this.#frame.node = node;
          this.#ways.edge(start);
        },
      );
      this.#frame.node = node;
    }
    this.#ways.indirect();
  }
}
