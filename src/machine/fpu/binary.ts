import type { CpuState } from '../state/state.ts';
import { FLAGS_OP, EFLAGS } from '../state/layout.ts';
import { ARITHMETIC, CF, PF, ZF } from '../state/flags.ts';
import { multiply } from './product.ts';
import { divide, divideReversed } from './quotient.ts';
import { add, subtract, subtractReversed } from './sum.ts';
import { compare, UNORDERED } from './operations.ts';
import { empty, finish, load, pop, setCondition, store, underflow } from './registers.ts';
import { A_LO, B_LO, C0, C2, C3, FLAGS, IE, R_LO, SF, ZE, x } from './scratch.ts';

/**
 * The eight operations of the opcodes D8, DA, DC and DE by their reg field: add, mul, com, comp, sub, subr, div, divr, on
 * A = ST(0) and B = the other operand.
 */
function operate(operation: number): void {
  switch (operation) {
    case 0:
      add();
      break;
    case 1:
      multiply();
      break;
    case 4:
      subtract();
      break;
    case 5:
      subtractReversed();
      break;
    case 6:
      divide();
      break;
    default:
      divideReversed();
      break;
  }
}

/** ST(0) = ST(0) op B, B loaded from memory with its exceptions in FLAGS. */
export function withOperand(s: CpuState, operation: number): void {
  if (empty(s, 0)) {
    x[FLAGS] = 0;
    if (operation === 2 || operation === 3) finishCompare(s, UNORDERED, IE | SF, operation - 2);
    else if (underflow(s)) store(s, 0, R_LO);
    return;
  }
  load(s, 0, A_LO);
  if (operation === 2 || operation === 3) {
    finishCompare(s, compare(false), 0, operation - 2);
    return;
  }
  operate(operation);
  // A division by zero goes before a denormal dividend.
  if ((x[FLAGS] & ZE) !== 0) x[FLAGS] = ZE;
  if (finish(s)) store(s, 0, R_LO);
}

/** ST(0) or ST(i) = ST(0) op ST(i), then pop perhaps. */
export function withRegister(s: CpuState, operation: number, i: number, destination: number, pops: boolean): void {
  if (empty(s, 0) || empty(s, i)) {
    if (!underflow(s)) return;
  } else {
    load(s, 0, A_LO);
    load(s, i, B_LO);
    operate(operation);
    if (!finish(s)) return;
  }
  store(s, destination, R_LO);
  if (pops) pop(s);
}

/** FCOM and FUCOM of ST(0) with ST(i), then `pops` pops. */
export function compareRegister(s: CpuState, i: number, quiet: boolean, pops: number): void {
  if (empty(s, 0) || empty(s, i)) {
    finishCompare(s, UNORDERED, IE | SF, pops);
    return;
  }
  load(s, 0, A_LO);
  load(s, i, B_LO);
  finishCompare(s, compare(quiet), 0, pops);
}

/** Ends a comparison: condition codes always, the pops unless an exception is unmasked. */
export function finishCompare(s: CpuState, codes: number, flags: number, pops: number): void {
  x[FLAGS] |= flags;
  const deliver = finish(s);
  setCondition(s, codes);
  if (!deliver) return;
  for (; pops > 0; pops--) pop(s);
}

/** FCOMI, FUCOMI: the result in ZF, PF and CF; OF, SF and AF are cleared. */
export function compareFlags(s: CpuState, i: number, quiet: boolean, pops: boolean): void {
  let codes = UNORDERED;
  if (empty(s, 0) || empty(s, i)) x[FLAGS] |= IE | SF;
  else {
    load(s, 0, A_LO);
    load(s, i, B_LO);
    codes = compare(quiet);
  }
  const deliver = finish(s);
  const bits = ((codes & C0) !== 0 ? CF : 0) | ((codes & C2) !== 0 ? PF : 0) | ((codes & C3) !== 0 ? ZF : 0);
  s.u32[FLAGS_OP >> 2] = 0;
  s.u32[EFLAGS >> 2] = (s.u32[EFLAGS >> 2] & ~ARITHMETIC) | bits;
  if (deliver && pops) pop(s);
}
