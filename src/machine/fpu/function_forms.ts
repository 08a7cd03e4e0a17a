import { FPU_STATUS } from '../state/layout.ts';
import { form, type Form } from './form.ts';
import { constant, remainder } from './operations.ts';
import { empty, finish, fullPrecision, load, loadTop, pop, push, setCondition, store, turn, underflow } from './registers.ts';
import { A_LO, A_SE, B_LO, C1, C2, FLAGS, IE, Q_LO, R_LO, setIndefinite, SF, x } from './scratch.ts';
import { inRange } from './trigonometric.ts';

/** Forms that compute: a function of one or two registers, its result in place of them. */

/** ST(0) = f(ST(0)), at full width whatever the precision control. */
export function unary(operation: () => void, ignoresPrecision: boolean): Form {
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
export function dyadic(operation: () => void, pops: boolean): Form {
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
export function circular(operation: () => void): Form {
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
export function twofold(operation: () => void, ranged: boolean): Form {
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

export function remainderForm(nearest: boolean): Form {
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
export function signForm(operation: (se: number) => number): Form {
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

export function constantForm(n: number): Form {
  return form((_cpu, s) => {
    constant(n);
    push(s, R_LO);
  });
}
