/** The scheduler's loop: who runs, and what happens when nobody does. */
import { current } from './kernel.ts';
import { ktimeGetReal, nextExpiry, skipIdleTime } from './hrtimer.ts';
import { localIrqEnable } from './irq.ts';
import { stts } from './processor.ts';
import { exitTask, findTask, signalPending, stepTask } from './tasks.ts';
import type { Task } from './tasks.ts';

/** Why {@link runHost} came back: the count, or that of the steps, is reached; all wait for the outside; all are gone. */
export type HostStop = 'limit' | 'idle' | 'exited';

/**
 * Runs the current Host until `limit` instructions have retired since its start, or until it needs somebody else.
 * Where the slices end makes no difference to what happens: a run may stop in the middle of a Guest and goes on there.
 */
export function runHost(limit: number, steps = Infinity): HostStop {
  current.limit = limit;
  for (let left = steps; ; left--) {
    if (left <= 0 || current.machine.cpu.instructions >= limit) return 'limit';
    if (!current.data.tasks.inGuest) localIrqEnable();
    const task = pickTask();
    if (task !== null) {
      runTask(task);
    } else if (current.data.tasks.all.every(({ state }) => state === 'zombie')) {
      return 'exited';
    } else if (nextExpiry() === Infinity) {
      return 'idle';
    } else {
      skipIdleTime();
    }
  }
}

/** True when nothing can happen before a timer fires: what the world may want to wait for in real time. */
export function idleUntil(): number | null {
  if (current.data.tasks.all.some(({ state }) => state === 'running')) return null;
  const next = nextExpiry();
  return next === Infinity || next <= ktimeGetReal() ? null : next;
}

/** The current task while it may and wants to go on; else the next one in the round. */
function pickTask(): Task | null {
  const { tasks } = current.data;
  const now = findTask(tasks.current);
  if (now !== undefined && now.state === 'running' && (tasks.inGuest || !tasks.needResched)) return now;
  tasks.needResched = false;
  const { all } = tasks;
  const from = now === undefined ? -1 : all.indexOf(now);
  for (let i = 1; i <= all.length; i++) {
    const task = all[(from + i + all.length) % all.length];
    if (task.state === 'running') return task;
  }
  return null;
}

function runTask(task: Task): void {
  const { tasks } = current.data;
  if (tasks.current !== task.id) {
    tasks.current = task.id;
    current.emit({ kind: 'task', what: 'run', task: task.id, program: task.program });
    // Another task's numbers are in the FPU, for all that it knows: the first to use it will ask (#NM).
    stts();
  }
  if (signalPending(task) && !tasks.inGuest) exitTask(task, 128 + (31 - Math.clz32(task.signals)));
  else stepTask(task);
}
