import { LAZY_ADC, LAZY_ADD, LAZY_DEC, LAZY_INC, LAZY_OVERRIDE, LAZY_SBB, LAZY_SUB } from '../state/flags.ts';
import type { Code, Opcode } from '../wasm/encoder.ts';
import type { UnitInstruction } from './region.ts';

/** The locals that hold the lazy flags; `left` the left operand, where it is known. */
export interface FlagLocals {
  readonly op: number;
  readonly result: number;
  readonly source: number;
  readonly carry: number;
  readonly left: number;
}

/** What is known at one place: FLAGS_OP, and whether the left operand is at hand. */
export interface KnownFlags {
  readonly op: number;
  readonly left: boolean;
}

/** What between two settings of the flags neither looks at them nor may leave the block. */
const BLIND: ReadonlySet<string> = new Set(['set', 'getRegister', 'setRegister', 'address', 'getState']);

/** Whether the flags that an instruction of a block sets are set anew before anybody could see them. */
export function flagsDie(block: readonly UnitInstruction[], n: number): boolean {
  if (block[n].stores || !block[n].definition.statements.some(({ k }) => k === 'lazyFlags')) return false;
  for (const { definition } of block.slice(n + 1)) {
    const next = definition.statements.find(({ k }) => !BLIND.has(k));
    if (next) return next.k === 'lazyFlags';
  }
  return false;
}

const COMPARISONS: Record<number, [Opcode, Opcode]> = {
  1: ['i32.lt_u', 'i32.ge_u'],
  3: ['i32.le_u', 'i32.gt_u'],
  6: ['i32.lt_s', 'i32.ge_s'],
  7: ['i32.le_s', 'i32.gt_s'],
};

/** Pushes a condition code as 0 or 1 where the producer of the flags is known. */
export function knownCondition(code: Code, cc: number, flags: KnownFlags, at: FlagLocals): void {
  const bits = 8 << (flags.op & 3);
  const kind = (flags.op >> 2) & 7;
  const override = (flags.op & LAZY_OVERRIDE) !== 0;
  const negate = (cc & 1) !== 0;
  const left = (): void => {
    if (flags.left) {
      code.get(at.left);
      return;
    }
    code
      .get(at.result)
      .get(at.source)
      .op(kind === LAZY_ADD || kind === LAZY_ADC ? 'i32.sub' : 'i32.add');
    if (kind === LAZY_ADC) code.get(at.carry).i32(1).op('i32.and').op('i32.sub');
    if (kind === LAZY_SBB) code.get(at.carry).i32(1).op('i32.and').op('i32.add');
    if (bits < 32) code.i32(bits === 8 ? 0xff : 0xffff).op('i32.and');
  };
  const extend = (): void => {
    if (bits < 32) code.op(bits === 8 ? 'i32.extend8_s' : 'i32.extend16_s');
  };
  const bit = (n: number): void => {
    code.i32(n).op('i32.shr_u').i32(1).op('i32.and');
  };
  const zero = (): void => {
    code.get(at.result).op('i32.eqz');
  };
  const sign = (): void => {
    code.get(at.result);
    extend();
    code.i32(31).op('i32.shr_u');
  };
  const carry = (): void => {
    if (override) {
      code.get(at.carry);
      bit(1);
      return;
    }
    switch (kind) {
      case LAZY_ADD:
        code.get(at.result).get(at.source).op('i32.lt_u');
        return;
      case LAZY_SUB:
        left();
        code.get(at.source).op('i32.lt_u');
        return;
      case LAZY_ADC:
        borrow(() => code.get(at.result));
        return;
      case LAZY_SBB:
        borrow(left);
        return;
      default:
        code.get(at.carry).i32(1).op('i32.and');
    }
  };
  const borrow = (value: () => void): void => {
    value();
    code.get(at.source).op('i32.lt_u');
    value();
    code.get(at.source).op('i32.eq').get(at.carry).op('i32.and').i32(1).op('i32.and').op('i32.or');
  };
  const overflow = (): void => {
    if (override) {
      code.get(at.carry);
      bit(2);
      return;
    }
    switch (kind) {
      case LAZY_INC:
        code
          .get(at.result)
          .i32(bits === 32 ? -0x80000000 : 1 << (bits - 1))
          .op('i32.eq');
        return;
      case LAZY_DEC:
        code
          .get(at.result)
          .i32(bits === 32 ? 0x7fffffff : (1 << (bits - 1)) - 1)
          .op('i32.eq');
        return;
      case LAZY_ADD:
      case LAZY_ADC:
        left();
        code.get(at.result).op('i32.xor').get(at.source).get(at.result).op('i32.xor').op('i32.and');
        bit(bits - 1);
        return;
      default:
        left();
        code.get(at.source).op('i32.xor');
        left();
        code.get(at.result).op('i32.xor').op('i32.and');
        bit(bits - 1);
    }
  };
  const compare = COMPARISONS[cc >> 1] as [Opcode, Opcode] | undefined;
  if (compare && kind === LAZY_SUB && !override) {
    const signed = cc >> 1 >= 6;
    left();
    if (signed) extend();
    code.get(at.source);
    if (signed) extend();
    code.op(compare[negate ? 1 : 0]);
    return;
  }
  switch (cc >> 1) {
    case 0:
      overflow();
      break;
    case 1:
      carry();
      break;
    case 2:
      zero();
      break;
    case 3:
      carry();
      zero();
      code.op('i32.or');
      break;
    case 4:
      sign();
      break;
    case 5:
      code.get(at.result).i32(0xff).op('i32.and').op('i32.popcnt').i32(1).op('i32.and').op('i32.eqz');
      break;
    case 6:
      sign();
      overflow();
      code.op('i32.xor');
      break;
    case 7:
      sign();
      overflow();
      code.op('i32.xor');
      zero();
      code.op('i32.or');
      break;
  }
  if (negate) code.op('i32.eqz');
}
