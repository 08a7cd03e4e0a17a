/**
 * Whoever keeps something in the processor that belongs to one task alone may have himself told when that task is given the processor, and when it loses it
 * (preempt notifiers, linux/preempt.h, from Linux 2.6.23 on).
 */
import type { HostEvent } from './events.ts';
import { ktimeGetReal } from './hrtimer.ts';
import { current } from './kernel.ts';
import { currentTask } from './tasks.ts';
import type { Task } from './data.ts';

/** From now on file operations of that kind are told of the current task, which has the processor: they are told so at once. Who is told already is not told again. */
export function preemptNotifierRegister(ops: string): void {
  const task = currentTask();
  if (task.preempt !== undefined) return;
  task.preempt = { ops, away: ktimeGetReal() };
  schedIn(task);
}

/** A task gets the processor. */
export function schedIn({ id, preempt }: Task): void {
  if (preempt === undefined || preempt.away === null) return;
  const away = ktimeGetReal() - preempt.away;
  preempt.away = null;
  current.code.operations.get(preempt.ops)?.schedIn?.();
  current.emit<HostEvent>({ kind: 'preempt', what: 'in', task: id, away });
}

/** It loses it. */
export function schedOut({ id, preempt }: Task): void {
  if (preempt === undefined || preempt.away !== null) return;
  preempt.away = ktimeGetReal();
  current.code.operations.get(preempt.ops)?.schedOut?.();
  current.emit<HostEvent>({ kind: 'preempt', what: 'out', task: id });
}
