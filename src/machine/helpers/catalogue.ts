import type { Cpu } from '../memory/cpu.ts';
import * as control from '../protection/control_registers.ts';
import * as debug from '../protection/debug.ts';
import * as flags from '../protection/flag_rules.ts';
import * as interrupts from '../protection/interrupts.ts';
import * as io from '../protection/io.ts';
import * as model from '../protection/model_specific.ts';
import * as segments from '../protection/segments.ts';
import * as tables from '../protection/tables.ts';
import * as transfers from '../protection/transfers.ts';
import { fpuHelper, waitFpu } from '../fpu/index.ts';
import { enter16, enter32 } from './enter.ts';
import { repeatString } from './strings.ts';

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
 * - results narrower than 32 bits come zero-extended.
 *
 * Behind a helper stand its arguments and, after an arrow, its result.
 */
export interface Helper {
  /** Two words in, one out. */
  readonly call: (cpu: Cpu, a: number, b: number) => number | void;
  /** It leaves interruptibility and breakpoints alone, so that the run loop need not be told: see {@link Cpu.attend}. */
  readonly quiet?: true;
}

/** The helpers by name; `16` and `32` at the end of a name is the operand size. */
export const HELPERS = {
  // Segment registers. Stores (MOV r/m, Sreg; PUSH Sreg) need no helper: they read SEG_SELECTOR.
  /** MOV Sreg and POP Sreg (POP commits ESP after it). SS inhibits interrupts over the next instruction. MOV to CS is #UD in the decoder. */
  moveToSegment: { call: segments.moveToSegment }, // segment register, selector (low 16 bits)
  /** LDS LES LFS LGS LSS: the caller has read selector and offset, and writes the register after it. */
  loadSegment: { call: segments.loadSegment }, // segment register, selector

  // Far transfers.
  jmpFar16: { call: transfers.jmpFar16 }, // selector, offset
  jmpFar32: { call: transfers.jmpFar32 }, // selector, offset
  jmpFarMemory16: { call: transfers.jmpFarMemory16 }, // seg, offset of m16:16
  jmpFarMemory32: { call: transfers.jmpFarMemory32 }, // seg, offset of m16:32
  callFar16: { call: transfers.callFar16 }, // selector, offset
  callFar32: { call: transfers.callFar32 }, // selector, offset
  callFarMemory16: { call: transfers.callFarMemory16 }, // seg, offset of m16:16
  callFarMemory32: { call: transfers.callFarMemory32 }, // seg, offset of m16:32
  retFar16: { call: transfers.retFar16 }, // imm16, 0 without
  retFar32: { call: transfers.retFar32 }, // imm16, 0 without
  iret16: { call: interrupts.iret16 },
  iret32: { call: interrupts.iret32 },
  /** INT n, INT3 (`a` 3), INTO with OF set (`a` 4): delivers with the DPL check. */
  softwareInterrupt: { call: interrupts.softwareInterrupt }, // vector
  /** INT1 (F1): vector 1 without the DPL check. */
  int1: { call: interrupts.int1 },

  // Flags.
  /** PUSHF's image: VM and RF read as 0. Needs no fault. */
  pushfImage: { call: flags.pushfImage, quiet: true }, // -> EFLAGS image
  /** POPF: the caller commits ESP before or after, it cannot fault. */
  popf16: { call: flags.popf16 }, // image
  popf32: { call: flags.popf32 }, // image
  cli: { call: flags.cli },
  sti: { call: flags.sti },

  // Descriptor tables and the task register.
  lgdt16: { call: tables.lgdt16 }, // seg, offset of m16:32
  lgdt32: { call: tables.lgdt32 }, // seg, offset of m16:32
  lidt16: { call: tables.lidt16 }, // seg, offset of m16:32
  lidt32: { call: tables.lidt32 }, // seg, offset of m16:32
  sgdt16: { call: tables.sgdt16 }, // seg, offset of m16:32
  sgdt32: { call: tables.sgdt32 }, // seg, offset of m16:32
  sidt16: { call: tables.sidt16 }, // seg, offset of m16:32
  sidt32: { call: tables.sidt32 }, // seg, offset of m16:32
  /** For LLDT, LTR and LMSW with a memory operand the CPL check comes before the read (`cpl0` of the opcode table). */
  lldt: { call: tables.lldt }, // selector
  ltr: { call: tables.ltr }, // selector
  sldt: { call: tables.sldt, quiet: true }, // -> selector
  str: { call: tables.str, quiet: true }, // -> selector
  /** LAR, LSL: give the new value of the destination (all 32 bits; the old one where the selector is not accessible), and set ZF. */
  lar16: { call: tables.lar16, quiet: true }, // selector, old 32-bit value of the destination register -> its new value
  lar32: { call: tables.lar32, quiet: true }, // selector, old value of the destination register -> its new value
  lsl16: { call: tables.lsl16, quiet: true }, // selector, old 32-bit value of the destination register -> its new value
  lsl32: { call: tables.lsl32, quiet: true }, // selector, old value of the destination register -> its new value
  verr: { call: tables.verr, quiet: true }, // selector
  verw: { call: tables.verw, quiet: true }, // selector
  /** ARPL: gives the 16-bit value to write back and sets ZF. A memory destination must have been probed for writing before. */
  arpl: { call: tables.arpl, quiet: true }, // destination selector, source selector -> new destination

  // Control and debug registers.
  moveToControl: { call: control.moveToControl }, // register number 0-7, value
  moveFromControl: { call: control.moveFromControl }, // register number 0-7 -> value
  moveToDebug: { call: debug.moveToDebug }, // register number 0-7, value
  moveFromDebug: { call: debug.moveFromDebug }, // register number 0-7 -> value
  lmsw: { call: control.lmsw }, // value (low 16 bits)
  /** SMSW: all of CR0; the caller cuts it to 16 bits for memory and 16-bit registers. */
  smsw: { call: control.smsw, quiet: true }, // -> CR0
  clts: { call: control.clts },
  invlpg: { call: control.invlpg }, // seg, offset

  // The rest.
  /** INVD and WBINVD: no caches to write back, only the CPL check. */
  invd: { call: model.invd },
  /** HLT: the CPL check, then HALTED is set; the run loop acts on it at the boundary after. */
  hlt: { call: model.hlt },
  /** RDTSC, RDMSR, WRMSR, CPUID work on EAX … EDX themselves. */
  rdtsc: { call: model.rdtsc, quiet: true },
  rdmsr: { call: model.rdmsr },
  wrmsr: { call: model.wrmsr },
  cpuid: { call: model.cpuid, quiet: true },
  /** I/O permission (IOPL, then the TSS's bitmap): for INS and OUTS, before the memory operand is touched. */
  checkIo: { call: io.checkIo }, // port, size 1, 2 or 4
  /** IN: check and read. */
  portIn: { call: io.portIn }, // port, size 1, 2 or 4 -> value
  /** OUT: check and write. The size is in the name because the value takes the second place. */
  portOut8: { call: io.portOut8 }, // port, value
  portOut16: { call: io.portOut16 }, // port, value
  portOut32: { call: io.portOut32 }, // port, value

  // Parts of instructions, and what has a room of its own.
  /** The check of an operand's segment where it is not flat. The first argument packs segment, size and access: see lower.ts. */
  segmentSlow: {
    call: (cpu: Cpu, packed: number, offset: number) =>
      segments.checkSegment(cpu, packed & 7, offset, (packed >> 3) & 15, (packed & 0x80) !== 0),
    quiet: true,
  }, // -> linear address
  selectorOf: { call: (cpu: Cpu, segment: number) => cpu.state.selector(segment), quiet: true }, // segment register -> selector
  enter16: { call: enter16, quiet: true }, // bytes of locals, level
  enter32: { call: enter32, quiet: true }, // bytes of locals, level
  repeatString: { call: repeatString }, // what packString made
  fpu: { call: fpuHelper, quiet: true }, // the instruction's bits, offset of its operand
  fwait: { call: waitFpu, quiet: true },
} satisfies Record<string, Helper>;
