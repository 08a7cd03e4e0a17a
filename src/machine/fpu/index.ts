/**
 * The x87 floating-point unit: every instruction of the opcodes D8-DF, and WAIT (9B), bit for bit as the silicon does it.
 *
 * The unit takes the instruction by its eleven opcode bits, so that it needs no mnemonic:
 * `opcode = (first byte & 7) << 8 | modrm`. State lies in the machine's memory (`FPU_*` in layout.ts).
 */

/**
 * What the unit needs of a CPU, see memory.ts.
 */
export type { FpuCpu } from './memory.ts';

export { executeFpu, fpuHelper, waitFpu } from './dispatch.ts';
export { resetFpu } from './environment.ts';
