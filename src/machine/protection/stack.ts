import type { Cpu } from '../memory/cpu.ts';
import { SS, fault } from '../state/fault.ts';
import { READ, WRITE, readAt16, readAt32, writeAt16, writeAt32 } from '../memory/mmu.ts';
import * as L from '../state/layout.ts';
import { A_BIG, T_CODE, T_EXPAND_DOWN } from './descriptors.ts';
import type { Descriptor } from './descriptors.ts';
import { withinLimit } from './segments.ts';

/**
 * A stack being pushed to or popped from by a transfer of control. Nothing of it is in the CPU until the transfer
 * takes `esp` over, so a fault on the way leaves SS:ESP as they were.
 */
export interface Stack {
  base: number;
  limit: number;
  attr: number;
  esp: number;
  /** Whether paging is to see user accesses (CPL 3). */
  user: boolean;
  /** Error code of the #SS when the limit is passed: 0, or the new stack's selector at a change of ring. */
  error: number;
}

/** The stack in force. */
export function currentStack(cpu: Cpu, error = 0): Stack {
  const { u32 } = cpu.state;
  const ss = (L.SEG + L.SS * L.SEG_SIZE) >> 2;
  return {
    base: u32[ss + (L.SEG_BASE >> 2)],
    limit: u32[ss + (L.SEG_LIMIT >> 2)],
    attr: u32[ss + (L.SEG_ATTR >> 2)],
    esp: u32[(L.GPR >> 2) + 4],
    user: u32[L.CPL >> 2] === 3,
    error,
  };
}

/** A stack about to be switched to. */
export function newStack(d: Descriptor, esp: number, cpl: number, ext: number): Stack {
  return { base: d.base, limit: d.limit, attr: d.attr, esp, user: cpl === 3, error: (d.selector & 0xfffc) | ext };
}

/** The offset `bytes` above (below, if negative) the stack pointer: 16-bit stacks wrap at 64 KiB. */
export function stackOffset(stack: Stack, bytes: number): number {
  return (stack.attr & A_BIG) !== 0 ? (stack.esp + bytes) >>> 0 : (stack.esp + bytes) & 0xffff;
}

/** Moves the stack pointer; a 16-bit stack leaves the upper half of ESP alone. */
export function moveStack(stack: Stack, bytes: number): void {
  const offset = stackOffset(stack, bytes);
  stack.esp = (stack.attr & A_BIG) !== 0 ? offset : ((stack.esp & 0xffff0000) | offset) >>> 0;
}

/** Pushes a word or doubleword. @throws #SS(stack.error), #PF */
export function push(cpu: Cpu, stack: Stack, value: number, size: number): void {
  const offset = stackOffset(stack, -size);
  if (!withinLimit(stack.attr, stack.limit, offset, size)) throw fault(SS, stack.error);
  const linear = (stack.base + offset) >>> 0;
  if (size === 4) writeAt32(cpu, linear, value, stack.user);
  else writeAt16(cpu, linear, value, stack.user);
  moveStack(stack, -size);
}

/** Reads a word or doubleword `bytes` above the stack pointer. @throws #SS(stack.error), #PF */
export function peek(cpu: Cpu, stack: Stack, bytes: number, size: number): number {
  const offset = stackOffset(stack, bytes);
  if (!withinLimit(stack.attr, stack.limit, offset, size)) throw fault(SS, stack.error);
  const linear = (stack.base + offset) >>> 0;
  return size === 4 ? readAt32(cpu, linear, stack.user) : readAt16(cpu, linear, stack.user);
}

/** Pops a word or doubleword. @throws #SS(stack.error), #PF */
export function pop(cpu: Cpu, stack: Stack, size: number): number {
  const value = peek(cpu, stack, 0, size);
  moveStack(stack, size);
  return value;
}

/**
 * A whole frame at once: the memory offset of `bytes` above the stack pointer, or, to be written, below it, where nothing can be wrong with any of
 * them: a flat 32-bit stack, one page, and the TLB knows it. -1 elsewhere, and the words go one by one.
 */
export function frameAt(cpu: Cpu, stack: Stack, bytes: number, write: boolean): number {
  if ((stack.attr & (A_BIG | T_CODE | T_EXPAND_DOWN)) !== A_BIG || stack.limit !== 0xffffffff) return -1;
  const linear = (stack.base + stack.esp - (write ? bytes : 0)) >>> 0;
  return (linear & 0xfff) + bytes > 0x1000 ? -1 : cpu.tlb.lookup(linear, write ? WRITE : READ, stack.user);
}
