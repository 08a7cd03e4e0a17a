import type { Definition, Expr, Local, Register, Segment, Size, Statement, Type } from './nodes.ts';
import { Values } from './values.ts';
import { LAZY_OVERRIDE, LAZY_SUB } from '../state/flags.ts';
import { sizeInBytes, type InstructionForm } from '../opcodes/index.ts';

/** What about an instruction is known when its semantics is built; everything else is a field. */
export interface Shape {
  readonly form: InstructionForm;
  readonly operandSize: 16 | 32;
  readonly addressSize: 16 | 32;
  /** SS.B: pushes and pops use ESP rather than SP. */
  readonly stack32: boolean;
  /** The ModRM or moffs operand is in memory. */
  readonly memory: boolean;
  /** A string instruction under REP, REPE or REPNE. */
  readonly repeated: boolean;
}

/** Byte addresses in the register file. */
export const EAX = 0;
export const ECX = 4;
export const EDX = 8;
export const EBX = 12;
export const ESP = 16;
export const EBP = 20;
export const ESI = 24;
export const EDI = 28;
export const AL = 0;
export const AH = 1;

/**
 * Builds the micro-operations of one instruction.
 *
 * Values are expressions; `let` gives one a name so that it is computed once and at this place. Reads of registers, memory and
 * flags are named at once, so their order is the order of the calls.
 */
export class Builder extends Values {
  readonly shape: Shape;
  readonly form: InstructionForm;
  /** Operand size in bytes: 2 or 4. */
  readonly width: 2 | 4;
  #statements: Statement[] = [];
  readonly #locals: Type[] = [];

  constructor(shape: Shape) {
    super();
    this.shape = shape;
    this.form = shape.form;
    this.width = shape.operandSize === 16 ? 2 : 4;
  }

  done(): Definition {
    return { statements: this.#statements, locals: this.#locals };
  }

  #local(type: Type): Local {
    return { k: 'local', type, id: this.#locals.push(type) - 1 };
  }
  #emit(statement: Statement): void {
    this.#statements.push(statement);
  }

  /** Computes an expression here and names it. */
  let(value: Expr): Local {
    const local = this.#local(value.type);
    this.#emit({ k: 'set', local, value });
    return local;
  }
  /** Sets a named value anew. */
  assign(local: Local, value: Expr | number): void {
    this.#emit({ k: 'set', local, value: this.value(value, local.type) });
  }

  // ---- registers and state

  getRegister(register: Register, size: Size): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'getRegister', local, register, size });
    return local;
  }
  setRegister(register: Register, size: Size, value: Expr): void {
    this.#emit({ k: 'setRegister', register, size, value });
  }
  get(at: number, size: Size = 4): Local {
    return this.getRegister({ at }, size);
  }
  set(at: number, value: Expr, size: Size = 4): void {
    this.setRegister({ at }, size, value);
  }
  getState(offset: number): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'getState', local, offset });
    return local;
  }
  setState(offset: number, value: Expr): void {
    this.#emit({ k: 'setState', offset, value });
  }

  // ---- memory

  /** Effective address of the memory operand. */
  address(): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'address', local });
    return local;
  }
  load(segment: Segment, offset: Expr, size: Size): Local {
    const local = this.#local(size === 8 ? 'i64' : 'i32');
    this.#emit({ k: 'load', local, segment, offset, size });
    return local;
  }
  store(segment: Segment, offset: Expr, size: Size, value: Expr): void {
    this.#emit({ k: 'store', segment, offset, size, value });
  }
  /** Opens a read-modify-write access: after it nothing about it can fault. */
  access(segment: Segment, offset: Expr, size: Size): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'access', local, segment, offset, size });
    return local;
  }
  peek(access: Local, size: Size): Local {
    const local = this.#local(size === 8 ? 'i64' : 'i32');
    this.#emit({ k: 'peek', local, access, size });
    return local;
  }
  poke(access: Local, size: Size, value: Expr): void {
    this.#emit({ k: 'poke', access, size, value });
  }

  // ---- operands of the form

  /** Bytes of operand `n`; of a sign-extended immediate, the operand size. */
  size(n: number): Size {
    const operand = this.form.operands[n];
    return operand.kind === 'sI' ? this.width : (sizeInBytes(operand.size, this.shape.operandSize) as Size);
  }
  /** Whether operand `n` lies in memory. */
  inMemory(n: number): boolean {
    const kind = this.form.operands[n].kind;
    return kind === 'O' || kind === 'M' || (kind === 'E' && this.shape.memory);
  }
  /** The general register that operand `n` is. */
  register(n: number): Register {
    const operand = this.form.operands[n];
    switch (operand.kind) {
      case 'G':
      case 'S':
      case 'C':
      case 'D':
        return { slot: 'reg' };
      case 'E':
      case 'R':
      case 'Z':
        return { slot: 'rm' };
      case 'reg':
        return { at: operand.reg * 4 };
      default:
        throw new Error(`${this.form.mnemonic}: operand ${n} is no register`);
    }
  }
  /** Reads operand `n`, zero-extended. */
  read(n: number): Expr {
    const operand = this.form.operands[n];
    if (operand.kind === 'I' || operand.kind === 'sI') return this.field('imm');
    if (operand.kind === 'one') return this.const(1);
    if (this.inMemory(n)) return this.load('operand', this.address(), this.size(n));
    return this.getRegister(this.register(n), this.size(n));
  }
  /** Writes operand `n`. */
  write(n: number, value: Expr): void {
    if (this.inMemory(n)) this.store('operand', this.address(), this.size(n), value);
    else this.setRegister(this.register(n), this.size(n), value);
  }
  /** Reads operand `n`, then writes what `change` makes of it. Whatever `change` reads from memory must be read before. */
  modify(n: number, change: (old: Expr) => Expr): void {
    const size = this.size(n);
    if (this.inMemory(n)) {
      const access = this.access('operand', this.address(), size);
      this.poke(access, size, change(this.peek(access, size)));
    } else {
      this.setRegister(this.register(n), size, change(this.getRegister(this.register(n), size)));
    }
  }

  // ---- flags

  lazyFlags(kind: number, size: Size, result: Expr, source: Expr, carry: Expr | null = null): void {
    this.#emit({ k: 'lazyFlags', kind, size, result, source, carry });
  }
  /** Flags of a bitwise operation: CF, OF, AF clear. The same as those of subtracting nothing. */
  logicFlags(size: Size, result: Expr): void {
    this.lazyFlags(LAZY_SUB, size, result, this.const(0));
  }
  /** Flags of a result whose CF and OF are known apart (shifts, multiplications); AF clear. */
  resultFlags(size: Size, result: Expr, carry: Expr, overflow: Expr): void {
    this.lazyFlags(LAZY_SUB | (LAZY_OVERRIDE >> 2), size, result, this.const(0), this.or(this.shl(carry, 1), this.shl(overflow, 2)));
  }
  /** Replaces CF and OF. */
  carryOverflow(carry: Expr, overflow: Expr): void {
    this.#emit({ k: 'carryOverflow', carry, overflow });
  }
  getFlags(): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'getFlags', local });
    return local;
  }
  setFlags(value: Expr): void {
    this.#emit({ k: 'setFlags', value });
  }
  condition(cc: number): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'condition', local, cc });
    return local;
  }
  carry(): Local {
    return this.condition(2);
  }

  // ---- control

  if(condition: Expr, then: () => void, otherwise: () => void = () => {}): void {
    const outer = this.#statements;
    const branches: Statement[][] = [];
    for (const body of [then, otherwise]) {
      this.#statements = [];
      body();
      branches.push(this.#statements);
    }
    this.#statements = outer;
    this.#emit({ k: 'if', condition, then: branches[0], otherwise: branches[1] });
  }
  checkTarget(target: Expr): void {
    this.#emit({ k: 'checkTarget', target });
  }
  jump(target: Expr): void {
    this.#emit({ k: 'jump', target });
  }
  /** Target of the relative branch, cut to the operand size. */
  target(): Local {
    return this.let(this.cut(this.field('target'), this.width));
  }

  call(helper: string, a: Expr | number = 0, b: Expr | number = 0): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'call', local, helper, a: this.value(a, 'i32'), b: this.value(b, 'i32'), jumps: false, apart: false });
    return local;
  }
  /** Calls a helper that neither reads nor changes general registers and arithmetic flags. */
  callApart(helper: string, a: Expr | number = 0, b: Expr | number = 0): void {
    this.#emit({ k: 'call', local: null, helper, a: this.value(a, 'i32'), b: this.value(b, 'i32'), jumps: false, apart: true });
  }
  /** Calls a helper that may change EIP, modes or interruptibility; end with {@link finish}. */
  callEnding(helper: string, a: Expr | number = 0, b: Expr | number = 0): Local {
    const local = this.#local('i32');
    this.#emit({ k: 'call', local, helper, a: this.value(a, 'i32'), b: this.value(b, 'i32'), jumps: true, apart: false });
    return local;
  }
  finish(): void {
    this.#emit({ k: 'finish' });
  }
  raise(vector: number, error = -1): void {
    this.#emit({ k: 'raise', vector, error });
  }

  // ---- the stack

  /** An offset in the stack segment, cut to its size. */
  stackOffset(offset: Expr): Expr {
    return this.shape.stack32 ? offset : this.and(offset, 0xffff);
  }
  /** Sets ESP, or SP alone in a 16-bit stack segment. */
  setStackPointer(value: Expr): void {
    this.set(ESP, value, this.shape.stack32 ? 4 : 2);
  }
  push(value: Expr, size: Size): void {
    const offset = this.let(this.stackOffset(this.sub(this.get(ESP), size)));
    this.store(SS_SEGMENT, offset, size, value);
    this.setStackPointer(offset);
  }
  /** Reads the top of the stack; {@link drop} takes it off when nothing can fault any more. */
  top(size: Size): { value: Local; pointer: Local } {
    const pointer = this.get(ESP);
    return { value: this.load(SS_SEGMENT, this.stackOffset(pointer), size), pointer };
  }
  drop(pointer: Expr, bytes: Expr | number): void {
    this.setStackPointer(this.add(pointer, bytes));
  }
}

const SS_SEGMENT = 2;
