/**
 * The machine: RAM, MMU, an i586 with x87, its clock and its interrupt line.
 *
 * The folder's only door. See {@link Machine}, and the page *The bare machine* for a program in twenty lines, what the machine has been compared with, and where it deviates.
 */
export { Machine, type Exit, type MachineOptions } from './machine.ts';
export type { ExitReason } from './interpreter.ts';
export type { MachineCheckpoint, MachineSnapshot } from './snapshot.ts';
export { PageStore } from './page_store.ts';
export type { Ports, TrapKind } from './cpu.ts';
export { CpuState } from './state.ts';
export { Ram } from './ram.ts';
export { ImageError, loadMultiboot, parseImage, MULTIBOOT_BOOTED, type BootImage, type ImagePart } from './multiboot.ts';
export { runBare, bareCommand, type BareOptions, type BareResult, type BarePlatform } from './bare.ts';
export * as layout from './layout.ts';
export * as flags from './flags.ts';
export { ES, CS, SS, DS, FS, GS, LDTR, TR } from './layout.ts';
export {
  FORMS,
  parseTable,
  sizeInBytes,
  CONDITIONS,
  SEGMENT_NAMES,
  decode,
  hasMemory,
  MAX_LENGTH,
  type InstructionForm,
  type OperandDescriptor,
  type OperandKind,
  type SizeLetter,
  type Attribute,
  type ModrmUse,
  type ImmediatePart,
  type Instruction,
  type DecodeFault,
} from './opcodes/index.ts';
