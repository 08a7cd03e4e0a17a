import type { CpuState } from '../../state/state.ts';
import { EFLAGS, FLAGS_OP, FPU_CONTROL, FPU_EMPTY, FPU_REG, FPU_STATUS, FPU_TOP, RAM } from '../../state/layout.ts';
import { executeFpu } from '../../fpu/dispatch.ts';
import type { FpuCpu } from '../../fpu/memory.ts';

/** Runs the recorded vectors (format: vectors/generate.c) on the unit. */

/** One vector that did not match. */
export interface Mismatch {
  line: string;
  /** The right-hand side as the unit has it. */
  got: string;
}

/** Offset of the memory operand. */
const OPERAND = 0x100;

const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(digits, '0');

/** Writes a 20-digit operand at a memory offset. */
function poke(s: CpuState, at: number, digits: string): void {
  s.view.setUint16(at + 8, parseInt(digits.slice(0, 4), 16), true);
  s.view.setUint32(at + 4, parseInt(digits.slice(4, 12), 16), true);
  s.view.setUint32(at, parseInt(digits.slice(12, 20), 16), true);
}
function peek(s: CpuState, at: number): string {
  return hex(s.view.getUint16(at + 8, true), 4) + hex(s.view.getUint32(at + 4, true), 8) + hex(s.view.getUint32(at, true), 8);
}

/**
 * Executes every vector of a file.
 *
 * @param execute what runs the instruction
 * @returns how many vectors there are, and those that differ
 */
export function runVectors(text: string, cpu: FpuCpu, execute = executeFpu): { count: number; mismatches: Mismatch[] } {
  const s = cpu.state;
  const values: string[] = [];
  const operands: string[] = [];
  const mismatches: Mismatch[] = [];
  let count = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('v ')) {
      values.push(line.slice(2));
      continue;
    }
    if (line.startsWith('n ')) {
      operands.push(line.slice(2));
      continue;
    }
    const arrow = line.indexOf(' > ');
    if (arrow < 0) continue;
    count++;
    const [opcode, control, a, b, m, mode, flags] = line.slice(0, arrow).split(' ');
    const before: string[] = [];
    s.u32[FPU_CONTROL >> 2] = parseInt(control, 16);
    s.u32[FPU_STATUS >> 2] = 0;
    s.u32[FPU_TOP >> 2] = 1;
    s.u32[FLAGS_OP >> 2] = 0;
    s.u32[EFLAGS >> 2] = 0x202 | parseInt(flags, 16);
    for (let i = 0; i < 8; i++) {
      const index = i === 0 ? a : i === 1 ? b : mode === 'f' ? '1' : '-';
      const p = (i + 1) & 7;
      before[p] = index === '-' ? '0'.repeat(20) : values[Number(index)];
      s.u8[FPU_EMPTY + p] = index === '-' ? 1 : 0;
      poke(s, FPU_REG + 16 * p, before[p]);
      s.u32[(FPU_REG + 16 * p + 8) >> 2] &= 0xffff;
    }
    const memory = m === '-' ? 'cc'.repeat(10) : operands[Number(m)];
    poke(s, RAM + OPERAND, memory);
    execute(cpu, parseInt(opcode, 16), 3, OPERAND, false);
    let empty = 0;
    for (let i = 0; i < 8; i++) if (s.u8[FPU_EMPTY + i] !== 0) empty |= 1 << i;
    let got = `${hex(s.u32[FPU_STATUS >> 2] | (s.u32[FPU_TOP >> 2] << 11), 4)} ${hex(empty, 2)} ${(s.eflags & 0x8d5).toString(16)}`;
    for (let i = 0; i < 8; i++) {
      const now = peek(s, FPU_REG + 16 * i);
      if (now !== before[i]) got += ` ${i}=${now}`;
    }
    const after = peek(s, RAM + OPERAND);
    if (after !== memory) got += ` m=${after}`;
    if (got !== line.slice(arrow + 3)) mismatches.push({ line, got });
  }
  return { count, mismatches };
}
