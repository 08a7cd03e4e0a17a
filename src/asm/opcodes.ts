/** The machine's opcode table, as the assembler and the disassembler see it. */
export {
  FORMS, decode, sizeInBytes, CONDITIONS, SEGMENT_NAMES,
  type InstructionForm, type Instruction, type OperandDescriptor,
} from '../machine/opcodes/index.ts';
