/** The scheduler's loop: who runs, and what happens when nobody does. */
import type { HostEvent } from './events.ts';
import { current, panic } from './kernel.ts';
import { ktimeGetReal, nextExpiry, skipIdleTime } from './hrtimer.ts';
import { localIrqEnable } from './irq.ts';
import { schedIn, schedOut } from './preempt.ts';
import { stts } from './processor.ts';
import { exitTask } from './exit.ts';
import { findTask, signalPending, stepTask } from './tasks.ts';
import type { Task } from './data.ts';

/**
 * Why {@link runHost} came back: the count, or that of the steps, is reached; somebody outside wants it; something was asked of the outside; all
 * wait, for the outside or for a later time; all are gone.
 */
export type HostStop = 'limit' | 'halt' | 'request' | 'idle' | 'waiting' | 'exited';

/**
 * A place in a run, the same however it is cut into slices. Only one of the three moves at a time: instructions while a Guest runs, steps while programs
 * of the Host do, time while all wait.
 */
export interface RunPlace {
  /** Instructions retired. */
  at: number;
  /** Steps of programs that came to their end. */
  step: number;
  /** Nanoseconds since the Host's start. */
  time: number;
}

/** What else ends a run. */
export interface HostBounds {
  /** Calls of programs. Default: any number. */
  steps?: number;
  /** While all wait, time passes only until then (ns since the Host's start). Default: to the next timer, as soon as nobody outside owes an answer. */
  until?: number | undefined;
  /** Come back as soon as something is asked of the outside. */
  requests?: boolean | undefined;
  /** Asked now and then whether the run is to end soon, wherever that may be: a slice of it has taken long enough. Reason `limit` or `halt`. */
  tired?: (() => boolean) | undefined;
  /** The next place where something came from outside, when this run was first made. */
  place?: RunPlace;
  /** Called there; lets it in and returns the next such place. */
  arrive?: () => RunPlace | undefined;
}

/** Where the current Host is. */
export function currentPlace(): RunPlace {
  return { at: current.machine.cpu.instructions, step: current.data.tasks.steps, time: ktimeGetReal() };
}

/**
 * Runs the current Host until `limit` instructions have retired since its start, or until it needs somebody else.
 * Where the slices end makes no difference to what happens: a run may stop in the middle of a Guest and goes on there.
 */
export function runHost(limit: number, bounds: HostBounds = {}): HostStop {
  const { machine, data } = current;
  // Who gave up stays so.
  if (data.panicked !== undefined) panic(data.panicked);
  machine.tired = bounds.tired ?? null;
  try {
    return runOn(limit, bounds);
  } finally {
    machine.tired = null;
  }
}

function runOn(limit: number, { steps = Infinity, until = Infinity, requests = false, place, arrive }: HostBounds): HostStop {
  const { tasks } = current.data;
  const { asked } = current;
  current.halt = Infinity;
  for (let left = steps; ; left--) {
    if (!tasks.entered) localIrqEnable();
    const { instructions } = current.machine.cpu;
    while (place !== undefined && isAt(place)) place = arrive?.();
    if (instructions >= current.halt) return 'halt';
    if (left <= 0 || instructions >= limit || (left < steps && current.machine.tired?.() === true)) return 'limit';
    if (requests && current.asked !== asked) return 'request';
    const next = place === undefined ? limit : Math.min(limit, instructions < place.at ? place.at : instructions + 1);
    // Somebody outside may have said already where it is to end.
    current.limit = Math.min(next, current.halt);
    const task = pickTask();
    if (task !== null) {
      runTask(task);
      if (!tasks.entered) {
        tasks.steps++;
        current.onMove?.(false);
      }
    } else if (allAreGone()) {
      return 'exited';
    } else if (!passTime(Math.min(until, place?.time ?? Infinity)) && !(place !== undefined && isAt(place))) {
      return nextExpiry() === Infinity ? 'idle' : 'waiting';
    }
  }
}

/** How the current Host stands where nothing more happens by itself: all are gone, or all wait for somebody outside. Null: it goes on. */
export function standstill(): 'exited' | 'idle' | null {
  const { tasks, disks } = current.data;
  if (allAreGone()) return 'exited';
  return tasks.all.some(({ state }) => state === 'running') || nextExpiry() !== Infinity || disks.pending.length > 0 ? null : 'idle';
}

function allAreGone(): boolean {
  return current.data.tasks.all.every(({ state }) => state === 'zombie');
}

/** At this place or behind it. */
function isAt({ at, step, time }: RunPlace): boolean {
  return current.machine.cpu.instructions >= at && current.data.tasks.steps >= step && ktimeGetReal() >= time;
}

/** All wait: time passes, to the next timer if that is before `until`. False if nothing happens before somebody outside does something. */
function passTime(until: number): boolean {
  // Who must wait for a disk outside does not see the clock race meanwhile.
  const waits = until === Infinity && current.data.disks.pending.length > 0;
  const next = waits ? Infinity : nextExpiry();
  if (next <= until && next !== Infinity) {
    idleUntil(next);
    return true;
  }
  if (until !== Infinity) idleUntil(until);
  return false;
}

/** Nobody has the processor until then. */
function idleUntil(time: number): void {
  const last = findTask(current.data.tasks.current);
  if (last !== undefined && time > ktimeGetReal()) schedOut(last);
  skipIdleTime(time);
}

/** The current task while it may and wants to go on; else the next one in the round. */
function pickTask(): Task | null {
  const { tasks } = current.data;
  const now = findTask(tasks.current);
  if (now !== undefined && now.state === 'running' && (tasks.entered || !tasks.needResched)) return now;
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
    const last = findTask(tasks.current);
    if (last !== undefined) schedOut(last);
    tasks.current = task.id;
    current.emit<HostEvent>({ kind: 'task', what: 'run', task: task.id, program: task.program });
    // Another task's numbers are in the FPU, for all that it knows: the first to use it will ask (#NM).
    stts();
  }
  schedIn(task);
  if (signalPending(task) && !tasks.entered) exitTask(task, 128 + (31 - Math.clz32(task.signals)));
  else stepTask(task);
}
