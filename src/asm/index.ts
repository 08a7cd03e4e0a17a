/** GNU-syntax i386 assembler and disassembler over the machine's opcode table. */
export { assemble } from './assemble.ts';
export { disassemble, type Disassembly, type Symbolize } from './disassemble.ts';
export type {
  AssembleOptions,
  Assembly,
  Diagnostic,
  LineEntry,
  Location,
  PlacedSection,
  Segment,
  Source,
  SymbolInfo,
} from './types.ts';
