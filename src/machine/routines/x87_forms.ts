import * as L from '../state/layout.ts';
import { BIAS, C0, C1, C3, EXP, PE, SIGN } from '../fpu/scratch.ts';
import type { Expr, Local } from '../ir/nodes.ts';
import type { Routine } from './routine.ts';
import { narrowed, product, quotient, root, sum } from './x87_arithmetic.ts';
import { Short, TOP_BIT, ROUNDING, rounded, type Float, type Unrounded } from './x87.ts';

/** The x87 instructions that have a short way: their names are those of short_ways.ts in fpu/. */

type Operation = (s: Short, a: Float, b: Float, zero: () => void) => Unrounded;
const negated = (s: Short, { m, se }: Float): Float => ({ m, se: s.r.let(s.r.xor(se, SIGN)) });
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add: sum,
  Multiply: product,
  Subtract: (s, a, b, zero) => sum(s, a, negated(s, b), zero),
  SubtractReversed: (s, a, b, zero) => sum(s, b, negated(s, a), zero),
  Divide: quotient,
  DivideReversed: (s, a, b) => quotient(s, b, a),
};

/** An operand in memory, as a number. */
const single = (s: Short): Float => s.real(4);
const double = (s: Short): Float => s.real(8);
const extended = (s: Short): Float => {
  const at = s.place(10, false);
  return { m: s.r.read(at, 0, 8), se: s.r.read(at, 8, 2) };
};
const integer =
  (size: 2 | 4 | 8) =>
  (s: Short): Float => {
    const { r } = s;
    const raw = r.read(s.place(size, false), 0, size);
    return s.integer(size === 8 ? raw : r.wideSigned(r.signed(raw, size)));
  };

const compute = (s: Short, operation: Operation, a: Float, b: Float, deliver: (m: Expr | number, se: Expr | number) => void): void => {
  s.demandNormal(a, b);
  const { m, se, flags } = rounded(
    s,
    operation(s, a, b, () => {
      s.status(0);
      deliver(0, 0);
    }),
  );
  s.status(flags);
  deliver(m, se);
};

const arithmeticMemory = (operation: Operation, operand: (s: Short) => Float) => (r: Routine) => {
  const s = new Short(r, true);
  const p = s.physical(0);
  s.demandInUse(p);
  compute(s, operation, s.get(p), operand(s), (m, se) => {
    s.put(p, m, se);
    s.done(true);
  });
};

/** D8: the result in ST(0); DC: in ST(i); DE: in ST(i), and a pop. */
const arithmetic = (operation: Operation) => (r: Routine) => {
  const s = new Short(r, true);
  const p = s.physical(0);
  const q = s.operandRegister();
  s.demandInUse(p, q);
  compute(s, operation, s.get(p), s.get(q), (m, se) => {
    s.put(r.let(r.select(r.and(s.bits, 0x400), q, p)), m, se);
    r.if(r.eq(r.and(s.bits, 0x600), 0x600), () => s.pop(p));
    s.done(false);
  });
};

/** The condition codes of a comparison of normal numbers and zeros. */
function codes(s: Short, a: Float, b: Float): Expr {
  const { r } = s;
  s.demandNormalOrZero(a, b);
  const [aNegative, bNegative] = [a, b].map(({ se }) => r.let(r.shr(r.and(se, SIGN), 15)));
  const [ae, be] = [r.let(s.exponent(a)), r.let(s.exponent(b))];
  const less = r.let(r.or(r.op('lt_u', ae, be), r.and(r.eq(ae, be), r.op('lt_u', a.m, b.m))));
  const equal = r.or(r.unary('eqz', r.or(a.m, b.m)), r.and(r.eq(a.se, b.se), r.eq(a.m, b.m)));
  const below = r.select(r.eq(aNegative, bNegative), r.xor(less, aNegative), aNegative);
  return r.let(r.select(equal, C3, r.select(below, C0, 0)));
}

const compareMemory = (operand: (s: Short) => Float) => (r: Routine) => {
  const s = new Short(r, false);
  const p = s.physical(0);
  s.demandInUse(p);
  s.condition(codes(s, s.get(p), operand(s)));
  r.if(r.and(s.bits, 8), () => s.pop(p));
  s.done(true);
};
const compare = (r: Routine): void => {
  const s = new Short(r, false);
  const p = s.physical(0);
  const q = s.operandRegister();
  s.demandInUse(p, q);
  s.condition(codes(s, s.get(p), s.get(q)));
  r.if(r.and(s.bits, 8), () => s.pop(p));
  s.done(false);
};
const comparePopTwo = (r: Routine): void => {
  const s = new Short(r, false);
  const p = s.physical(0);
  const q = s.physical(1);
  s.demandInUse(p, q);
  s.condition(codes(s, s.get(p), s.get(q)));
  s.pop(p);
  s.pop(q);
  s.done(false);
};
const test = (r: Routine): void => {
  const s = new Short(r, false);
  const p = s.physical(0);
  s.demandInUse(p);
  const zero = { m: r.let(r.const64(0)), se: r.let(0) };
  s.condition(codes(s, s.get(p), zero));
  s.done(false);
};

const load = (operand: (s: Short) => Float, inMemory: boolean) => (r: Routine) => {
  const s = new Short(r, false);
  const push = s.room();
  const { m, se } = operand(s);
  s.status(0);
  push(m, se);
  s.done(inMemory);
};
const register = (s: Short): Float => {
  const q = s.operandRegister();
  s.demandInUse(q);
  return s.get(q);
};
const known =
  (m: number, se: number) =>
  ({ r }: Short): Float => ({ m: r.let(r.const64(m)), se: r.let(se) });

/** ST(0), which is in use. */
const top = (s: Short): { p: Local; a: Float } => {
  const p = s.physical(0);
  s.demandInUse(p);
  return { p, a: s.get(p) };
};

const flagsOf = ({ r }: Short, inexact: Expr, up: Expr): Expr => r.or(r.select(inexact, PE, 0), r.select(up, C1, 0));

const storeReal = (size: 4 | 8) => (r: Routine) => {
  const s = new Short(r, true);
  const { p, a } = top(s);
  s.demandNormalOrZero(a);
  const at = s.place(size, true);
  const [fraction, bias] = size === 8 ? [52, 1023] : [23, 127];
  const { m, inexact, up, carry } = narrowed(s, a.m, 63 - fraction);
  const zero = r.let(s.isZero(a));
  const e = r.let(r.add(r.sub(s.exponent(a), BIAS - bias), carry));
  r.giveUpIf(r.and(r.not(zero), r.op('ge_u', r.sub(e, 1), bias * 2)));
  const sign = r.shl(r.wide(r.shr(r.and(a.se, SIGN), 15)), size * 8 - 1);
  // The bits behind the leading one: none where a carry left nothing else.
  const rest = r.and(m, 2 ** fraction - 1);
  const value = r.let(r.or(sign, r.select(zero, r.const64(0), r.or(r.shl(r.wide(e), fraction), rest))));
  r.write(at, size === 8 ? value : r.wrap(value), 0, size);
  s.status(flagsOf(s, inexact, up));
  r.if(r.and(s.bits, 8), () => s.pop(p));
  s.done(true);
};

const storeExtended = (r: Routine): void => {
  const s = new Short(r, false);
  const { p, a } = top(s);
  const at = s.place(10, true);
  r.write(at, a.m, 0, 8);
  r.write(at, a.se, 8, 2);
  s.status(0);
  s.pop(p);
  s.done(true);
};

/** Rounds to nearest or towards zero. */
const storeInteger = (size: 4 | 8) => (r: Routine) => {
  const s = new Short(r, false);
  const { p, a } = top(s);
  s.demandNormalOrZero(a);
  const rounding = r.let(r.and(r.read(L.FPU_CONTROL), ROUNDING));
  r.giveUpIf(r.and(r.ne(rounding, 0), r.ne(rounding, ROUNDING)));
  const e = r.let(s.exponent(a));
  r.giveUpIf(r.op('gt_u', e, BIAS + size * 8 - 2));
  const at = s.place(size, true);
  const shift = r.let(r.sub(r.const(BIAS + 63), e));
  const wide = r.let(r.wide(shift));
  const small = r.let(r.op('ge_u', shift, 64));
  const whole = r.let(r.select(small, r.const64(0), r.shr(a.m, wide)));
  const below = r.let(r.select(small, r.select(r.eq(shift, 64), a.m, r.wide(r.ne(a.m, 0))), r.shl(a.m, r.sub(r.const64(64), wide))));
  const nearest = r.and(r.op('lt_s', below, 0), r.or(r.ne(below, TOP_BIT), r.wrap(r.and(whole, 1))));
  const up = r.let(r.and(r.not(rounding), nearest));
  const magnitude = r.let(r.add(whole, r.wide(up)));
  r.giveUpIf(r.ne(r.shr(magnitude, size * 8 - 1), 0));
  const value = r.let(r.select(r.and(a.se, SIGN), r.sub(r.const64(0), magnitude), magnitude));
  r.write(at, size === 8 ? value : r.wrap(value), 0, size);
  s.status(flagsOf(s, r.ne(below, 0), up));
  r.if(r.and(s.bits, 8), () => s.pop(p));
  s.done(true);
};

const storeRegister = (r: Routine): void => {
  const s = new Short(r, false);
  const { p, a } = top(s);
  const q = s.operandRegister();
  s.status(0);
  s.put(q, a.m, a.se);
  r.write(q, 0, L.FPU_EMPTY, 1);
  r.if(r.and(s.bits, 8), () => s.pop(p));
  s.done(false);
};
const exchange = (r: Routine): void => {
  const s = new Short(r, false);
  const p = s.physical(0);
  const q = s.operandRegister();
  s.demandInUse(p, q);
  const [a, b] = [s.get(p), s.get(q)];
  s.status(0);
  s.put(p, b.m, b.se);
  s.put(q, a.m, a.se);
  s.done(false);
};
const changeSign = (change: (r: Routine, se: Expr) => Expr) => (r: Routine) => {
  const s = new Short(r, false);
  const { p, a } = top(s);
  s.status(0);
  s.put(p, a.m, change(r, a.se));
  s.done(false);
};
const squareRoot = (r: Routine): void => {
  const s = new Short(r, true);
  const { p, a } = top(s);
  s.demandNormal(a);
  r.giveUpIf(r.and(a.se, SIGN));
  const { m, se, flags } = rounded(s, root(s, a));
  s.status(flags);
  s.put(p, m, se);
  s.done(false);
};

/** FLDCW between words that mask everything: nothing can become pending. */
const loadControl = (r: Routine): void => {
  const s = new Short(r, false);
  const word = r.read(s.place(2, false), 0, 2);
  r.giveUpIf(r.ne(r.and(word, 0x3f), 0x3f));
  r.write(L.FPU_CONTROL, r.or(r.and(word, 0x1f3f), 0x40));
  r.return(0);
};

/** By name. */
export const X87_ROUTINES: Readonly<Record<string, (r: Routine) => void>> = {
  ...Object.fromEntries(
    Object.entries(OPERATIONS).flatMap(([name, operation]) => [
      [`x87${name}`, arithmetic(operation)],
      [`x87${name}Single`, arithmeticMemory(operation, single)],
      [`x87${name}Double`, arithmeticMemory(operation, double)],
      [`x87${name}Integer`, arithmeticMemory(operation, integer(4))],
    ]),
  ),
  x87Compare: compare,
  x87CompareSingle: compareMemory(single),
  x87CompareDouble: compareMemory(double),
  x87ComparePopTwo: comparePopTwo,
  x87Test: test,
  x87LoadSingle: load(single, true),
  x87LoadDouble: load(double, true),
  x87LoadExtended: load(extended, true),
  x87LoadInteger16: load(integer(2), true),
  x87LoadInteger32: load(integer(4), true),
  x87LoadInteger64: load(integer(8), true),
  x87LoadRegister: load(register, false),
  x87LoadOne: load(known(TOP_BIT, BIAS), false),
  x87LoadZero: load(known(0, 0), false),
  x87StoreSingle: storeReal(4),
  x87StoreDouble: storeReal(8),
  x87StoreExtended: storeExtended,
  x87StoreInteger32: storeInteger(4),
  x87StoreInteger64: storeInteger(8),
  x87StoreRegister: storeRegister,
  x87Exchange: exchange,
  x87ChangeSign: changeSign((r, se) => r.xor(se, SIGN)),
  x87Absolute: changeSign((r, se) => r.and(se, EXP)),
  x87SquareRoot: squareRoot,
  x87LoadControl: loadControl,
};
