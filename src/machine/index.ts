/**
 * The machine: RAM, MMU, an i586 with x87, its clock and its interrupt line.
 *
 * The folder's only door. See {@link Machine}, and the page *The bare machine* for a program in twenty lines, what the machine has been compared with, and where it deviates.
 */
export { Machine, type MachineOptions } from './machine.ts';
export type { Exit, StopBy } from './run_loop.ts';
export type { MachineCheckpoint } from './snapshot/checkpoints.ts';
export type { MachineSnapshot } from './snapshot/snapshot.ts';
export type { Ports, TrapKind } from './memory/cpu.ts';
export type { CodeStops, DataAccess, WatchedRange } from './memory/observer.ts';
export { CpuState } from './state/state.ts';
export { Ram } from './memory/ram.ts';
export * as layout from './state/layout.ts';
export * as pageBits from './memory/page_bits.ts';
export * as flags from './state/flags.ts';
export { ES, CS, SS, DS, FS, GS, LDTR, TR } from './state/layout.ts';
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
