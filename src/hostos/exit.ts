/** How a task ends, or becomes another program. */
import type { HostEvent } from './events.ts';
import { releaseFiles } from './files.ts';
import { current } from './kernel.ts';
import { createMm, mmput } from './mm.ts';
import { currentTask } from './tasks.ts';
import type { Task } from './data.ts';

/** The current task ends itself. Its step must return at once. */
export function sysExit(status: number): void {
  exitTask(currentTask(), status);
}

/** The current task becomes another program, with empty memory; open files stay. Its step must return at once. */
export function sysExec(program: string, data: unknown): void {
  const task = currentTask();
  if (task.mm !== null) {
    mmput(task.mm);
    task.mm = createMm();
  }
  task.program = program;
  task.data = data;
  task.restarting = false;
}

/** Ends a task: closes its files, lets go of its memory. Its last words stay until somebody looks. */
export function exitTask(task: Task, status: number): void {
  if (task.state === 'zombie') return;
  task.state = 'zombie';
  task.exitStatus = status;
  current.emit<HostEvent>({ kind: 'task', what: 'exit', task: task.id, program: task.program, status });
  if (--task.files.users === 0) releaseFiles(task.files);
  if (task.mm !== null) mmput(task.mm);
  task.mm = null;
  current.data.tasks.entered = false;
}
