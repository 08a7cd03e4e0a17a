import { FPU_STATUS } from '../state/layout.ts';
import { CF, PF, ZF } from '../state/flags.ts';
import { squareRoot } from './arithmetic.ts';
import { compareFlags, compareRegister, finishCompare, withRegister } from './binary.ts';
import { resetFpu, statusWord } from './environment.ts';
import { control, form, immediate } from './form.ts';
import type { Form } from './form.ts';
import { UNORDERED, compare, constant, examine, extract, remainder, roundInteger, scale } from './operations.ts';
import { empty, finish, fullPrecision, load, loadTop, pop, push, setCondition, setEmpty, store, turn, underflow } from './registers.ts';
import { A_LO, A_SE, B_HI, B_LO, B_SE, C0, C1, C2, C3, FLAGS, IE, Q_LO, R_LO, SF, SIGN, setIndefinite, x } from './scratch.ts';
import { arcTangent, cosine, exponential, inRange, logarithm, logarithmPlusOne, sine, sineCosine, tangent } from './transcendental.ts';

/** ST(0) = f(ST(0)), at full width whatever the precision control. */
function unary(operation: () => void, ignoresPrecision: boolean): Form {
  return form((_cpu, s) => {
    if (empty(s, 0)) {
      if (underflow(s)) store(s, 0, R_LO);
      return;
    }
    loadTop(s);
    if (ignoresPrecision) fullPrecision();
    operation();
    if (finish(s)) store(s, 0, R_LO);
  });
}

/** ST(i) = f(ST(0), ST(1)), at full width; with `pops` the result goes to ST(1) and ST(0) is popped. */
function dyadic(operation: () => void, pops: boolean): Form {
  return form((_cpu, s) => {
    if (empty(s, 0) || empty(s, 1)) {
      if (!underflow(s)) return;
    } else {
      load(s, 0, A_LO);
      load(s, 1, B_LO);
      fullPrecision();
      operation();
      if (!finish(s)) return;
    }
    store(s, pops ? 1 : 0, R_LO);
    if (pops) pop(s);
  });
}

/** FSIN, FCOS: C2 tells that the operand is out of range and was left alone. */
function circular(operation: () => void): Form {
  return form((_cpu, s) => {
    s.u32[FPU_STATUS >> 2] &= ~C2;
    if (empty(s, 0)) {
      if (underflow(s)) store(s, 0, R_LO);
      return;
    }
    loadTop(s);
    if (!inRange()) {
      finish(s);
      s.u32[FPU_STATUS >> 2] |= C2;
      return;
    }
    fullPrecision();
    operation();
    if (finish(s)) store(s, 0, R_LO);
  });
}

/** ST(0) replaced by R and Q pushed: FPTAN, FSINCOS, FXTRACT. */
function twofold(operation: () => void, ranged: boolean): Form {
  return form((_cpu, s) => {
    if (ranged) s.u32[FPU_STATUS >> 2] &= ~C2;
    const under = empty(s, 0);
    if (under || !empty(s, -1)) {
      x[FLAGS] |= IE | SF | (under ? 0 : C1);
      if (!finish(s)) return;
      setIndefinite();
      store(s, 0, R_LO);
      turn(s, -1);
      store(s, 0, R_LO);
      return;
    }
    loadTop(s);
    if (ranged && !inRange()) {
      finish(s);
      s.u32[FPU_STATUS >> 2] |= C2;
      return;
    }
    fullPrecision();
    operation();
    if (!finish(s)) return;
    store(s, 0, Q_LO);
    turn(s, -1);
    store(s, 0, R_LO);
  });
}

function remainderForm(nearest: boolean): Form {
  return form((_cpu, s) => {
    if (empty(s, 0) || empty(s, 1)) {
      if (underflow(s)) store(s, 0, R_LO);
      setCondition(s, 0);
      return;
    }
    load(s, 0, A_LO);
    load(s, 1, B_LO);
    const codes = remainder(nearest);
    x[FLAGS] &= ~C1;
    if (!finish(s)) return;
    setCondition(s, codes);
    store(s, 0, R_LO);
  });
}

/** FCHS and FABS work on any pattern without exception. */
function signForm(operation: (se: number) => number): Form {
  return form((_cpu, s) => {
    if (empty(s, 0)) {
      if (underflow(s)) store(s, 0, R_LO);
      return;
    }
    loadTop(s);
    x[A_SE] = operation(x[A_SE]);
    finish(s);
    store(s, 0, A_LO);
  });
}

function constantForm(n: number): Form {
  return form((_cpu, s) => {
    constant(n);
    push(s, R_LO);
  });
}

const exchange = form((_cpu, s, i) => {
  if (empty(s, 0) || empty(s, i)) {
    x[FLAGS] |= IE | SF;
    if (!finish(s)) return;
    setIndefinite();
    if (empty(s, 0)) store(s, 0, R_LO);
    if (empty(s, i)) store(s, i, R_LO);
  } else finish(s);
  load(s, 0, A_LO);
  load(s, i, B_LO);
  store(s, 0, B_LO);
  store(s, i, A_LO);
});

const loadRegister = form((_cpu, s, i) => {
  if (empty(s, i)) {
    if (!underflow(s)) return;
    turn(s, -1);
    store(s, 0, R_LO);
    return;
  }
  load(s, i, B_LO);
  push(s, B_LO);
});

function storeRegister(pops: boolean): Form {
  return form((_cpu, s, i) => {
    if (empty(s, 0)) {
      if (!underflow(s)) return;
      store(s, i, R_LO);
    } else {
      loadTop(s);
      finish(s);
      store(s, i, A_LO);
    }
    if (pops) pop(s);
  });
}

/** FCMOVcc: the condition on EFLAGS. */
function conditionalMove(mask: number, when: boolean): Form {
  return form((_cpu, s, i) => {
    if (empty(s, 0) || empty(s, i)) {
      if (underflow(s)) store(s, 0, R_LO);
      return;
    }
    finish(s);
    if (((s.eflags & mask) !== 0) !== when) return;
    load(s, i, B_LO);
    store(s, 0, B_LO);
  });
}

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
const decrementTop = control((_cpu, s) => {
  finish(s);
  turn(s, -1);
});
const incrementTop = control((_cpu, s) => {
  finish(s);
  turn(s, 1);
});
const free = control((_cpu, s, i) => {
  finish(s);
  setEmpty(s, i, 1);
});
/** FFREEP frees and pops. */
const freePop = control((_cpu, s, i) => {
  finish(s);
  setEmpty(s, i, 1);
  pop(s);
});
/** FSTP in its second encoding, D9: an empty ST(0) is popped without a word. */
const storeQuietly = form((_cpu, s, i) => {
  loadTop(s);
  finish(s);
  if (!empty(s, 0)) store(s, i, A_LO);
  pop(s);
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
