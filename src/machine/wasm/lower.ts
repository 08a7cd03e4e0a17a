import * as L from '../layout.ts';
import { TLB_ADDEND, TLB_READ_TAG, TLB_WRITE_TAG } from '../tlb.ts';
import { LAZY_OVERRIDE } from '../flags.ts';
import { GP } from '../fault.ts';
import { CONTINUE, FAULTED, JUMPED } from '../entry.ts';
import { I32, I64, type Code, type MemoryOpcode, type Opcode } from './encoder.ts';
import { lowerCondition } from './conditions.ts';
import type { Definition, Expr, FieldName, Register, Segment, Size, Statement } from '../ir/nodes.ts';

/** How a back end gives abstract operands their meaning. */
export interface Binding {
  /** Pushes the base address of a register and gives the offset to add to it. */
  register(code: Code, register: Register): number;
  field(code: Code, name: FieldName): void;
  /** Pushes the effective address of the memory operand. */
  address(code: Code): void;
  /** Whether the segment is known to need neither base nor check. */
  isFlat(segment: Segment): boolean;
  /** Pushes the segment register's number. */
  segment(code: Code, segment: Segment): void;
  /** CS has base 0 and no limit. */
  readonly codeFlat: boolean;
  /** Stores EIP_START and EIP, as helpers expect them. */
  beforeCall(code: Code): void;
  /** Index of a helper or slow path among the module's functions. */
  helper(name: string): number;
}

const LOADS: Record<Size, MemoryOpcode> = { 1: 'i32.load8_u', 2: 'i32.load16_u', 4: 'i32.load', 8: 'i64.load' };
const STORES: Record<Size, MemoryOpcode> = { 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store', 8: 'i64.store' };

/**
 * Turns micro-operations into the body of a WebAssembly function that returns a status ({@link CONTINUE} …).
 *
 * @param firstLocal index of the local that the definition's local 0 becomes; the code must have none after it yet
 */
export function lower(definition: Definition, code: Code, binding: Binding): void {
  new Lowering(definition, code, binding).body(definition.statements);
  code.i32(CONTINUE);
}

class Lowering {
  readonly #code: Code;
  readonly #binding: Binding;
  readonly #first: number;
  readonly #linear: number;
  readonly #entry: number;

  constructor(definition: Definition, code: Code, binding: Binding) {
    this.#code = code;
    this.#binding = binding;
    this.#first = code.parameters + code.locals.length;
    for (const type of definition.locals) code.local(type === 'i32' ? I32 : I64);
    this.#linear = code.local(I32);
    this.#entry = code.local(I32);
  }

  body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #expr(e: Expr): void {
    const code = this.#code;
    switch (e.k) {
      case 'local': code.get(this.#first + e.id); return;
      case 'const': if (e.type === 'i32') code.i32(e.value); else code.i64(e.value); return;
      case 'field': this.#binding.field(code, e.name); return;
      case 'select': this.#expr(e.a); this.#expr(e.b); this.#expr(e.condition); code.op('select'); return;
      case 'binary': this.#expr(e.a); this.#expr(e.b); code.op(`${e.a.type}.${e.op}` as Opcode); return;
      case 'unary':
        this.#expr(e.a);
        if (e.op === 'wrap') code.op('i32.wrap_i64');
        else if (e.op === 'extend_u') code.op('i64.extend_i32_u');
        else if (e.op === 'extend_s') code.op('i64.extend_i32_s');
        else code.op(`${e.a.type}.${e.op}` as Opcode);
        return;
    }
  }

  #statement(s: Statement): void {
    const code = this.#code, binding = this.#binding;
    switch (s.k) {
      case 'set': this.#expr(s.value); code.set(this.#first + s.local.id); return;
      case 'getRegister': {
        const offset = binding.register(code, s.register);
        code.memory(LOADS[s.size], offset).set(this.#first + s.local.id);
        return;
      }
      case 'setRegister': {
        const offset = binding.register(code, s.register);
        this.#expr(s.value);
        code.memory(STORES[s.size], offset);
        return;
      }
      case 'getState': code.i32(0).memory('i32.load', s.offset).set(this.#first + s.local.id); return;
      case 'setState': code.i32(0); this.#expr(s.value); code.memory('i32.store', s.offset); return;
      case 'address': binding.address(code); code.set(this.#first + s.local.id); return;
      case 'load': {
        this.#translate(s.segment, s.offset, s.size, false);
        code.if(s.size === 8 ? I64 : I32);
        code.get(this.#linear).get(this.#entry).memory('i32.load', TLB_ADDEND).op('i32.add').memory(LOADS[s.size], 0);
        code.else();
        code.get(this.#linear).i32(s.size).call(binding.helper(s.size === 8 ? 'readSlow64' : 'readSlow'));
        this.#checkFault();
        code.end().set(this.#first + s.local.id);
        return;
      }
      case 'store':
        this.#translate(s.segment, s.offset, s.size, true);
        code.if();
        code.get(this.#linear).get(this.#entry).memory('i32.load', TLB_ADDEND).op('i32.add');
        this.#expr(s.value);
        code.memory(STORES[s.size], 0);
        code.else();
        code.get(this.#linear).i32(s.size);
        this.#expr(s.value);
        code.call(binding.helper('writeSlow'));
        this.#checkFault();
        code.end();
        return;
      case 'access':
        this.#translate(s.segment, s.offset, s.size, true);
        code.if(I32);
        code.get(this.#linear).get(this.#entry).memory('i32.load', TLB_ADDEND).op('i32.add');
        code.else();
        code.get(this.#linear).i32(s.size).call(binding.helper('accessSlow'));
        this.#checkFault();
        code.end().set(this.#first + s.local.id);
        return;
      case 'peek': this.#expr(s.access); code.memory(LOADS[s.size], 0).set(this.#first + s.local.id); return;
      case 'poke':
        this.#expr(s.access); this.#expr(s.value); code.memory(STORES[s.size], 0);
        this.#expr(s.access); code.i32(L.SCRATCH).op('i32.eq').if();
        code.call(binding.helper('commit'));
        code.end();
        return;
      case 'lazyFlags':
        this.#store(L.FLAGS_OP, () => code.i32((s.kind << 2) | (31 - Math.clz32(s.size))));
        this.#store(L.FLAGS_RESULT, () => this.#expr(s.result));
        this.#store(L.FLAGS_SOURCE, () => this.#expr(s.source));
        if (s.carry) { const carry = s.carry; this.#store(L.FLAGS_CARRY, () => this.#expr(carry)); }
        return;
      case 'carryOverflow': this.#carryOverflow(s.carry, s.overflow); return;
      case 'getFlags': code.call(binding.helper('flagsWord')).set(this.#first + s.local.id); return;
      case 'setFlags':
        this.#store(L.EFLAGS, () => this.#expr(s.value));
        this.#store(L.FLAGS_OP, () => code.i32(0));
        return;
      case 'condition': lowerCondition(code, s.cc, this.#linear, () => code.call(binding.helper('flagsWord'))); code.set(this.#first + s.local.id); return;
      case 'if':
        this.#expr(s.condition);
        code.if();
        this.body(s.then);
        if (s.otherwise.length > 0) { code.else(); this.body(s.otherwise); }
        code.end();
        return;
      case 'checkTarget':
        if (binding.codeFlat) return;
        this.#expr(s.target);
        code.i32(0).memory('i32.load', L.SEG + L.CS * L.SEG_SIZE + L.SEG_LIMIT).op('i32.gt_u').if();
        this.#raise(GP, 0);
        code.end();
        return;
      case 'jump': this.#store(L.EIP, () => this.#expr(s.target)); code.i32(JUMPED).return(); return;
      case 'finish': code.i32(JUMPED).return(); return;
      case 'call':
        binding.beforeCall(code);
        this.#expr(s.a); this.#expr(s.b);
        code.call(binding.helper(s.helper));
        if (s.local) code.set(this.#first + s.local.id); else code.op('drop');
        code.i32(0).memory('i32.load', L.FAULT_VECTOR).i32(0).op('i32.ge_s').if().i32(FAULTED).return().end();
        return;
      case 'raise': this.#raise(s.vector, s.error); return;
    }
  }

  #store(offset: number, value: () => void): void {
    this.#code.i32(0);
    value();
    this.#code.memory('i32.store', offset);
  }

  #raise(vector: number, error: number): void {
    this.#store(L.FAULT_VECTOR, () => this.#code.i32(vector));
    this.#store(L.FAULT_ERROR, () => this.#code.i32(error));
    this.#code.i32(FAULTED).return();
  }

  #checkFault(): void {
    this.#code.i32(0).memory('i32.load', L.FAULT_VECTOR).i32(0).op('i32.ge_s').if().i32(FAULTED).return().end();
  }

  /** Leaves the linear address and its TLB entry in their locals and, on the stack, whether the TLB allows the access. */
  #translate(segment: Segment, offset: Expr, size: Size, write: boolean): void {
    const code = this.#code, binding = this.#binding;
    this.#expr(offset);
    code.set(this.#linear);
    if (!binding.isFlat(segment)) {
      binding.segment(code, segment);
      code.tee(this.#entry).i32(5).op('i32.shl').memory('i32.load', L.SEG + (write ? L.SEG_FLAT_WRITE : L.SEG_FLAT_READ)).op('i32.eqz').if();
      code.get(this.#entry).i32((size << 3) | (write ? 0x80 : 0)).op('i32.or').get(this.#linear).call(binding.helper('segmentSlow')).set(this.#linear);
      this.#checkFault();
      code.end();
    }
    code.i32(0).memory('i32.load', L.TLB_BASE);
    code.get(this.#linear).i32(8).op('i32.shr_u').i32((L.TLB_ENTRIES - 1) * L.TLB_ENTRY).op('i32.and').op('i32.add');
    code.tee(this.#entry).memory('i32.load', write ? TLB_WRITE_TAG : TLB_READ_TAG);
    code.get(this.#linear);
    if (size > 1) code.i32(size - 1).op('i32.add');
    code.i32(-4096).op('i32.and').op('i32.eq');
  }

  /** Replaces CF and OF: in the flags word, or beside a pending lazy result. */
  #carryOverflow(carry: Expr, overflow: Expr): void {
    const code = this.#code;
    code.i32(0).memory('i32.load', L.FLAGS_OP).if();
    this.#store(L.FLAGS_OP, () => code.i32(0).memory('i32.load', L.FLAGS_OP).i32(LAZY_OVERRIDE).op('i32.or'));
    this.#store(L.FLAGS_CARRY, () => {
      code.i32(0).memory('i32.load', L.FLAGS_CARRY).i32(1).op('i32.and');
      this.#expr(carry); code.i32(1).op('i32.shl').op('i32.or');
      this.#expr(overflow); code.i32(2).op('i32.shl').op('i32.or');
    });
    code.else();
    this.#store(L.EFLAGS, () => {
      code.i32(0).memory('i32.load', L.EFLAGS).i32(~0x801).op('i32.and');
      this.#expr(carry); code.op('i32.or');
      this.#expr(overflow); code.i32(11).op('i32.shl').op('i32.or');
    });
    code.end();
  }
}
