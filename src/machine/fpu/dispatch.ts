import { CR0, CS, EIP_START, FPU_CS, FPU_DP, FPU_DS, FPU_IP, FPU_OPCODE, FPU_STATUS, SEG, SEG_SIZE } from '../state/layout.ts';
import { MF, NM, UD } from '../state/fault.ts';
import { CR0_EM, CR0_MP, CR0_TS } from '../state/register_bits.ts';
import { memoryForms } from './memory_forms.ts';
import { registerForms } from './register_forms.ts';
import type { FpuCpu } from './memory.ts';
import { raise } from './memory.ts';
import { begin } from './registers.ts';
import { ES } from './scratch.ts';

/**
 * Executes one x87 instruction (opcodes D8-DF).
 *
 * A pending unmasked exception is reported as #MF by the next waiting instruction, whatever CR0.NE says: with NE clear a
 * PC would route it through its interrupt controller, which is no part of the machine.
 *
 * @param opcode (first byte & 7) << 8 | modrm
 * @param segment the operand's segment (ES 0 … GS 5); memory forms only
 * @param offset the operand's effective offset, 0 … 2^32-1; memory forms only
 * @param size16 the operand size is 16 bits: selects the 14/94-byte environment formats
 * @throws faults 6 (undefined opcode), 7 (CR0.EM or TS), 16 (pending unmasked exception), and those of the memory operand
 */
export function executeFpu(cpu: FpuCpu, opcode: number, segment: number, offset: number, size16: boolean): void {
  const s = cpu.state;
  const u32 = s.u32;
  const inMemory = (opcode & 0xc0) !== 0xc0;
  const form = inMemory
    ? memoryForms[((opcode >> 5) & 0x38) | ((opcode >> 3) & 7)]
    : registerForms[((opcode >> 2) & 0x1c0) | (opcode & 0x3f)];
  if (form === null) raise(UD);
  if ((u32[CR0 >> 2] & (CR0_EM | CR0_TS)) !== 0) raise(NM);
  if (form.waits && (u32[FPU_STATUS >> 2] & ES) !== 0) raise(MF);
  begin(s);
  form.execute(cpu, s, inMemory ? segment : opcode & 7, offset, size16);
  if (form.control) return;
  u32[FPU_IP >> 2] = u32[EIP_START >> 2];
  u32[FPU_CS >> 2] = u32[(SEG + CS * SEG_SIZE) >> 2];
  u32[FPU_OPCODE >> 2] = opcode;
  if (inMemory) {
    u32[FPU_DP >> 2] = offset;
    u32[FPU_DS >> 2] = u32[(SEG + segment * SEG_SIZE) >> 2];
  }
}

/**
 * {@link executeFpu} in the shape of a helper of generated code.
 *
 * @param a opcode in bits 0-10, segment in bits 11-13, 16-bit operand size in bit 14
 * @param b the operand's effective offset
 */
export function fpuHelper(cpu: FpuCpu, a: number, b: number): number {
  executeFpu(cpu, a & 0x7ff, (a >> 11) & 7, b >>> 0, (a & 0x4000) !== 0);
  return 0;
}

/** WAIT (9B): #NM when CR0.MP and TS are set, #MF when an unmasked exception is pending. */
export function waitFpu(cpu: FpuCpu, a: number, b: number): number {
  void a;
  void b;
  const u32 = cpu.state.u32;
  if ((u32[CR0 >> 2] & (CR0_MP | CR0_TS)) === (CR0_MP | CR0_TS)) raise(NM);
  if ((u32[FPU_STATUS >> 2] & ES) !== 0) raise(MF);
  return 0;
}
