/** What a kernel knows how to do before anybody has installed anything. */
import type { FileOperations, KernelCode } from './code.ts';
import { diskOperations } from './disk.ts';
import { socketOperations, tunOperations } from './net/index.ts';
import { pipeReadOperations, pipeWriteOperations } from './pipe.ts';
import { regularOperations } from './regular.ts';
import { consoleOperations } from './terminal.ts';

/** The Host's own kinds of files, by the names that {@link FileOperations} are found by. */
const OPERATIONS: Readonly<Record<string, FileOperations>> = {
  regular: regularOperations,
  disk: diskOperations,
  'pipe-read': pipeReadOperations,
  'pipe-write': pipeWriteOperations,
  console: consoleOperations,
  tun: tunOperations,
  socket: socketOperations,
};

/** A kernel's code, for modules to add to. */
export function createCode(): KernelCode {
  return { programs: new Map(), operations: new Map(Object.entries(OPERATIONS)), timers: new Map() };
}
