/**
 * The machine's opcode table, as the assembler and the disassembler see it. By its path and not through #machine: build
 * tools load the assembler where package imports of TypeScript do not resolve, and it needs no more of the machine.
 */
export {
  FORMS,
  decode,
  parseTable,
  CONDITIONS,
  SEGMENT_NAMES,
  type InstructionForm,
  type Instruction,
  type OperandDescriptor,
} from '../machine/opcodes/index.ts';
