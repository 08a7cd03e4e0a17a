export { OPCODE_TABLE } from './table.ts';
export {
  FORMS,
  parseTable,
  sizeInBytes,
  CONDITIONS,
  SEGMENT_NAMES,
  type InstructionForm,
  type OperandDescriptor,
  type OperandKind,
  type SizeLetter,
  type Attribute,
  type ModrmUse,
  type ImmediatePart,
} from './parse.ts';
export { decode, decoderOf, hasMemory, MAX_LENGTH, type Decode, type Instruction, type DecodeFault } from './decode.ts';
