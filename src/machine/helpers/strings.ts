import * as L from '../state/layout.ts';
import { DF, LAZY_SUB, TF, ZF } from '../state/flags.ts';
import { breakpointsEnabled } from '../memory/watchpoints.ts';
import { READ, WRITE, offsetAt } from '../memory/mmu.ts';
import { readV16, readV32, readV8, writeV16, writeV32, writeV8 } from '../protection/operands.ts';
import { checkIo } from '../protection/io.ts';
import type { Cpu } from '../memory/cpu.ts';

/*
 * Repeated string instructions, and INS and OUTS.
 *
 * One pass is one retired instruction: an element, or the pass that finds the count at zero and goes on. Registers move with every element,
 * so a fault, the limit or an interrupt may come between any two.
 */

const MOVS = 0;
const CMPS = 1;
const STOS = 2;
const LODS = 3;
const SCAS = 4;
export const INS = 5;
export const OUTS = 6;
const KINDS: Readonly<Record<string, number>> = { movs: MOVS, cmps: CMPS, stos: STOS, lods: LODS, scas: SCAS, ins: INS, outs: OUTS };

/**
 * The word that describes a string instruction to {@link repeatString}.
 *
 * @param name semantic name
 * @param size bytes of an element
 * @param segment of the source
 * @param rep prefix: 0, 0xF3 or 0xF2
 */
export function packString(name: string, size: number, address16: boolean, segment: number, rep: number): number {
  return (
    KINDS[name] |
    ((31 - Math.clz32(size)) << 3) |
    (address16 ? 1 << 5 : 0) |
    (segment << 6) |
    (rep === 0xf3 ? 1 << 9 : rep === 0xf2 ? 2 << 9 : 0)
  );
}

const ECX = 1;
const ESI = 6;
const EDI = 7;
const BYTE_MASK = [0xff, 0xffff, 0xffffffff];

/** Runs as many passes as the limit allows; EIP is the next instruction when it is done, else this one. */
export function repeatString(cpu: Cpu, packed: number): number {
  const s = cpu.state;
  const kind = packed & 7;
  const shift = (packed >> 3) & 3;
  const size = 1 << shift;
  const mask = (packed & 0x20) !== 0 ? 0xffff : 0xffffffff;
  const segment = (packed >> 6) & 7;
  const repeat = packed >> 9;
  const step = (s.u32[L.EFLAGS >> 2] & DF) !== 0 ? -size : size;
  if (repeat === 0) {
    element(cpu, kind, size, segment, mask, step);
    return 0;
  }
  let passes = s.i32[L.LEFT >> 2];
  // Ports may raise the interrupt line: look at it after each element.
  if (kind >= INS) {
    passes = 1;
    // Also where the count is zero: so processors have it, vectors/sequences.txt.
    checkIo(cpu, s.edx & 0xffff, size);
  }
  while (passes > 0) {
    const count = (s.gpr(ECX) & mask) >>> 0;
    if (count === 0) return 0;
    const wanted = Math.min(count, passes);
    const done = step > 0 && mask === 0xffffffff && kind < INS ? bulk(cpu, kind, size, shift, segment, wanted, repeat) : 0;
    let retired = done;
    if (done === 0) {
      element(cpu, kind, size, segment, mask, step);
      retired = 1;
    }
    s.setGpr(ECX, ((s.gpr(ECX) & ~mask) | ((count - retired) & mask)) >>> 0);
    passes -= retired;
    // A single step makes its trap after the last element with EIP behind the instruction: no pass that finds the count at zero.
    const ended =
      ((kind === CMPS || kind === SCAS) && ((s.eflags & ZF) !== 0) !== (repeat === 1)) ||
      (count === retired && (s.u32[L.EFLAGS >> 2] & TF) !== 0);
    if (ended) {
      s.retire(retired - 1);
      return 0;
    }
    if (cpu.observer.seen !== null) passes = 0;
    // The run loop counts one for the instruction itself: the last pass of this call.
    s.retire(passes > 0 ? retired : retired - 1);
  }
  s.eip = s.eipStart;
  cpu.repeated = { eip: s.eip, instructions: s.instructions + 1 };
  return 0;
}

function read(cpu: Cpu, segment: number, offset: number, size: number): number {
  return size === 4 ? readV32(cpu, segment, offset) : size === 2 ? readV16(cpu, segment, offset) : readV8(cpu, segment, offset);
}
function write(cpu: Cpu, segment: number, offset: number, size: number, value: number): void {
  if (size === 4) writeV32(cpu, segment, offset, value);
  else if (size === 2) writeV16(cpu, segment, offset, value & 0xffff);
  else writeV8(cpu, segment, offset, value & 0xff);
}

function setCompareFlags(cpu: Cpu, left: number, right: number, shift: number): void {
  const u32 = cpu.state.u32;
  u32[L.FLAGS_OP >> 2] = (LAZY_SUB << 2) | shift;
  u32[L.FLAGS_RESULT >> 2] = ((left - right) & BYTE_MASK[shift]) >>> 0;
  u32[L.FLAGS_SOURCE >> 2] = right;
}

/** One element, whatever the direction, address size or segment. ECX is the caller's. */
function element(cpu: Cpu, kind: number, size: number, segment: number, mask: number, step: number): void {
  const s = cpu.state;
  const shift = 31 - Math.clz32(size);
  const source = (s.esi & mask) >>> 0;
  const destination = (s.edi & mask) >>> 0;
  const move = (register: number, from: number): void => {
    s.setGpr(register, ((s.gpr(register) & ~mask) | ((from + step) & mask)) >>> 0);
  };
  const accumulator = (s.eax & BYTE_MASK[shift]) >>> 0;
  switch (kind) {
    case MOVS:
      write(cpu, L.ES, destination, size, read(cpu, segment, source, size));
      break;
    case STOS:
      write(cpu, L.ES, destination, size, accumulator);
      break;
    case LODS:
      s.eax = ((s.eax & ~BYTE_MASK[shift]) | read(cpu, segment, source, size)) >>> 0;
      break;
    case SCAS:
      setCompareFlags(cpu, accumulator, read(cpu, L.ES, destination, size), shift);
      break;
    case CMPS: {
      const left = read(cpu, segment, source, size);
      setCompareFlags(cpu, left, read(cpu, L.ES, destination, size), shift);
      break;
    }
    case INS: {
      const port = s.edx & 0xffff;
      checkIo(cpu, port, size);
      // The destination is looked at before the port is read: a port must not lose data to a page fault.
      write(cpu, L.ES, destination, size, readBack(cpu, destination, size));
      write(cpu, L.ES, destination, size, cpu.ports.in(port, size));
      break;
    }
    case OUTS: {
      const port = s.edx & 0xffff;
      checkIo(cpu, port, size);
      cpu.ports.out(port, size, read(cpu, segment, source, size));
      break;
    }
  }
  if (kind === MOVS || kind === LODS || kind === CMPS || kind === OUTS) move(ESI, source);
  if (kind !== LODS && kind !== OUTS) move(EDI, destination);
}

function readBack(cpu: Cpu, offset: number, size: number): number {
  return read(cpu, L.ES, offset, size);
}

/**
 * Up to `wanted` elements forwards, within one page of source and destination, through flat segments.
 *
 * @returns elements done (with the comparison's flags set from the last); 0 where the slow way must do the next
 */
function bulk(cpu: Cpu, kind: number, size: number, shift: number, segment: number, wanted: number, repeat: number): number {
  const s = cpu.state;
  const user = s.cpl === 3;
  if (breakpointsEnabled(cpu)) return 0;
  const usesSource = kind === MOVS || kind === CMPS;
  const usesDestination = kind !== LODS;
  if (
    kind === LODS ||
    (usesDestination && s.segment(L.ES, L.SEG_FLAT_WRITE) === 0) ||
    (usesSource && s.segment(segment, L.SEG_FLAT_READ) === 0)
  )
    return 0;
  const source = s.esi;
  const destination = s.edi;
  let count = Math.min(wanted, (0x1000 - (destination & 0xfff)) >> shift);
  if (usesSource) count = Math.min(count, (0x1000 - (source & 0xfff)) >> shift);
  if (count === 0) return 0;
  const from = usesSource ? offsetAt(cpu, source, READ, user) : 0;
  const to = offsetAt(cpu, destination, kind === MOVS || kind === STOS ? WRITE : READ, user);
  if (to < L.RAM || cpu.watches(to) || (usesSource && cpu.watches(from))) return 0;
  const length = count << shift;
  switch (kind) {
    case MOVS:
      // An overlap a little above the source repeats the pattern: element by element then.
      if (to > from && to < from + length) {
        if (to - from < size) return 0;
        count = Math.min(count, (to - from) >> shift);
      }
      s.u8.copyWithin(to, from, from + (count << shift));
      cpu.wrote(to, count << shift);
      break;
    case STOS:
      fill(cpu, to, length, s.eax, size);
      break;
    case SCAS:
      count = scan(cpu, to, count, shift, repeat);
      break;
    case CMPS:
      count = compare(cpu, from, to, count, shift, repeat);
      break;
  }
  if (usesSource) s.esi = (source + (count << shift)) >>> 0;
  s.edi = (destination + (count << shift)) >>> 0;
  return count;
}

function fill(cpu: Cpu, to: number, length: number, value: number, size: number): void {
  const { u8, u32 } = cpu.state;
  if (size === 1 || (value & 0xff) * 0x01010101 === value) u8.fill(value & 0xff, to, to + length);
  else if (size === 4 && (to & 3) === 0) u32.fill(value, to >> 2, (to + length) >> 2);
  else for (let i = 0; i < length; i++) u8[to + i] = value >>> ((i & (size - 1)) * 8);
  cpu.wrote(to, length);
}

function load(cpu: Cpu, offset: number, shift: number): number {
  return shift === 0 ? cpu.load8(offset) : shift === 1 ? cpu.load16(offset) : cpu.load32(offset);
}

function scan(cpu: Cpu, at: number, count: number, shift: number, repeat: number): number {
  const left = (cpu.state.eax & BYTE_MASK[shift]) >>> 0;
  let n = 0;
  let right = 0;
  while (n < count) {
    right = load(cpu, at + (n << shift), shift);
    n++;
    if ((left === right) !== (repeat === 1)) break;
  }
  setCompareFlags(cpu, left, right, shift);
  return n;
}

function compare(cpu: Cpu, from: number, to: number, count: number, shift: number, repeat: number): number {
  let n = 0;
  let left = 0;
  let right = 0;
  while (n < count) {
    left = load(cpu, from + (n << shift), shift);
    right = load(cpu, to + (n << shift), shift);
    n++;
    if ((left === right) !== (repeat === 1)) break;
  }
  setCompareFlags(cpu, left, right, shift);
  return n;
}
