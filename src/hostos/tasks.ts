/**
 * Tasks: the Host's programs. A program is a function that the kernel knows by name, and one call of it is one *step*, mostly one
 * system call with what it takes to get there. It keeps whatever it must remember in `task.data`, so that between steps
 * a task is nothing but data. A call that must wait returns -ERESTARTNOINTR with the task asleep; the step then
 * returns too, and makes the same call again when it is next called.
 */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { mmapAnonymous, munmap } from './mm.ts';
import { EINVAL, ENOMEM, ERESTARTNOINTR, ESRCH } from './errno.ts';
import type { FileTable, Mm, Task, TaskData, WaitQueue } from './data.ts';
import type { Program } from './code.ts';

/** Signal: somebody typed ^C. */
export const SIGINT = 2;
/** Signal: somebody typed ^\\. */
export const SIGQUIT = 3;
/** Signal: end, whatever you are doing. */
export const SIGKILL = 9;
/** Signal: be so good as to end. */
export const SIGTERM = 15;

/** Makes a program known to a kernel. */
export function registerProgram({ code }: Kernel, key: string, step: Program): void {
  code.programs.set(key, step);
}

/** Calls a task's program once. */
export function stepTask(task: Task): void {
  const step = current.code.programs.get(task.program);
  if (step === undefined) throw new Error(`no program "${task.program}"`);
  step(task);
}

export function createTasks(): TaskData {
  return { all: [], nextId: 1, current: 0, needResched: false, entered: false, steps: 0 };
}

/** Starts a program. The new task runs when its turn comes. */
export function createTask(program: string, data: unknown, has: { mm?: Mm | null; files?: FileTable; tty?: number } = {}): Task {
  const { tasks } = current.data;
  const task: Task = {
    id: tasks.nextId++,
    program,
    state: 'running',
    data,
    mm: has.mm ?? null,
    files: has.files ?? { fds: [], users: 1 },
    signals: 0,
    restarting: false,
    exitStatus: 0,
    tty: has.tty ?? findTask(tasks.current)?.tty ?? 0,
    parent: tasks.current,
  };
  tasks.all.push(task);
  tasks.needResched = true;
  current.emit<HostEvent>({ kind: 'task', what: 'create', task: task.id, program });
  return task;
}

/** The task that has the processor. */
export function currentTask(): Task {
  const task = findTask(current.data.tasks.current);
  if (task === undefined) throw new Error('no task has the processor');
  return task;
}

/** The task with that id, undefined where there is none. */
export function findTask(id: number): Task | undefined {
  return current.data.tasks.all.find((task) => task.id === id);
}

/** Private zero-filled memory for the current task (mmap of /dev/zero). Returns its address or -ENOMEM. */
export function sysMmapZeroed(bytes: number): number {
  const { mm } = currentTask();
  return mm === null ? -ENOMEM : mmapAnonymous(mm, bytes);
}

/** Gives back memory of the current task, from the address that mmap returned. Returns 0 or -EINVAL. */
export function sysMunmap(address: number): number {
  const { mm } = currentTask();
  return mm !== null && munmap(mm, address) ? 0 : -EINVAL;
}

/** Sends a signal. Nobody here catches any: the task ends before its next step. Returns 0 or -ESRCH. */
export function sysKill(id: number, signal: number): number {
  const task = findTask(id);
  if (task === undefined || task.state === 'zombie') return -ESRCH;
  task.signals |= 1 << signal;
  wakeUpProcess(task);
  return 0;
}

/** Whether a signal waits for the task, so that a call that waits should come back. */
export function signalPending(task: Task): boolean {
  return task.signals !== 0;
}

/** Makes a sleeping task runnable again. */
export function wakeUpProcess(task: Task): void {
  if (task.state !== 'interruptible') return;
  task.state = 'running';
  current.data.tasks.needResched = true;
}

/** Puts the current task to sleep until `wakeUpProcess`. The caller returns the result, and comes again. */
export function sleepInterruptibly(): number {
  currentTask().state = 'interruptible';
  return -ERESTARTNOINTR;
}

/** Puts the current task to sleep on a queue. The caller returns the result. */
export function sleepOn(...queues: WaitQueue[]): number {
  const task = currentTask();
  for (const queue of queues) if (!queue.includes(task.id)) queue.push(task.id);
  return sleepInterruptibly();
}

/** Wakes everybody on a queue. Who slept on several may be woken once too often, and looks again. */
export function wakeUp(queue: WaitQueue): void {
  for (const id of queue.splice(0)) {
    const task = findTask(id);
    if (task !== undefined) wakeUpProcess(task);
  }
}

/** Is there something better to do? A kernel loop that sees `true` returns -ERESTARTNOINTR and is called again. */
export function condResched(): boolean {
  return current.data.tasks.needResched;
}
