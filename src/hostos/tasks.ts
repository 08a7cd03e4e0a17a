/**
 * Tasks: the Host's programs. A program is a function that the kernel knows by name, and one call of it is one *step*, mostly one
 * system call with what it takes to get there. It keeps whatever it must remember in `task.data`, so that between steps
 * a task is nothing but data. A call that must wait returns -ERESTARTNOINTR with the task asleep; the step then
 * returns too, and makes the same call again when it is next called.
 */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { releaseFiles } from './files.ts';
import { copyMm, createMm, mmapAnonymous, mmput, munmap } from './mm.ts';
import type { OpenFile } from './files.ts';
import type { Mm } from './mm.ts';
import { EINVAL, ENOMEM, ERESTARTNOINTR, ESRCH } from './errno.ts';

export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGTERM = 15;

/** A process or thread of the Host (struct task_struct). */
export interface Task {
  id: number;
  /** Key of its function among the kernel's programs. */
  program: string;
  state: 'running' | 'interruptible' | 'zombie';
  /** The program's own variables. */
  data: unknown;
  /** Its memory; null for a program that has none in the machine. */
  mm: Mm | null;
  /** Open files by descriptor. A thread shares its maker's table. */
  files: FileTable;
  /** Bit n: signal n waits. */
  signals: number;
  /** The call being made is the repetition of one that could not finish. */
  restarting: boolean;
  exitStatus: number;
  /** The terminal it was started from, and its children with it. */
  tty: number;
  /** Id of the task that made it; 0 for the first. */
  parent: number;
}

/** A table of descriptors and how many tasks share it. */
export interface FileTable {
  fds: (OpenFile | null)[];
  users: number;
}

/** The scheduler's variables. */
export interface TaskData {
  all: Task[];
  nextId: number;
  /** Who has the processor: a task's id, 0 for nobody. */
  current: number;
  /** A better use of the processor may have turned up: see {@link condResched}. */
  needResched: boolean;
  /** The processor stands in the middle of a Guest: only the current task can go on. */
  inGuest: boolean;
  /** Steps that came to their end. One that is interrupted in a Guest by the end of a time slice has not. */
  steps: number;
}

/** Ids of sleeping tasks. */
export type WaitQueue = number[];

/** One step of a program. */
export type Program = (task: Task) => void;

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
  return { all: [], nextId: 1, current: 0, needResched: false, inGuest: false, steps: 0 };
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

/** A child with a copy of everything (fork): the same open files, and memory that is copied when either side writes. */
export function forkTask(program: string, data: unknown): Task {
  const { files, mm } = currentTask();
  return createTask(program, data, { mm: mm && copyMm(mm), files: copyFiles(files) });
}

/** Flag of {@link cloneTask}: share the table of descriptors, too (linux/sched.h). */
export const CLONE_FILES = 0x400;

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

/** The task that has the processor. */
export function currentTask(): Task {
  const task = findTask(current.data.tasks.current);
  if (task === undefined) throw new Error('no task has the processor');
  return task;
}

export function findTask(id: number): Task | undefined {
  return current.data.tasks.all.find((task) => task.id === id);
}

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

/** Ends a task: closes its files, lets go of its memory. Its last words stay until somebody looks. */
export function exitTask(task: Task, status: number): void {
  if (task.state === 'zombie') return;
  task.state = 'zombie';
  task.exitStatus = status;
  current.emit<HostEvent>({ kind: 'task', what: 'exit', task: task.id, program: task.program, status });
  if (--task.files.users === 0) releaseFiles(task.files);
  if (task.mm !== null) mmput(task.mm);
  task.mm = null;
  current.data.tasks.inGuest = false;
}

/** Sends a signal. Nobody here catches any: the task ends before its next step. Returns 0 or -ESRCH. */
export function sysKill(id: number, signal: number): number {
  const task = findTask(id);
  if (task === undefined || task.state === 'zombie') return -ESRCH;
  task.signals |= 1 << signal;
  wakeUpProcess(task);
  return 0;
}

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
