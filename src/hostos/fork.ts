/** How a task makes another: as fork and clone do. */
import { copyMm } from './mm.ts';
import { createTask, currentTask } from './tasks.ts';
import type { FileTable, Task } from './data.ts';

/** A child with a copy of everything (fork): the same open files, and memory that is copied when either side writes. */
export function forkTask(program: string, data: unknown): Task {
  const { files, mm } = currentTask();
  return createTask(program, data, { mm: mm && copyMm(mm), files: copyFiles(files) });
}

/** Flag of {@link cloneTask}: share the table of descriptors, too (linux/sched.h). */
const CLONE_FILES = 0x400;

/** A child that shares memory (CLONE_VM), a thread; and open files, with CLONE_FILES: otherwise it has copies of the descriptors. */
export function cloneTask(program: string, data: unknown, flags = CLONE_FILES): Task {
  const { files, mm } = currentTask();
  if (mm !== null) mm.users++;
  if (!(flags & CLONE_FILES)) return createTask(program, data, { mm, files: copyFiles(files) });
  files.users++;
  return createTask(program, data, { mm, files });
}

function copyFiles({ fds }: FileTable): FileTable {
  for (const file of fds) if (file !== null) file.refs++;
  return { fds: fds.slice(), users: 1 };
}
