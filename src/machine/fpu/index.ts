/**
 * The x87 floating-point unit: every instruction of the opcodes D8-DF, and WAIT (9B), bit for bit as the silicon does it.
 *
 * The unit takes the instruction by its eleven opcode bits, so that it needs no mnemonic:
 * `opcode = (first byte & 7) << 8 | modrm`. State lies in the machine's memory (`FPU_*` in layout.ts): a register is the
 * significand in two words and sign and exponent in a third, whose upper half is zero; the status word is kept without TOP, its
 * summary bits (ES, B) always up to date.
 *
 * scratch.ts holds an instruction's operands. What computes has the name of what it computes (sum.ts … trigonometric.ts; operations.ts, convert.ts), round.ts and
 * pack.ts bring results into shape, registers.ts has the stack and the exceptions, and the forms of the instructions are in memory_forms.ts and register_forms.ts.
 */
export type { FpuCpu } from './memory.ts';
export { executeFpu, fpuHelper, waitFpu } from './dispatch.ts';
export { FPU_WAYS, fpuWay } from './short_ways.ts';
export { resetFpu } from './environment.ts';
