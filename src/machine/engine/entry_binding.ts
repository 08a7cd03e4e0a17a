import * as L from '../state/layout.ts';
import {
  ENTRY_BASE,
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
} from './entry.ts';
import { FAULTED, JUMPED } from '../wasm/status.ts';
import type { Definition, Expr, FieldName, Register, Segment, Size } from '../ir/nodes.ts';
import type { Shape } from '../ir/builder.ts';
import type { Code } from '../wasm/encoder.ts';
import { lowerCondition } from '../wasm/conditions.ts';
import { LOADS, STORES, type Lowering } from '../wasm/lower.ts';
import type { Binding } from '../wasm/binding.ts';

/** Parameters of a handler: address of the decoded entry, EIP at the block's start. */
const ENTRY = 0;
const EIP = 1;

/** What besides the shape a handler is made for. */
export interface Variant {
  shape: Shape;
  definition?: Definition;
  indexed: boolean;
  flatOperand: boolean;
  flat: boolean;
  codeFlat: boolean;
}

/** The interpreter's way to bind operands: to the fields of the decoded entry that the handler is called with. */
export class EntryBinding implements Binding {
  readonly #variant: Variant;
  readonly #helper: (name: string) => number;
  readonly codeFlat: boolean;
  readonly homes = null;
  readonly flagsDie = false;

  constructor(variant: Variant, helper: (name: string) => number) {
    this.#variant = variant;
    this.#helper = helper;
    this.codeFlat = variant.codeFlat;
  }
  readonly tlbBase = null;
  #register(code: Code, register: Register): number {
    if ('at' in register) {
      code.i32(0);
      return L.GPR + register.at;
    }
    code.get(ENTRY).memory('i32.load16_u', register.slot === 'rm' ? ENTRY_RM : ENTRY_REG);
    return 0;
  }
  getRegister(code: Code, register: Register, size: Size): void {
    code.memory(LOADS[size], this.#register(code, register));
  }
  setRegister(code: Code, register: Register, size: Size, value: () => void): void {
    const offset = this.#register(code, register);
    value();
    code.memory(STORES[size], offset);
  }
  getState(code: Code, offset: number): void {
    code.i32(0).memory('i32.load', offset);
  }
  setState(code: Code, offset: number, value: () => void): void {
    code.i32(0);
    value();
    code.memory('i32.store', offset);
  }
  flagsWord(code: Code): void {
    code.call(this.#helper('flagsWord'));
  }
  condition(code: Code, cc: number, scratch: number): void {
    lowerCondition(
      code,
      cc,
      scratch,
      () => this.flagsWord(code),
      (offset) => this.getState(code, offset),
    );
  }
  flagsChange(): void {}
  carryOverflow(): boolean {
    return false;
  }
  constant(): null {
    return null;
  }
  afterCall(): void {}
  cameBack(): void {}
  fault(code: Code): void {
    code.i32(FAULTED).return();
  }
  finish(code: Code): void {
    code.i32(JUMPED).return();
  }
  jump(code: Code, target: Expr, lowering: Lowering): void {
    this.setState(code, L.EIP, () => lowering.expr(target));
    code.i32(JUMPED).return();
  }
  field(code: Code, name: FieldName): void {
    switch (name) {
      case 'imm':
        code.get(ENTRY).memory('i32.load', ENTRY_IMM);
        return;
      case 'imm2':
        code.get(ENTRY).memory('i32.load16_u', ENTRY_IMM2);
        return;
      case 'segment':
        code.get(ENTRY).memory('i32.load8_u', ENTRY_SEGMENT);
        return;
      case 'next':
        code.get(EIP).get(ENTRY).memory('i32.load16_u', ENTRY_NEXT).op('i32.add');
        return;
      case 'target':
        code.get(EIP).get(ENTRY).memory('i32.load', ENTRY_IMM).op('i32.add');
        return;
    }
  }
  address(code: Code): void {
    code.get(ENTRY).memory('i32.load16_u', ENTRY_BASE).memory('i32.load', 0);
    code.get(ENTRY).memory('i32.load', ENTRY_DISP).op('i32.add');
    if (this.#variant.indexed) {
      code.get(ENTRY).memory('i32.load16_u', ENTRY_INDEX).memory('i32.load', 0);
      code.get(ENTRY).memory('i32.load8_u', ENTRY_SCALE).op('i32.shl').op('i32.add');
    }
    if (this.#variant.shape.addressSize === 16) code.i32(0xffff).op('i32.and');
  }
  isFlat(segment: Segment): boolean {
    return segment === 'operand' ? this.#variant.flatOperand : this.#variant.flat && segment <= L.DS && segment !== L.CS;
  }
  segment(code: Code, segment: Segment): void {
    if (segment === 'operand') code.get(ENTRY).memory('i32.load8_u', ENTRY_SEGMENT);
    else code.i32(segment);
  }
  beforeCall(code: Code): void {
    code.i32(0).get(EIP).get(ENTRY).memory('i32.load16_u', ENTRY_START).op('i32.add').memory('i32.store', L.EIP_START);
    code.i32(0).get(EIP).get(ENTRY).memory('i32.load16_u', ENTRY_NEXT).op('i32.add').memory('i32.store', L.EIP);
  }
  helper(name: string): number {
    return this.#helper(name);
  }
}
