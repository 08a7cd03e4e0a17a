import * as L from '../state/layout.ts';
import { LAZY_SUB } from '../state/flags.ts';
import { I32, type Code, type Opcode } from './encoder.ts';

/**
 * Pushes a condition code (0 o, 2 b, 4 e, 6 be, 8 s, 10 p, 12 l, 14 le; odd: the opposite) as 0 or 1, from the lazy flags.
 *
 * After CMP, SUB and bitwise instructions (kind SUB, no override) a comparison of the operands answers; ZF, SF and PF follow
 * from any result; the rest asks for the whole flags word.
 *
 * @param scratch an i32 local
 * @param flagsWord pushes the flags word
 * @param state pushes a word of the CPU state
 */
export function lowerCondition(code: Code, cc: number, scratch: number, flagsWord: () => void, state: (offset: number) => void): void {
  const load = (offset: number): Code => {
    state(offset);
    return code;
  };
  const negate = (cc & 1) !== 0;
  switch (cc >> 1) {
    case 2:
      fromResult(() => load(L.FLAGS_RESULT).op('i32.eqz'), 6);
      return;
    case 4:
      fromResult(
        () =>
          load(L.FLAGS_RESULT)
            .i32(8)
            .get(scratch)
            .i32(3)
            .op('i32.and')
            .op('i32.shl')
            .i32(1)
            .op('i32.sub')
            .op('i32.shr_u')
            .i32(1)
            .op('i32.and'),
        7,
      );
      return;
    case 5:
      fromResult(() => load(L.FLAGS_RESULT).i32(0xff).op('i32.and').op('i32.popcnt').i32(-1).op('i32.xor').i32(1).op('i32.and'), 2);
      return;
    case 1:
      fromOperands(negate ? 'i32.ge_u' : 'i32.lt_u');
      return;
    case 3:
      fromOperands(negate ? 'i32.gt_u' : 'i32.le_u');
      return;
    case 6:
      fromOperands(negate ? 'i32.ge_s' : 'i32.lt_s');
      return;
    case 7:
      fromOperands(negate ? 'i32.gt_s' : 'i32.le_s');
      return;
    default:
      fromWord();
  }

  function fromResult(value: () => void, bit: number): void {
    load(L.FLAGS_OP).tee(scratch).if(I32);
    value();
    code.else();
    load(L.EFLAGS).i32(bit).op('i32.shr_u').i32(1).op('i32.and').end();
    if (negate) code.op('i32.eqz');
  }

  function fromOperands(compare: Opcode): void {
    // Left operand = result + source, cut to its size by shifting both up.
    load(L.FLAGS_OP)
      .tee(scratch)
      .i32(-4)
      .op('i32.and')
      .i32(LAZY_SUB << 2)
      .op('i32.eq')
      .if(I32);
    code.i32(32).i32(8).get(scratch).i32(3).op('i32.and').op('i32.shl').op('i32.sub').set(scratch);
    load(L.FLAGS_RESULT);
    load(L.FLAGS_SOURCE).op('i32.add').get(scratch).op('i32.shl');
    load(L.FLAGS_SOURCE).get(scratch).op('i32.shl').op(compare);
    code.else();
    fromWord();
    code.end();
  }

  function fromWord(): void {
    flagsWord();
    code.set(scratch);
    const bit = (n: number): Code => code.get(scratch).i32(n).op('i32.shr_u');
    switch (cc >> 1) {
      case 0:
        bit(11);
        break;
      case 1:
        bit(0);
        break;
      case 3:
        bit(0);
        bit(6).op('i32.or');
        break;
      case 6:
        bit(7);
        bit(11).op('i32.xor');
        break;
      case 7:
        bit(7);
        bit(11).op('i32.xor');
        bit(6).op('i32.or');
        break;
    }
    code.i32(1).op('i32.and');
    if (negate) code.op('i32.eqz');
  }
}
