import * as L from '../state/layout.ts';
import { TLB_ADDEND, TLB_READ_TAG, TLB_WRITE_TAG } from '../memory/tlb.ts';
import { LAZY_ADD, LAZY_OVERRIDE, LAZY_SUB } from '../state/flags.ts';
import { GP } from '../state/fault.ts';
import { CONTINUE } from './status.ts';
import { I32, I64, type Code, type MemoryOpcode } from './encoder.ts';
import { pushExpr } from './expressions.ts';
import { placesOf } from './places.ts';
import type { Binding } from './binding.ts';
import type { Definition, Expr, Local, Register, Segment, Size, Statement } from '../ir/nodes.ts';

export const LOADS: Record<Size, MemoryOpcode> = { 1: 'i32.load8_u', 2: 'i32.load16_u', 4: 'i32.load', 8: 'i64.load' };
export const STORES: Record<Size, MemoryOpcode> = { 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store', 8: 'i64.store' };

/** Turns micro-operations into the body of a WebAssembly function that returns a status ({@link CONTINUE} …). */
export function lower(definition: Definition, code: Code, binding: Binding): void {
  new Lowering(definition, code, binding, new LocalPool(code)).body(definition.statements);
  code.i32(CONTINUE);
}

/** The locals of a function that instructions use one after the other. */
export class LocalPool {
  readonly linear: number;
  readonly entry: number;
  readonly #code: Code;
  readonly #words: number[] = [];
  readonly #longs: number[] = [];

  constructor(code: Code) {
    this.#code = code;
    this.linear = code.local(I32);
    this.entry = code.local(I32);
  }

  /** Indices for a definition's locals. */
  take(definition: Definition): number[] {
    let words = 0;
    let longs = 0;
    return definition.locals.map((type) =>
      type === 'i32' ? (this.#words[words++] ??= this.#code.local(I32)) : (this.#longs[longs++] ??= this.#code.local(I64)),
    );
  }
}

/** The translation of one instruction's micro-operations. */
export class Lowering {
  readonly #code: Code;
  readonly #binding: Binding;
  /** The local of the function for each of the definition's; null: see {@link #pending}. */
  readonly #locals: readonly (number | null)[];
  readonly #linear: number;
  readonly #entry: number;
  /** What locals were set to; null after a second time. */
  readonly #values = new Map<number, Expr | null>();
  /** Pushes what is only computed where it is used. */
  readonly #pending = new Map<number, () => void>();

  constructor(definition: Definition, code: Code, binding: Binding, pool: LocalPool) {
    this.#code = code;
    this.#binding = binding;
    this.#locals = binding.homes ? placesOf(definition, binding.homes, pool) : pool.take(definition);
    this.#linear = pool.linear;
    this.#entry = pool.entry;
  }

  /** The expression that a local stands for, where there is one. */
  valueOf(e: Expr): Expr {
    return e.k === 'local' ? (this.#values.get(e.id) ?? e) : e;
  }

  body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  /** Pushes a value. */
  expr(e: Expr): void {
    pushExpr(
      this.#code,
      e,
      (id) => {
        const local = this.#locals[id];
        if (local !== null) this.#code.get(local);
        else this.#pending.get(id)?.();
      },
      (name) => this.#binding.field(this.#code, name),
    );
  }

  /** Whether a local is nothing but the register itself. */
  #isHome(register: Register, { id }: Local): boolean {
    return this.#locals[id] === this.#binding.homes?.register(register);
  }
  /** Takes from the stack what a local is from now on. */
  #put({ id }: Local): void {
    const local = this.#locals[id];
    if (local === null) throw new Error('a local without a place');
    this.#code.set(local);
  }

  #statement(s: Statement): void {
    const code = this.#code;
    const binding = this.#binding;
    switch (s.k) {
      case 'set':
        this.#values.set(s.local.id, this.#values.has(s.local.id) ? null : s.value);
        if (this.#locals[s.local.id] === null) this.#pending.set(s.local.id, () => this.expr(s.value));
        else {
          this.expr(s.value);
          this.#put(s.local);
        }
        return;
      case 'getRegister':
        if (s.size === 4 && this.#isHome(s.register, s.local)) return;
        binding.getRegister(code, s.register, s.size);
        this.#put(s.local);
        return;
      case 'setRegister':
        if (s.size === 4 && s.value.k === 'local' && this.#isHome(s.register, s.value)) return;
        binding.setRegister(code, s.register, s.size, () => this.expr(s.value));
        return;
      case 'getState':
        binding.getState(code, s.offset);
        this.#put(s.local);
        return;
      case 'setState':
        binding.setState(code, s.offset, () => this.expr(s.value));
        return;
      case 'address':
        if (this.#locals[s.local.id] === null) this.#pending.set(s.local.id, () => binding.address(code));
        else {
          binding.address(code);
          this.#put(s.local);
        }
        return;
      case 'load': {
        this.#translate(s.segment, s.offset, s.size, false);
        code.if(s.size === 8 ? I64 : I32);
        this.#offset();
        code.memory(LOADS[s.size], 0);
        code.else();
        code
          .get(this.#linear)
          .i32(s.size)
          .call(binding.helper(s.size === 8 ? 'readSlow64' : 'readSlow'));
        this.#checkFault(true);
        code.end();
        this.#put(s.local);
        return;
      }
      case 'store':
        this.#translate(s.segment, s.offset, s.size, true);
        code.if();
        this.#offset();
        this.expr(s.value);
        code.memory(STORES[s.size], 0);
        code.else();
        code.get(this.#linear).i32(s.size);
        this.expr(s.value);
        code.call(binding.helper('writeSlow'));
        this.#checkFault(true);
        code.end();
        return;
      case 'access':
        this.#translate(s.segment, s.offset, s.size, true);
        code.if(I32);
        this.#offset();
        code.else();
        code.get(this.#linear).i32(s.size).call(binding.helper('accessSlow'));
        this.#checkFault(true);
        code.end();
        this.#put(s.local);
        return;
      case 'peek':
        this.expr(s.access);
        code.memory(LOADS[s.size], 0);
        this.#put(s.local);
        return;
      case 'poke':
        this.expr(s.access);
        this.expr(s.value);
        code.memory(STORES[s.size], 0);
        this.expr(s.access);
        code.i32(L.SCRATCH).op('i32.eq').if();
        code.call(binding.helper('commit'));
        binding.cameBack(code);
        code.end();
        return;
      case 'lazyFlags': {
        if (binding.flagsDie) return;
        const op = (s.kind << 2) | (31 - Math.clz32(s.size));
        binding.flagsChange(code, op, this.#leftOperand(s.result, s.source, s.kind, s.size));
        binding.setState(code, L.FLAGS_OP, () => code.i32(op));
        binding.setState(code, L.FLAGS_RESULT, () => this.expr(s.result));
        binding.setState(code, L.FLAGS_SOURCE, () => this.expr(s.source));
        if (s.carry) {
          const carry = s.carry;
          binding.setState(code, L.FLAGS_CARRY, () => this.expr(carry));
        }
        return;
      }
      case 'carryOverflow':
        this.#carryOverflow(s.carry, s.overflow);
        return;
      case 'getFlags':
        binding.flagsWord(code);
        this.#put(s.local);
        return;
      case 'setFlags':
        binding.setState(code, L.EFLAGS, () => this.expr(s.value));
        binding.flagsChange(code, null, null);
        binding.setState(code, L.FLAGS_OP, () => code.i32(0));
        return;
      case 'condition':
        binding.condition(code, s.cc, this.#linear);
        this.#put(s.local);
        return;
      case 'if': {
        const known = this.#constant(s.condition);
        if (known !== null) {
          this.body(known !== 0 ? s.then : s.otherwise);
          return;
        }
        this.expr(s.condition);
        code.if();
        this.body(s.then);
        if (s.otherwise.length > 0) {
          code.else();
          this.body(s.otherwise);
        }
        code.end();
        return;
      }
      case 'checkTarget':
        if (binding.codeFlat) return;
        this.expr(s.target);
        code
          .i32(0)
          .memory('i32.load', L.SEG + L.CS * L.SEG_SIZE + L.SEG_LIMIT)
          .op('i32.gt_u')
          .if();
        this.#raise(GP, 0);
        code.end();
        return;
      case 'jump':
        binding.jump(code, s.target, this);
        return;
      case 'finish':
        binding.finish(code);
        return;
      case 'call':
        binding.beforeCall(code, s.apart);
        this.expr(s.a);
        this.expr(s.b);
        code.call(binding.helper(s.helper));
        if (s.local) this.#put(s.local);
        else code.op('drop');
        binding.afterCall(s.apart);
        this.#checkFault(true);
        return;
      case 'raise':
        this.#raise(s.vector, s.error);
        return;
    }
  }

  /** The value of a simple expression, where it is known. */
  #constant(e: Expr): number | null {
    const v = this.valueOf(e);
    if (v.k === 'const' && v.type === 'i32') return v.value;
    if (v.k === 'field') return this.#binding.constant(v.name);
    if (v.k !== 'binary' || v.op !== 'and' || v.type !== 'i32') return null;
    const a = this.#constant(v.a);
    const b = this.#constant(v.b);
    return a === null || b === null ? null : a & b;
  }

  #raise(vector: number, error: number): void {
    this.#code.i32(0).i32(vector).memory('i32.store', L.FAULT_VECTOR);
    this.#code.i32(0).i32(error).memory('i32.store', L.FAULT_ERROR);
    this.#binding.fault(this.#code);
  }

  #checkFault(cameBack = false): void {
    this.#code.i32(0).memory('i32.load', L.FAULT_VECTOR).i32(0).op('i32.ge_s').if();
    this.#binding.fault(this.#code);
    this.#code.end();
    if (cameBack) this.#binding.cameBack(this.#code);
  }

  /** The left operand of what has just been computed, where the result's own expression shows it. */
  #leftOperand(result: Expr, source: Expr, kind: number, size: Size): (() => void) | null {
    if (source.k === 'const' && source.value === 0 && (kind & 7) === LAZY_SUB) return () => this.expr(result);
    const value = this.valueOf(result);
    if (size !== 4 || value.k !== 'binary' || value.b !== source) return null;
    if ((value.op === 'sub' && kind === LAZY_SUB) || (value.op === 'add' && kind === LAZY_ADD)) return () => this.expr(value.a);
    return null;
  }

  /** Leaves the linear address and its TLB entry in their locals and, on the stack, whether the TLB allows the access. */
  #translate(segment: Segment, offset: Expr, size: Size, write: boolean): void {
    const code = this.#code;
    const binding = this.#binding;
    this.expr(offset);
    code.set(this.#linear);
    if (!binding.isFlat(segment)) {
      binding.segment(code, segment);
      code
        .tee(this.#entry)
        .i32(5)
        .op('i32.shl')
        .memory('i32.load', L.SEG + (write ? L.SEG_FLAT_WRITE : L.SEG_FLAT_READ))
        .op('i32.eqz')
        .if();
      code
        .get(this.#entry)
        .i32((size << 3) | (write ? 0x80 : 0))
        .op('i32.or')
        .get(this.#linear)
        .call(binding.helper('segmentSlow'))
        .set(this.#linear);
      this.#checkFault();
      code.end();
    }
    const base = binding.tlbBase;
    if (base === null) code.i32(0).memory('i32.load', L.TLB_BASE);
    code
      .get(this.#linear)
      .i32(8)
      .op('i32.shr_u')
      .i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY)
      .op('i32.and');
    if (base === null) code.op('i32.add');
    code.tee(this.#entry).memory('i32.load', (base ?? 0) + (write ? TLB_WRITE_TAG : TLB_READ_TAG));
    code.get(this.#linear);
    if (size > 1) code.i32(size - 1).op('i32.add');
    code.i32(-4096).op('i32.and').op('i32.eq');
  }

  /** Pushes the memory offset of an access that the TLB allows. */
  #offset(): void {
    this.#code
      .get(this.#linear)
      .get(this.#entry)
      .memory('i32.load', (this.#binding.tlbBase ?? 0) + TLB_ADDEND)
      .op('i32.add');
  }

  /** Replaces CF and OF: in the flags word, or beside a pending lazy result. */
  #carryOverflow(carry: Expr, overflow: Expr): void {
    const code = this.#code;
    const binding = this.#binding;
    if (
      binding.carryOverflow(
        code,
        () => this.expr(carry),
        () => this.expr(overflow),
      )
    )
      return;
    binding.flagsChange(code, null, null);
    binding.getState(code, L.FLAGS_OP);
    code.if();
    binding.setState(code, L.FLAGS_OP, () => {
      binding.getState(code, L.FLAGS_OP);
      code.i32(LAZY_OVERRIDE).op('i32.or');
    });
    binding.setState(code, L.FLAGS_CARRY, () => {
      binding.getState(code, L.FLAGS_CARRY);
      code.i32(1).op('i32.and');
      this.expr(carry);
      code.i32(1).op('i32.shl').op('i32.or');
      this.expr(overflow);
      code.i32(2).op('i32.shl').op('i32.or');
    });
    code.else();
    binding.setState(code, L.EFLAGS, () => {
      binding.getState(code, L.EFLAGS);
      code.i32(~0x801).op('i32.and');
      this.expr(carry);
      code.op('i32.or');
      this.expr(overflow);
      code.i32(11).op('i32.shl').op('i32.or');
    });
    code.end();
  }
}
