/** Forms that move registers and the top of the stack. */
import { control, form, type Form } from './form.ts';
import { empty, finish, load, loadTop, pop, push, setEmpty, store, turn, underflow } from './registers.ts';
import { A_LO, B_LO, FLAGS, IE, R_LO, setIndefinite, SF, x } from './scratch.ts';

export const exchange = form((_cpu, s, i) => {
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

export const loadRegister = form((_cpu, s, i) => {
  if (empty(s, i)) {
    if (!underflow(s)) return;
    turn(s, -1);
    store(s, 0, R_LO);
    return;
  }
  load(s, i, B_LO);
  push(s, B_LO);
});

export function storeRegister(pops: boolean): Form {
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
export function conditionalMove(mask: number, when: boolean): Form {
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

export const decrementTop = control((_cpu, s) => {
  finish(s);
  turn(s, -1);
});

export const incrementTop = control((_cpu, s) => {
  finish(s);
  turn(s, 1);
});

export const free = control((_cpu, s, i) => {
  finish(s);
  setEmpty(s, i, 1);
});

/** FFREEP frees and pops. */
export const freePop = control((_cpu, s, i) => {
  finish(s);
  setEmpty(s, i, 1);
  pop(s);
});

/** FSTP in its second encoding, D9: an empty ST(0) is popped without a word. */
export const storeQuietly = form((_cpu, s, i) => {
  loadTop(s);
  finish(s);
  if (!empty(s, 0)) store(s, i, A_LO);
  pop(s);
});
