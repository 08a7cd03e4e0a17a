import { FPU_STATUS } from '../state/layout.ts';
import { CF, PF, ZF } from '../state/flags.ts';
import { squareRoot } from './square_root.ts';
import { compareFlags, compareRegister, finishCompare, withRegister } from './binary.ts';
import { resetFpu, statusWord } from './environment.ts';
import { control, form, type Form, immediate } from './form.ts';
import { compare, examine, extract, roundInteger, scale, UNORDERED } from './operations.ts';
import { empty, loadTop, setCondition } from './registers.ts';
import { A_SE, B_HI, B_LO, B_SE, C0, C1, C3, IE, SF, SIGN, x } from './scratch.ts';
import { exponential, logarithm, logarithmPlusOne } from './logarithmic.ts';
import { arcTangent, cosine, sine, sineCosine, tangent } from './trigonometric.ts';
import { circular, constantForm, dyadic, remainderForm, signForm, twofold, unary } from './function_forms.ts';
import {
  conditionalMove,
  decrementTop,
  exchange,
  free,
  freePop,
  incrementTop,
  loadRegister,
  storeQuietly,
  storeRegister,
} from './stack_forms.ts';

const test = form((_cpu, s) => {
  if (empty(s, 0)) {
    finishCompare(s, UNORDERED, IE | SF, 0);
    return;
  }
  loadTop(s);
  x[B_LO] = 0;
  x[B_HI] = 0;
  x[B_SE] = 0;
  finishCompare(s, compare(false), 0, 0);
});

const examineForm = form((_cpu, s) => {
  loadTop(s);
  setCondition(s, empty(s, 0) ? C0 | C3 | ((x[A_SE] & SIGN) !== 0 ? C1 : 0) : examine());
});

const nothing = control(() => {
  /* FNOP */
});

/** FNENI, FNDISI and FNSETPM did something on the 8087 and 80287. */
const ignored = immediate(() => {
  /* nothing since the 80387 */
});

const clearExceptions = immediate((_cpu, s) => {
  s.u32[FPU_STATUS >> 2] &= ~0x80ff;
});

const initialise = immediate((cpu) => {
  resetFpu(cpu);
});

const storeStatusAx = immediate((_cpu, s) => {
  s.eax = ((s.eax & 0xffff_0000) | statusWord(s)) >>> 0;
});

const eight = (f: Form | null): (Form | null)[] => Array.from({ length: 8 }, () => f);

const arithmetic = (operation: number, reversed: boolean, pops: boolean) =>
  eight(
    form((_cpu, s, i) => {
      withRegister(s, operation, i, reversed ? i : 0, pops);
    }),
  );

const compares = (quiet: boolean, pops: number) =>
  eight(
    form((_cpu, s, i) => {
      compareRegister(s, i, quiet, pops);
    }),
  );

const flagCompares = (quiet: boolean, pops: boolean) =>
  eight(
    form((_cpu, s, i) => {
      compareFlags(s, i, quiet, pops);
    }),
  );

const comparePopTwo = (quiet: boolean) =>
  form((_cpu, s) => {
    compareRegister(s, 1, quiet, 2);
  });

const moves = (when: boolean) => [CF, ZF, CF | ZF, PF].flatMap((mask) => eight(conditionalMove(mask, when)));

const undefinedEight = eight(null);

/** Forms on registers, by opcode (D8-DF) × the low six bits of modrm; null is undefined. */
export const registerForms: readonly (Form | null)[] = [
  /* D8 */
  ...arithmetic(0, false, false),
  ...arithmetic(1, false, false),
  ...compares(false, 0),
  ...compares(false, 1),
  ...arithmetic(4, false, false),
  ...arithmetic(5, false, false),
  ...arithmetic(6, false, false),
  ...arithmetic(7, false, false),
  /* D9 */
  ...eight(loadRegister),
  ...eight(exchange),
  nothing,
  ...eight(null).slice(1),
  ...eight(storeQuietly),
  signForm((se) => se ^ SIGN),
  signForm((se) => se & ~SIGN),
  null,
  null,
  test,
  examineForm,
  null,
  null,
  constantForm(0),
  constantForm(1),
  constantForm(2),
  constantForm(3),
  constantForm(4),
  constantForm(5),
  constantForm(6),
  null,
  unary(exponential, true),
  dyadic(logarithm, true),
  twofold(tangent, true),
  dyadic(arcTangent, true),
  twofold(extract, false),
  remainderForm(true),
  decrementTop,
  incrementTop,
  remainderForm(false),
  dyadic(logarithmPlusOne, true),
  unary(squareRoot, false),
  twofold(sineCosine, true),
  unary(roundInteger, true),
  dyadic(scale, false),
  circular(sine),
  circular(cosine),
  /* DA */
  ...moves(true),
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  comparePopTwo(true),
  null,
  null,
  null,
  null,
  null,
  null,
  ...undefinedEight,
  ...undefinedEight,
  /* DB */
  ...moves(false),
  ignored,
  ignored,
  clearExceptions,
  initialise,
  ignored,
  null,
  null,
  null,
  ...flagCompares(true, false),
  ...flagCompares(false, false),
  ...undefinedEight,
  /* DC */
  ...arithmetic(0, true, false),
  ...arithmetic(1, true, false),
  ...compares(false, 0),
  ...compares(false, 1),
  ...arithmetic(4, true, false),
  ...arithmetic(5, true, false),
  ...arithmetic(6, true, false),
  ...arithmetic(7, true, false),
  /* DD */
  ...eight(free),
  ...eight(exchange),
  ...eight(storeRegister(false)),
  ...eight(storeRegister(true)),
  ...compares(true, 0),
  ...compares(true, 1),
  ...undefinedEight,
  ...undefinedEight,
  /* DE */
  ...arithmetic(0, true, true),
  ...arithmetic(1, true, true),
  ...compares(false, 1),
  null,
  comparePopTwo(false),
  null,
  null,
  null,
  null,
  null,
  null,
  ...arithmetic(4, true, true),
  ...arithmetic(5, true, true),
  ...arithmetic(6, true, true),
  ...arithmetic(7, true, true),
  /* DF */
  ...eight(freePop),
  ...eight(exchange),
  ...eight(storeRegister(true)),
  ...eight(storeRegister(true)),
  storeStatusAx,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  ...flagCompares(true, true),
  ...flagCompares(false, true),
  ...undefinedEight,
];
