/** Far transfers: JMP, CALL and RET between code segments, through call gates and to tasks (Intel SDM vol. 2; vol. 3, 5.8). */
import type { Cpu } from '../memory/cpu.ts';
import { GP, NP, TS, fault } from '../state/fault.ts';
import { readV16, readV32 } from './operands.ts';
import * as L from '../state/layout.ts';
import {
  CALL16,
  CALL32,
  TASK_GATE,
  TSS16,
  TSS32,
  dplOf,
  fetchDescriptor,
  gateOffset,
  gateSelector,
  isCode,
  isConforming,
  isPresent,
  systemType,
} from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { returnTo } from './returns.ts';
import { checkSegment, checkStack, install, markAccessed, setCpl, withinLimit } from './segments.ts';
import { currentStack, newStack, peek, pop, push } from './stack.ts';
import { innerStackPointer } from './interrupts.ts';
import { switchTask } from './tasks.ts';

export function jmpFar16(cpu: Cpu, selector: number, offset: number): void {
  jump(cpu, selector & 0xffff, offset & 0xffff);
}
export function jmpFar32(cpu: Cpu, selector: number, offset: number): void {
  jump(cpu, selector & 0xffff, offset >>> 0);
}
export function callFar16(cpu: Cpu, selector: number, offset: number): void {
  call(cpu, selector & 0xffff, offset & 0xffff, 2);
}
export function callFar32(cpu: Cpu, selector: number, offset: number): void {
  call(cpu, selector & 0xffff, offset >>> 0, 4);
}

export function jmpFarMemory16(cpu: Cpu, segment: number, offset: number): void {
  checkSegment(cpu, segment, offset, 4, false);
  const eip = readV16(cpu, segment, offset);
  jump(cpu, readV16(cpu, segment, offset + 2), eip);
}
export function jmpFarMemory32(cpu: Cpu, segment: number, offset: number): void {
  checkSegment(cpu, segment, offset, 6, false);
  const eip = readV32(cpu, segment, offset);
  jump(cpu, readV16(cpu, segment, offset + 4), eip);
}
export function callFarMemory16(cpu: Cpu, segment: number, offset: number): void {
  checkSegment(cpu, segment, offset, 4, false);
  const eip = readV16(cpu, segment, offset);
  call(cpu, readV16(cpu, segment, offset + 2), eip, 2);
}
export function callFarMemory32(cpu: Cpu, segment: number, offset: number): void {
  checkSegment(cpu, segment, offset, 6, false);
  const eip = readV32(cpu, segment, offset);
  call(cpu, readV16(cpu, segment, offset + 4), eip, 4);
}

/** What a far pointer leads to. */
function target(cpu: Cpu, selector: number): Descriptor {
  if ((selector & 0xfffc) === 0) throw fault(GP, 0);
  return fetchDescriptor(cpu, selector, GP, 0);
}

/** Privilege and presence of a code segment that a far JMP or CALL names directly: it stays in the same ring. */
function checkDirect(cpu: Cpu, code: Descriptor): void {
  const cpl = cpu.state.cpl;
  const dpl = dplOf(code.attr);
  const allowed = isConforming(code.attr) ? dpl <= cpl : (code.selector & 3) <= cpl && dpl === cpl;
  if (!allowed) throw fault(GP, code.selector & 0xfffc);
  if (!isPresent(code.attr)) throw fault(NP, code.selector & 0xfffc);
}

/** Privilege and presence of a call gate, task gate or TSS that a far JMP or CALL names. */
function checkGate(cpu: Cpu, gate: Descriptor): void {
  const dpl = dplOf(gate.attr);
  if (dpl < cpu.state.cpl || dpl < (gate.selector & 3)) throw fault(GP, gate.selector & 0xfffc);
  if (!isPresent(gate.attr)) throw fault(NP, gate.selector & 0xfffc);
}

/** The TSS a task gate names. */
function taskOfGate(cpu: Cpu, gate: Descriptor): Descriptor {
  const selector = gateSelector(gate);
  if ((selector & 4) !== 0) throw fault(GP, selector & 0xfffc);
  const tss = fetchDescriptor(cpu, selector, GP, 0);
  const type = systemType(tss.attr);
  if (type !== TSS16 && type !== TSS32) throw fault(GP, selector & 0xfffc);
  if (!isPresent(tss.attr)) throw fault(NP, selector & 0xfffc);
  return tss;
}

/** The code segment a call gate names, checked for a CALL (`inward` allowed) or a JMP (same ring only). */
function codeOfGate(cpu: Cpu, gate: Descriptor, inward: boolean): Descriptor {
  const selector = gateSelector(gate);
  const code = target(cpu, selector);
  const cpl = cpu.state.cpl;
  const dpl = dplOf(code.attr);
  const allowed = isCode(code.attr) && (isConforming(code.attr) || inward ? dpl <= cpl : dpl === cpl);
  if (!allowed) throw fault(GP, selector & 0xfffc);
  if (!isPresent(code.attr)) throw fault(NP, selector & 0xfffc);
  return code;
}

/** A direct target's or gate's kind, after its privilege check; a TSS in the LDT is no TSS. */
function systemTarget(cpu: Cpu, d: Descriptor): number {
  const type = systemType(d.attr);
  const known = type === CALL16 || type === CALL32 || type === TASK_GATE || ((type === TSS16 || type === TSS32) && (d.selector & 4) === 0);
  if (!known) throw fault(GP, d.selector & 0xfffc);
  checkGate(cpu, d);
  return type;
}

/** Enters code in the same ring. */
function goTo(cpu: Cpu, code: Descriptor, eip: number): void {
  if (!withinLimit(code.attr, code.limit, eip, 1)) throw fault(GP, 0);
  markAccessed(cpu, code);
  install(cpu, L.CS, code, (code.selector & 0xfffc) | cpu.state.cpl);
  cpu.state.eip = eip;
}

function jump(cpu: Cpu, selector: number, offset: number): void {
  const d = target(cpu, selector);
  if (isCode(d.attr)) {
    checkDirect(cpu, d);
    goTo(cpu, d, offset);
    return;
  }
  const type = systemTarget(cpu, d);
  if (type === CALL16 || type === CALL32) goTo(cpu, codeOfGate(cpu, d, false), gateOffset(d));
  else switchTask(cpu, type === TASK_GATE ? taskOfGate(cpu, d) : d, 'jump', 0);
}

function call(cpu: Cpu, selector: number, offset: number, size: number): void {
  const d = target(cpu, selector);
  if (isCode(d.attr)) {
    checkDirect(cpu, d);
    callSameRing(cpu, d, offset, size);
    return;
  }
  const type = systemTarget(cpu, d);
  if (type === CALL16 || type === CALL32) {
    const code = codeOfGate(cpu, d, true);
    const gateSize = type === CALL32 ? 4 : 2;
    if (!isConforming(code.attr) && dplOf(code.attr) < cpu.state.cpl) callInnerRing(cpu, d, code, gateSize);
    else callSameRing(cpu, code, gateOffset(d), gateSize);
  } else {
    switchTask(cpu, type === TASK_GATE ? taskOfGate(cpu, d) : d, 'nest', 0);
  }
}

function callSameRing(cpu: Cpu, code: Descriptor, eip: number, size: number): void {
  const s = cpu.state;
  const stack = currentStack(cpu);
  push(cpu, stack, s.selector(L.CS), size);
  push(cpu, stack, s.eip, size);
  goTo(cpu, code, eip);
  s.esp = stack.esp;
}

/** A call gate to a more privileged ring: its stack comes from the TSS, and the parameters move over (SDM vol. 3, 5.8.5). */
function callInnerRing(cpu: Cpu, gate: Descriptor, code: Descriptor, size: number): void {
  const s = cpu.state;
  const cpl = dplOf(code.attr);
  const pointer = innerStackPointer(cpu, cpl, 0);
  const ss = checkStack(cpu, pointer.ss, cpl, TS, 0);
  const eip = gateOffset(gate);
  if (!withinLimit(code.attr, code.limit, eip, 1)) throw fault(GP, 0);
  const old = currentStack(cpu);
  const stack = newStack(ss, pointer.esp, cpl, 0);
  markAccessed(cpu, ss);
  push(cpu, stack, s.selector(L.SS), size);
  push(cpu, stack, s.esp, size);
  for (let i = (gate.high & 0x1f) - 1; i >= 0; i--) push(cpu, stack, peek(cpu, old, i * size, size), size);
  push(cpu, stack, s.selector(L.CS), size);
  push(cpu, stack, s.eip, size);
  markAccessed(cpu, code);

  setCpl(cpu, cpl);
  install(cpu, L.SS, ss);
  install(cpu, L.CS, code, (code.selector & 0xfffc) | cpl);
  s.esp = stack.esp;
  s.eip = eip;
}

export function retFar16(cpu: Cpu, release: number): void {
  ret(cpu, release & 0xffff, 2);
}
export function retFar32(cpu: Cpu, release: number): void {
  ret(cpu, release & 0xffff, 4);
}

/** RET far: to the same ring or an outer one, dropping `release` bytes of parameters from both stacks. */
function ret(cpu: Cpu, release: number, size: number): void {
  const stack = currentStack(cpu);
  const eip = pop(cpu, stack, size);
  const selector = pop(cpu, stack, size) & 0xffff;
  returnTo(cpu, stack, selector, eip, size, release);
}
