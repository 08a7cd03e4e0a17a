import * as L from '../state/layout.ts';
import type { CpuState } from '../state/state.ts';
import {
  ENTRY_BASE,
  ENTRY_COUNT,
  ENTRY_DISP,
  ENTRY_HANDLER,
  ENTRY_IMM,
  ENTRY_IMM2,
  ENTRY_INDEX,
  ENTRY_NEXT,
  ENTRY_REG,
  ENTRY_RM,
  ENTRY_SCALE,
  ENTRY_SEGMENT,
  ENTRY_START,
} from './entry.ts';
import type { Instruction, InstructionForm, OperandDescriptor } from '../opcodes/index.ts';
import { packString } from '../helpers/strings.ts';

/**
 * Writes a decoded instruction as the engine reads it, see entry.ts; it has not run yet.
 *
 * @param at where the entry lies @param start of the instruction, from the block's start @param handler its index in the function table
 */
export function writeEntry(state: CpuState, at: number, insn: Instruction, form: InstructionForm, start: number, handler: number): void {
  const { u8, u16, i32 } = state;
  const kinds = form.operands;
  i32[(at + ENTRY_HANDLER) >> 2] = handler;
  i32[(at + ENTRY_COUNT) >> 2] = 0;
  u16[(at + ENTRY_START) >> 1] = start;
  u16[(at + ENTRY_NEXT) >> 1] = start + insn.length;
  u16[(at + ENTRY_RM) >> 1] = registerAddress(
    insn.rm,
    kinds.find((o) => 'ERZ'.includes(o.kind)),
  );
  u16[(at + ENTRY_REG) >> 1] = registerAddress(
    insn.reg,
    kinds.find((o) => o.kind === 'G'),
  );
  u16[(at + ENTRY_BASE) >> 1] = insn.base >= 0 ? L.GPR + insn.base * 4 : L.ZERO;
  u16[(at + ENTRY_INDEX) >> 1] = insn.index >= 0 ? L.GPR + insn.index * 4 : L.ZERO;
  u8[at + ENTRY_SCALE] = 31 - Math.clz32(insn.scale);
  u8[at + ENTRY_SEGMENT] = insn.segment;
  i32[(at + ENTRY_DISP) >> 2] = insn.disp;
  let imm = insn.operandSize === 16 ? insn.imm & 0xffff : insn.imm;
  let imm2 = insn.imm2;
  if (kinds[0]?.kind === 'J') imm = start + insn.length + insn.rel;
  else if (kinds[0]?.kind === 'A') imm2 = insn.selector;
  else if (kinds.some((o) => o.kind === 'S' || o.kind === 'C' || o.kind === 'D')) imm2 = insn.reg;
  else if (form.attributes.has('fpu')) {
    imm =
      ((form.opcode & 7) << 8) |
      (insn.mod << 6) |
      (insn.reg << 3) |
      insn.rm |
      (insn.segment << 11) |
      (insn.operandSize === 16 ? 0x4000 : 0);
  } else if (form.attributes.has('rep') || form.attributes.has('repz')) {
    imm = packString(form.name, elementSize(form, insn), insn.addressSize === 16, insn.segment, insn.rep);
  }
  u16[(at + ENTRY_IMM2) >> 1] = imm2;
  i32[(at + ENTRY_IMM) >> 2] = imm;
}

function elementSize(form: InstructionForm, insn: Instruction): number {
  const letter = form.operands.find((o) => o.kind === 'X' || o.kind === 'Y')?.size;
  return letter === 'b' ? 1 : insn.operandSize >> 3;
}

/** Byte address of a register: of AH … BH for the upper four byte registers. */
function registerAddress(n: number, operand: OperandDescriptor | undefined): number {
  if (operand?.size === 'b' && n >= 4) return L.GPR + (n - 4) * 4 + 1;
  return L.GPR + n * 4;
}
