import type { FpuCpu } from './memory.ts';

/**
 * Executes one x87 instruction (opcodes D8-DF).
 *
 * @param opcode (first byte & 7) << 8 | modrm
 * @param segment the operand's segment (ES 0 … GS 5); memory forms only
 * @param offset the operand's effective offset, 0 … 2^32-1; memory forms only
 * @param size16 the operand size is 16 bits: selects the 14/94-byte environment formats
 * @throws faults 6 (undefined opcode), 7 (CR0.EM or TS), 16 (pending unmasked exception), and those of the memory operand
 */
export function executeFpu(cpu: FpuCpu, opcode: number, segment: number, offset: number, size16: boolean): void {
  void cpu; void opcode; void segment; void offset; void size16;
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
  void cpu; void a; void b;
  return 0;
}
