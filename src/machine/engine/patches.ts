import * as L from '../state/layout.ts';
import type { Cpu } from '../memory/cpu.ts';
import { MARK_CLEAN, MARK_CODE } from '../memory/marks.ts';
import type { Instruction, InstructionForm } from '../opcodes/index.ts';

/** Immediates of decoded instructions that generated code may write by itself: into memory, and into the decoded entry. The table lies in the machine's memory. */
export class Patches {
  readonly #cpu: Cpu;
  /** Something stands in the table. */
  #any = false;

  constructor(cpu: Cpu) {
    this.#cpu = cpu;
  }

  /** Allows it for the four bytes at a physical address, @param field where the entry has them; only where their page holds nothing but code. */
  allow(physical: number, field: number): void {
    const { u32 } = this.#cpu.state;
    const at = (L.PATCH_TABLE >> 2) + ((physical >> 2) & (L.PATCHES - 1)) * 4;
    if ((this.#cpu.marks[physical >>> 12] & ~MARK_CLEAN) !== MARK_CODE) return;
    u32[at + 2] = u32[at] === physical && u32[at + 1] !== field ? u32[at + 1] : field;
    u32[at] = physical;
    u32[at + 1] = field;
    this.#any = true;
  }

  /** Ends all that: a block has gone or come, or has become part of a unit. */
  forget(): void {
    if (!this.#any) return;
    this.#any = false;
    this.#cpu.state.u32.fill(0, L.PATCH_TABLE >> 2, (L.PATCH_TABLE >> 2) + L.PATCHES * 4);
  }
}

/** Whether the instruction ends with a 32-bit immediate that its entry keeps as it is. */
export function isPlainImmediate(form: InstructionForm, insn: Instruction): boolean {
  return (
    insn.operandSize === 32 && form.immediates.length === 1 && form.immediates[0] === 'iv' && form.operands.some((o) => o.kind === 'I')
  );
}
