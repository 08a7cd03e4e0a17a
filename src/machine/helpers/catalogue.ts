import type { Cpu } from '../memory/cpu.ts';
import * as control from '../protection/control_registers.ts';
import * as debug from '../protection/debug.ts';
import * as flags from '../protection/flag_rules.ts';
import * as interrupts from '../protection/interrupts.ts';
import * as io from '../protection/io.ts';
import * as segments from '../protection/segments.ts';
import * as system from '../protection/system.ts';
import * as tables from '../protection/tables.ts';
import * as transfers from '../protection/transfers.ts';

/**
 * What generated code calls for instructions that are more than integer work.
 *
 * Rules for the caller, the same for all:
 * - before the call `eip` is the address of the next instruction, `eipStart` that of this one, and `instructions` is exact (this
 *   one not counted yet);
 * - a helper either completes and changes the registers itself, or throws a Fault and has changed nothing but memory and
 *   Accessed/Dirty/Busy bits;
 * - `seg, offset` is a memory operand not yet checked: segment register number and effective address cut to the address size. The helper
 *   does the segment check and the reads, in the order that gives the right fault first;
 * - helpers marked `end` may change EIP, CPL, segments, translations or interruptibility: the block ends after them;
 * - results narrower than 32 bits come zero-extended.
 *
 * The slow path of an ordinary memory operand takes four arguments and is not in the table: `checkSegment(cpu, segment, offset, size,
 * write)` of segments.ts gives the linear address or throws; `translate` of mmu.ts gives the memory offset of a linear address.
 */
export interface SystemHelper {
  call: (cpu: Cpu, a: number, b: number) => number | void;
  /** Meaning of the two arguments and of the result; absent: unused (pass 0), no result. */
  a?: string;
  b?: string;
  result?: string;
  end?: true;
}

/** The helpers by name; `16` and `32` at the end of a name is the operand size. */
export const SYSTEM_HELPERS = {
  // Segment registers. Stores (MOV r/m, Sreg; PUSH Sreg) need no helper: they read SEG_SELECTOR.
  /** MOV Sreg and POP Sreg (POP commits ESP after it). SS inhibits interrupts over the next instruction. MOV to CS is #UD in the decoder. */
  moveToSegment: { call: segments.moveToSegment, a: 'segment register', b: 'selector (low 16 bits)', end: true },
  /** LDS LES LFS LGS LSS: the caller has read selector and offset, and writes the register after it. */
  loadSegment: { call: segments.loadSegment, a: 'segment register', b: 'selector', end: true },

  // Far transfers.
  jmpFar16: { call: transfers.jmpFar16, a: 'selector', b: 'offset', end: true },
  jmpFar32: { call: transfers.jmpFar32, a: 'selector', b: 'offset', end: true },
  jmpFarMemory16: { call: transfers.jmpFarMemory16, a: 'seg', b: 'offset of m16:16', end: true },
  jmpFarMemory32: { call: transfers.jmpFarMemory32, a: 'seg', b: 'offset of m16:32', end: true },
  callFar16: { call: transfers.callFar16, a: 'selector', b: 'offset', end: true },
  callFar32: { call: transfers.callFar32, a: 'selector', b: 'offset', end: true },
  callFarMemory16: { call: transfers.callFarMemory16, a: 'seg', b: 'offset of m16:16', end: true },
  callFarMemory32: { call: transfers.callFarMemory32, a: 'seg', b: 'offset of m16:32', end: true },
  retFar16: { call: transfers.retFar16, a: 'imm16, 0 without', end: true },
  retFar32: { call: transfers.retFar32, a: 'imm16, 0 without', end: true },
  iret16: { call: interrupts.iret16, end: true },
  iret32: { call: interrupts.iret32, end: true },
  /** INT n, INT3 (`a` 3), INTO with OF set (`a` 4): delivers with the DPL check. */
  softwareInterrupt: { call: interrupts.softwareInterrupt, a: 'vector', end: true },
  /** INT1 (F1): vector 1 without the DPL check. */
  int1: { call: interrupts.int1, end: true },

  // Flags.
  /** PUSHF's image: VM and RF read as 0. Needs no fault. */
  pushfImage: { call: flags.pushfImage, result: 'EFLAGS image' },
  /** POPF: the caller commits ESP before or after, it cannot fault. */
  popf16: { call: flags.popf16, a: 'image', end: true },
  popf32: { call: flags.popf32, a: 'image', end: true },
  cli: { call: flags.cli, end: true },
  sti: { call: flags.sti, end: true },

  // Descriptor tables and the task register.
  lgdt16: { call: tables.lgdt16, a: 'seg', b: 'offset of m16:32', end: true },
  lgdt32: { call: tables.lgdt32, a: 'seg', b: 'offset of m16:32', end: true },
  lidt16: { call: tables.lidt16, a: 'seg', b: 'offset of m16:32', end: true },
  lidt32: { call: tables.lidt32, a: 'seg', b: 'offset of m16:32', end: true },
  sgdt16: { call: tables.sgdt16, a: 'seg', b: 'offset of m16:32' },
  sgdt32: { call: tables.sgdt32, a: 'seg', b: 'offset of m16:32' },
  sidt16: { call: tables.sidt16, a: 'seg', b: 'offset of m16:32' },
  sidt32: { call: tables.sidt32, a: 'seg', b: 'offset of m16:32' },
  /** For LLDT, LTR and LMSW with a memory operand the CPL check comes before the read (`cpl0` of the opcode table). */
  lldt: { call: tables.lldt, a: 'selector', end: true },
  ltr: { call: tables.ltr, a: 'selector', end: true },
  sldt: { call: tables.sldt, result: 'selector' },
  str: { call: tables.str, result: 'selector' },
  /** LAR, LSL: give the new value of the destination (all 32 bits; the old one where the selector is not accessible), and set ZF. */
  lar16: { call: tables.lar16, a: 'selector', b: 'old 32-bit value of the destination register', result: 'its new value' },
  lar32: { call: tables.lar32, a: 'selector', b: 'old value of the destination register', result: 'its new value' },
  lsl16: { call: tables.lsl16, a: 'selector', b: 'old 32-bit value of the destination register', result: 'its new value' },
  lsl32: { call: tables.lsl32, a: 'selector', b: 'old value of the destination register', result: 'its new value' },
  verr: { call: tables.verr, a: 'selector' },
  verw: { call: tables.verw, a: 'selector' },
  /** ARPL: gives the 16-bit value to write back and sets ZF. A memory destination must have been probed for writing before. */
  arpl: { call: tables.arpl, a: 'destination selector', b: 'source selector', result: 'new destination' },

  // Control and debug registers.
  moveToControl: { call: control.moveToControl, a: 'register number 0-7', b: 'value', end: true },
  moveFromControl: { call: control.moveFromControl, a: 'register number 0-7', result: 'value' },
  moveToDebug: { call: debug.moveToDebug, a: 'register number 0-7', b: 'value', end: true },
  moveFromDebug: { call: debug.moveFromDebug, a: 'register number 0-7', result: 'value' },
  lmsw: { call: control.lmsw, a: 'value (low 16 bits)', end: true },
  /** SMSW: all of CR0; the caller cuts it to 16 bits for memory and 16-bit registers. */
  smsw: { call: control.smsw, result: 'CR0' },
  clts: { call: control.clts, end: true },
  invlpg: { call: control.invlpg, a: 'seg', b: 'offset', end: true },

  // The rest.
  /** INVD and WBINVD: no caches to write back, only the CPL check. */
  invd: { call: system.invd },
  /** HLT: the CPL check, then HALTED is set; the run loop acts on it at the boundary after. */
  hlt: { call: system.hlt, end: true },
  /** RDTSC, RDMSR, WRMSR, CPUID work on EAX … EDX themselves. */
  rdtsc: { call: system.rdtsc },
  rdmsr: { call: system.rdmsr },
  wrmsr: { call: system.wrmsr, end: true },
  cpuid: { call: system.cpuid },
  /** I/O permission (IOPL, then the TSS's bitmap): for INS and OUTS, before the memory operand is touched. */
  checkIo: { call: io.checkIo, a: 'port', b: 'size 1, 2 or 4' },
  /** IN: check and read. */
  portIn: { call: io.portIn, a: 'port', b: 'size 1, 2 or 4', result: 'value' },
  /** OUT: check and write. The size is in the name because the value takes the second place. */
  portOut8: { call: io.portOut8, a: 'port', b: 'value', end: true },
  portOut16: { call: io.portOut16, a: 'port', b: 'value', end: true },
  portOut32: { call: io.portOut32, a: 'port', b: 'value', end: true },
} satisfies Record<string, SystemHelper>;
