import type { CpuState } from '../state/state.ts';
import { FPU_CONTROL, FPU_EMPTY, FPU_REG, FPU_STATUS, FPU_TOP } from '../state/layout.ts';
import { A_LO, BUSY, C1, CONDITION, CONTROL, DE, ES, FLAGS, IE, PC, R_LO, SF, ZE, setIndefinite, x } from './scratch.ts';

const CONTROL_WORD = FPU_CONTROL >> 2;
const STATUS = FPU_STATUS >> 2;
const TOP = FPU_TOP >> 2;
const REGISTER = FPU_REG >> 2;

/** Word index of ST(i). */
function word(s: CpuState, i: number): number {
  return REGISTER + (((s.u32[TOP] + i) & 7) << 2);
}

/** ST(i) is empty. */
export function empty(s: CpuState, i: number): boolean {
  return s.u8[FPU_EMPTY + ((s.u32[TOP] + i) & 7)] !== 0;
}

/** Marks ST(i) empty or in use. */
export function setEmpty(s: CpuState, i: number, value: 0 | 1): void {
  s.u8[FPU_EMPTY + ((s.u32[TOP] + i) & 7)] = value;
}

/** Copies ST(i) into the operand at `at`. */
export function load(s: CpuState, i: number, at: number): void {
  const w = word(s, i);
  x[at] = s.i32[w];
  x[at + 1] = s.i32[w + 1];
  x[at + 2] = s.i32[w + 2] & 0xffff;
}

/** Copies the operand at `from` into ST(i), which is then in use. */
export function store(s: CpuState, i: number, from: number): void {
  const w = word(s, i);
  s.i32[w] = x[from];
  s.i32[w + 1] = x[from + 1];
  s.i32[w + 2] = x[from + 2] & 0xffff;
  s.u8[FPU_EMPTY + ((s.u32[TOP] + i) & 7)] = 0;
}

/** Empties ST(0) and increments TOP. */
export function pop(s: CpuState): void {
  const top = s.u32[TOP];
  s.u8[FPU_EMPTY + top] = 1;
  s.u32[TOP] = (top + 1) & 7;
}

/** Moves TOP by one without looking at the tags. */
export function turn(s: CpuState, by: 1 | -1): void {
  s.u32[TOP] = (s.u32[TOP] + by) & 7;
}

/** Starts an instruction: no exceptions yet, the control word taken over. */
export function begin(s: CpuState): void {
  x[FLAGS] = 0;
  x[CONTROL] = s.u32[CONTROL_WORD];
}

/** The instruction ignores the precision control: its results have full width. */
export function fullPrecision(): void {
  x[CONTROL] |= PC;
}

/** Some of these exceptions occurred and are not masked. */
export function unmasked(exceptions: number): boolean {
  return (x[FLAGS] & ~x[CONTROL] & exceptions) !== 0;
}

/** Replaces the condition codes C0, C2, C3 (and C1 where the flags raise it). */
export function setCondition(s: CpuState, codes: number): void {
  s.u32[STATUS] = (s.u32[STATUS] & ~CONDITION) | codes;
}

/**
 * Enters the instruction's exceptions and C1 in the status word.
 *
 * @returns the result may be delivered: no invalid operation, division by zero or denormal operand is unmasked. With
 *   one of these the operation did not take place, and so raised no overflow, underflow or precision exception.
 */
export function finish(s: CpuState): boolean {
  let flags = x[FLAGS];
  const pending = flags & ~x[CONTROL] & 0x3f;
  let deliver = true;
  if ((pending & (IE | DE | ZE)) !== 0) {
    deliver = false;
    flags &= (flags & SF) !== 0 ? IE | SF | C1 : IE | ZE | DE;
  }
  let status = (s.u32[STATUS] & ~C1) | flags;
  if (pending !== 0) status |= ES | BUSY;
  s.u32[STATUS] = status;
  return deliver;
}

/** The masked or unmasked response to reading an empty register; R is the indefinite. @returns as {@link finish} */
export function underflow(s: CpuState): boolean {
  x[FLAGS] |= IE | SF;
  setIndefinite();
  return finish(s);
}

/** Pushes the operand at `from`; a stack overflow pushes the indefinite instead. An unmasked denormal is pushed all the same. */
export function push(s: CpuState, from: number): void {
  if (!empty(s, -1)) {
    x[FLAGS] = IE | SF | C1;
    setIndefinite();
    from = R_LO;
  }
  if (!finish(s) && unmasked(IE)) return;
  turn(s, -1);
  store(s, 0, from);
}

/** ES and BUSY follow from the exceptions and their masks. */
export function summarize(s: CpuState): void {
  const status = s.u32[STATUS] & ~(ES | BUSY);
  s.u32[STATUS] = (status & ~s.u32[CONTROL_WORD] & 0x3f) !== 0 ? status | ES | BUSY : status;
}

/** Loads ST(0) into A. */
export function loadTop(s: CpuState): void {
  load(s, 0, A_LO);
}
