import type { Cpu } from '../memory/cpu.ts';
import { DB, DE, DF, GP, NP, PF, TS, Fault, fault } from '../state/fault.ts';
import { IF, NT, RF, TF, VM } from '../state/flags.ts';
import { readL16, readL32 } from '../memory/mmu.ts';
import * as L from '../state/layout.ts';
import { DR7_ENABLED, DR7_GD } from '../state/register_bits.ts';
import {
  INT16,
  INT32,
  TASK_GATE,
  TRAP16,
  TRAP32,
  TSS16,
  TSS16_BUSY,
  TSS32,
  TSS32_BUSY,
  descriptorAddress,
  dplOf,
  fetchDescriptor,
  gateOffset,
  gateSelector,
  isCode,
  isConforming,
  isPresent,
  readDescriptor,
  systemType,
} from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { reportDebug } from './debug.ts';
import { returnTo } from './returns.ts';
import { checkStack, install, markAccessed, setCpl, withinLimit } from './segments.ts';
import { loadFlags } from './flag_rules.ts';
import { currentStack, frameAt, moveStack, newStack, pop, push } from './stack.ts';
import type { Stack } from './stack.ts';
import { switchTask } from './tasks.ts';

/** What asks for delivery; decides about the DPL check and the EXT bit of error codes. */
export const EXTERNAL = 0;
export const EXCEPTION = 1;
export const SOFTWARE = 2;
export type InterruptKind = typeof EXTERNAL | typeof EXCEPTION | typeof SOFTWARE;

/** Faults whose saved EFLAGS image has RF set, so that the restarted instruction meets no instruction breakpoint again (SDM vol. 3, 17.3.1.1). */
export const SETS_RF =
  (1 << 0) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 16) | (1 << 17);
/** Vectors that push an error code. */
const HAS_ERROR = (1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 17);

/**
 * Delivers an interrupt or exception; where that faults, the fault, a double fault, or shutdown (SDM vol. 3, 6.15, table 6-5).
 *
 * EIP must be what the handler is to find: for a fault the start of the instruction, for a trap or an interrupt the next one.
 *
 * @param error the exception's error code; ignored for vectors without one
 * @returns false when a fault came up while delivering a double fault: the processor shuts down
 */
export function deliver(cpu: Cpu, vector: number, kind: InterruptKind, error = 0): boolean {
  // Only exceptions have classes: an external or software interrupt of number 0-31 is benign.
  let classed = kind === EXCEPTION ? vector : -1;
  // An instruction that faults has not completed: the data breakpoints it met on the way are met again.
  if (kind === EXCEPTION) {
    if (vector === DB) reportDebug(cpu);
    else cpu.state.u32[L.DEBUG_PENDING >> 2] = 0;
  }
  for (;;) {
    try {
      const code = kind === EXCEPTION && vector < 32 && ((HAS_ERROR >> vector) & 1) !== 0 ? error : -1;
      enter(cpu, vector, kind, code);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      // EIP is already the new task's.
      cpu.inNewTask = false;
      if (classed === DF) return false;
      if (makesDouble(classed, thrown.vector)) {
        vector = DF;
        error = 0;
      } else {
        vector = thrown.vector;
        error = thrown.error;
      }
      classed = vector;
      kind = EXCEPTION;
    }
  }
}

/** Whether a second fault, met while delivering the first, is a double fault. */
function makesDouble(first: number, second: number): boolean {
  if (first === PF) return second === PF || isContributory(second);
  return isContributory(first) && isContributory(second);
}

function isContributory(vector: number): boolean {
  return vector === DE || (vector >= TS && vector <= GP);
}

/** INT n, INT3 and INTO: the gate's DPL must admit the CPL, faults have EXT = 0. */
export function softwareInterrupt(cpu: Cpu, vector: number): void {
  enter(cpu, vector & 0xff, SOFTWARE, -1);
  cpu.state.u32[L.NO_STEP >> 2] = 1;
}

/** INT1 (opcode F1): a debug exception without the DPL check. What is pending (over MOV SS) is told with it; of itself DR6 tells nothing. */
export function int1(cpu: Cpu): void {
  if (cpu.state.u32[L.DEBUG_PENDING >> 2] !== 0) reportDebug(cpu);
  enter(cpu, DB, EXTERNAL, -1);
  cpu.state.u32[L.NO_STEP >> 2] = 1;
}

/**
 * One transfer through the IDT (SDM vol. 2, INT n). Nothing is changed before the last check, but for memory.
 *
 * @param error pushed when not negative
 */
function enter(cpu: Cpu, vector: number, kind: InterruptKind, error: number): void {
  const s = cpu.state;
  const ext = kind === SOFTWARE ? 0 : 1;
  const idtError = vector * 8 + 2 + ext;
  cpu.onTrap?.(vector, error, kind === EXTERNAL ? 'interrupt' : kind === SOFTWARE ? 'software' : 'exception');
  if (cpu.gate?.(vector, kind, error) === 1) return;
  if (vector * 8 + 7 > s.idtLimit) throw fault(GP, idtError);
  const gate = readDescriptor(cpu, 0, (s.idtBase + vector * 8) >>> 0);
  const type = systemType(gate.attr);
  if (type !== INT32 && type !== TRAP32 && type !== INT16 && type !== TRAP16 && type !== TASK_GATE) throw fault(GP, idtError);
  if (kind === SOFTWARE && dplOf(gate.attr) < s.cpl) throw fault(GP, idtError);
  if (!isPresent(gate.attr)) throw fault(NP, idtError);
  if (type === TASK_GATE) {
    enterTask(cpu, gateSelector(gate), error, ext);
  } else {
    const rf = kind === EXCEPTION && vector < 32 && ((SETS_RF >> vector) & 1) !== 0;
    enterGate(cpu, gate, type, error, ext, rf);
  }
  // A debug exception turns the general-detect condition off (SDM vol. 3, 17.2.4).
  if (vector === DB) s.u32[(L.DR >> 2) + 7] &= ~DR7_GD;
}

function enterGate(cpu: Cpu, gate: Descriptor, type: number, error: number, ext: number, setRf: boolean): void {
  const s = cpu.state;
  const selector = gateSelector(gate);
  if ((selector & 0xfffc) === 0) throw fault(GP, ext);
  const code = fetchDescriptor(cpu, selector, GP, ext);
  const dpl = dplOf(code.attr);
  if (!isCode(code.attr) || dpl > s.cpl) throw fault(GP, (selector & 0xfffc) | ext);
  if (!isPresent(code.attr)) throw fault(NP, (selector & 0xfffc) | ext);

  const inner = dpl < s.cpl && !isConforming(code.attr);
  const cpl = inner ? dpl : s.cpl;
  const size = (type & 8) !== 0 ? 4 : 2;
  const flags = s.eflags;
  const eip = gateOffset(gate);
  let ss: Descriptor | undefined;
  let stack;
  if (inner) {
    const pointer = innerStackPointer(cpu, dpl, ext);
    ss = checkStack(cpu, pointer.ss, dpl, TS, ext);
    stack = newStack(ss, pointer.esp, dpl, ext);
    markAccessed(cpu, ss);
  } else {
    stack = currentStack(cpu, ext);
  }
  pushFrame(cpu, stack, inner, setRf ? flags | RF : flags, error, size);
  if (!withinLimit(code.attr, code.limit, eip, 1)) throw fault(GP, ext);
  markAccessed(cpu, code);

  setCpl(cpu, cpl);
  if (ss) install(cpu, L.SS, ss);
  install(cpu, L.CS, code, (selector & 0xfffc) | cpl);
  s.esp = stack.esp;
  s.eip = eip;
  s.eflags = flags & ~(TF | NT | RF | VM | ((type & 1) === 0 ? IF : 0));
}

/** Pushes SS and ESP (at a change of ring), EFLAGS, CS, EIP, and an error code that is not negative. @throws #SS, #PF */
function pushFrame(cpu: Cpu, stack: Stack, inner: boolean, flags: number, error: number, size: number): void {
  const s = cpu.state;
  const bytes = (inner ? 20 : 12) + (error >= 0 ? 4 : 0);
  let at = size === 4 ? frameAt(cpu, stack, bytes, true) : -1;
  if (at < 0) {
    if (inner) {
      push(cpu, stack, s.selector(L.SS), size);
      push(cpu, stack, s.esp, size);
    }
    push(cpu, stack, flags, size);
    push(cpu, stack, s.selector(L.CS), size);
    push(cpu, stack, s.eip, size);
    if (error >= 0) push(cpu, stack, error, size);
    return;
  }
  stack.esp = (stack.esp - bytes) >>> 0;
  if (error >= 0) {
    cpu.store32(at, error);
    at += 4;
  }
  cpu.store32(at, s.eip);
  cpu.store32(at + 4, s.selector(L.CS));
  cpu.store32(at + 8, flags);
  if (inner) {
    cpu.store32(at + 12, s.esp);
    cpu.store32(at + 16, s.selector(L.SS));
  }
}

/**
 * SS:ESP for a ring, from the TSS in force. Read anew at each transfer: the TSS is memory.
 *
 * @throws #TS(TR's selector) where the TSS is too short
 */
export function innerStackPointer(cpu: Cpu, ring: number, ext: number): { ss: number; esp: number } {
  const s = cpu.state;
  const base = s.segment(L.TR, L.SEG_BASE);
  const limit = s.segment(L.TR, L.SEG_LIMIT);
  const type = systemType(s.segment(L.TR, L.SEG_ATTR));
  const wide = type === TSS32 || type === TSS32_BUSY;
  const at = wide ? 4 + ring * 8 : 2 + ring * 4;
  if ((!wide && type !== TSS16 && type !== TSS16_BUSY) || at + (wide ? 5 : 3) > limit) {
    throw fault(TS, (s.selector(L.TR) & 0xfffc) | ext);
  }
  const linear = (base + at) >>> 0;
  return wide
    ? { esp: readL32(cpu, linear), ss: readL16(cpu, (linear + 4) >>> 0) }
    : { esp: readL16(cpu, linear), ss: readL16(cpu, (linear + 2) >>> 0) };
}

/** A task gate in the IDT: the handler is a task of its own, and gets the error code on its stack. */
function enterTask(cpu: Cpu, selector: number, error: number, ext: number): void {
  if ((selector & 4) !== 0 || descriptorAddress(cpu, selector) < 0) throw fault(GP, (selector & 0xfffc) | ext);
  const tss = fetchDescriptor(cpu, selector, GP, ext);
  const type = systemType(tss.attr);
  if (type !== TSS16 && type !== TSS32) throw fault(GP, (selector & 0xfffc) | ext);
  if (!isPresent(tss.attr)) throw fault(NP, (selector & 0xfffc) | ext);
  switchTask(cpu, tss, 'nest', ext);
  if (error >= 0) {
    const stack = currentStack(cpu, ext);
    push(cpu, stack, error, type === TSS32 ? 4 : 2);
    cpu.state.esp = stack.esp;
  }
}

export function iret16(cpu: Cpu): void {
  iret(cpu, 2);
}
export function iret32(cpu: Cpu): void {
  iret(cpu, 4);
}

/**
 * IRET: to the same ring, to an outer one, or with NT to the task that the TSS links back to (SDM vol. 2, IRET).
 *
 * An image with VM set, popped in ring 0, would enter virtual-8086 mode, which this CPU does not have: #GP(0).
 */
function iret(cpu: Cpu, size: number): void {
  const s = cpu.state;
  if ((s.u32[L.EFLAGS >> 2] & NT) !== 0) {
    returnToTask(cpu);
    return;
  }
  const stack = currentStack(cpu);
  const at = size === 4 ? frameAt(cpu, stack, 12, false) : -1;
  const eip = at >= 0 ? cpu.load32(at) : pop(cpu, stack, size);
  const selector = (at >= 0 ? cpu.load32(at + 4) : pop(cpu, stack, size)) & 0xffff;
  const image = at >= 0 ? cpu.load32(at + 8) : pop(cpu, stack, size);
  if (at >= 0) moveStack(stack, 12);
  const cpl = s.cpl;
  if (size === 4 && (image & VM) !== 0 && cpl === 0) throw fault(GP, 0);
  const extra = (s.u32[(L.DR >> 2) + 7] & DR7_ENABLED) !== 0 ? RF : 0;
  returnTo(cpu, stack, selector, eip, size, 0);
  loadFlags(cpu, image, size, cpl, extra);
}

function returnToTask(cpu: Cpu): void {
  const s = cpu.state;
  const link = readL16(cpu, s.segment(L.TR, L.SEG_BASE));
  if ((link & 4) !== 0) throw fault(TS, link & 0xfffc);
  const tss = fetchDescriptor(cpu, link, TS, 0);
  const type = systemType(tss.attr);
  if (type !== TSS16_BUSY && type !== TSS32_BUSY) throw fault(TS, link & 0xfffc);
  if (!isPresent(tss.attr)) throw fault(NP, link & 0xfffc);
  switchTask(cpu, tss, 'return', 0);
}
