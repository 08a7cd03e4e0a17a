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

/** So many codes that mean nothing. */
const none = (count: number): null[] => Array.from({ length: count }, () => null);

/** The eight rows of two-operand arithmetic: addition, multiplication, two rows of comparisons, subtractions and divisions. */
const arithmeticRows = (reversed: boolean, pops: boolean, comparisons: readonly (Form | null)[]) => [
  ...[0, 1].flatMap((operation) => arithmetic(operation, reversed, pops)),
  ...comparisons,
  ...[4, 5, 6, 7].flatMap((operation) => arithmetic(operation, reversed, pops)),
];

/** Forms on registers, by opcode (D8-DF) × the low six bits of modrm; null is undefined. */
export const registerForms: readonly (Form | null)[] = [
  /* D8 */
  ...arithmeticRows(false, false, [...compares(false, 0), ...compares(false, 1)]),
  /* D9 */
  ...eight(loadRegister),
  ...eight(exchange),
  nothing,
  ...none(7),
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
  ...none(9),
  comparePopTwo(true),
  ...none(6),
  ...none(16),
  /* DB */
  ...moves(false),
  ignored,
  ignored,
  clearExceptions,
  initialise,
  ignored,
  ...none(3),
  ...flagCompares(true, false),
  ...flagCompares(false, false),
  ...none(8),
  /* DC */
  ...arithmeticRows(true, false, [...compares(false, 0), ...compares(false, 1)]),
  /* DD */
  ...eight(free),
  ...eight(exchange),
  ...eight(storeRegister(false)),
  ...eight(storeRegister(true)),
  ...compares(true, 0),
  ...compares(true, 1),
  ...none(16),
  /* DE */
  ...arithmeticRows(true, true, [...compares(false, 1), null, comparePopTwo(false), ...none(6)]),
  /* DF */
  ...eight(freePop),
  ...eight(exchange),
  ...eight(storeRegister(true)),
  ...eight(storeRegister(true)),
  storeStatusAx,
  ...none(7),
  ...flagCompares(true, true),
  ...flagCompares(false, true),
  ...none(8),
];
