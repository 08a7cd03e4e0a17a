/**
 * Time. The machine's clock is its count of retired instructions: one every 10 ns, a 100 MHz machine. When nobody has
 * anything to do, time skips to the next timer. So the same run has the same times, to the nanosecond.
 */
import { current } from './kernel.ts';
import type { Kernel } from './kernel.ts';

/** Nanoseconds an instruction takes. */
export const NS_PER_INSTRUCTION = 10;
/** What the machine tells of its TSC, which counts instructions, and idle time as if it had been instructions: kHz. */
export const TSC_KHZ = 100_000;
/** Instructions between two ticks of the Host's clock, while it runs at all: 1000 ticks a second. */
export const TICK_INSTRUCTIONS = 100_000;

export interface TimeData {
  /** Nanoseconds skipped in idleness. */
  idle: number;
  /** Instruction count of the next tick. */
  nextTick: number;
  /** The interrupt line is up: the timer has something to say and the processor has not listened yet. */
  raised: boolean;
  /** Wall clock time at the start, in seconds since 1970. */
  epoch: number;
  /** Armed timers, the next to fire first. */
  timers: HrTimer[];
}

/** A one-shot timer (struct hrtimer). */
export interface HrTimer {
  /** When it fires, on the clock of {@link ktimeGetReal}. */
  expires: number;
  active: boolean;
  /** Key of its function among the kernel's. */
  handlerKey: string;
  /** Whatever the function needs. */
  data: unknown;
}

/** Runs when a timer fires, with the timer's `data`, in interrupt context: it must not sleep. */
export type TimerHandler = (data: unknown) => void;

/** Makes a timer's function known to a kernel. */
export function registerTimerHandler({ code }: Kernel, key: string, handler: TimerHandler): void {
  code.timers.set(key, handler);
}

/** @param epoch wall clock time at the start, in seconds. */
export function createTime(epoch: number): TimeData {
  return { idle: 0, nextTick: TICK_INSTRUCTIONS, raised: false, epoch, timers: [] };
}

/** Nanoseconds since the Host's start, exactly. Timers go by this clock. */
export function ktimeGetReal(): number {
  return current.machine.cpu.instructions * NS_PER_INSTRUCTION + current.data.time.idle;
}

/** The wall clock: seconds since 1970, and nanoseconds. */
export function ktimeGetRealTs(): { sec: number; nsec: number } {
  const now = ktimeGetReal();
  const seconds = Math.floor(now / 1e9);
  return { sec: current.data.time.epoch + seconds, nsec: now - seconds * 1e9 };
}

/** A timer that nobody has set up yet. */
export function createHrTimer(): HrTimer {
  return { expires: 0, active: false, handlerKey: '', data: null };
}

/** Sets a timer up. It is not armed yet. */
export function hrtimerInit(timer: HrTimer, handlerKey: string, data: unknown): void {
  timer.handlerKey = handlerKey;
  timer.data = data;
}

/** Arms a timer for a time on the clock of {@link ktimeGetReal}; one that was armed already is armed anew. */
export function hrtimerStart(timer: HrTimer, expires: number): void {
  remove(timer);
  timer.expires = expires;
  timer.active = true;
  const { timers } = current.data.time;
  let at = timers.length;
  while (at > 0 && timers[at - 1].expires > expires) at--;
  timers.splice(at, 0, timer);
  current.emit({ kind: 'timer', what: 'start', expires });
}

/** Disarms a timer. */
export function hrtimerCancel(timer: HrTimer): void {
  if (!timer.active) return;
  remove(timer);
  current.emit({ kind: 'timer', what: 'cancel', expires: timer.expires });
}

function remove(timer: HrTimer): void {
  const { timers } = current.data.time;
  if (timer.active) timers.splice(timers.indexOf(timer), 1);
  timer.active = false;
}

/** When the next timer fires; Infinity if none is armed. */
export function nextExpiry(): number {
  return current.data.time.timers[0]?.expires ?? Infinity;
}

/** The instruction count by which the Host's clock wants the processor: the next timer or the next tick. */
export function nextDeadline(): number {
  const { idle, nextTick } = current.data.time;
  return Math.min(nextTick, Math.ceil((nextExpiry() - idle) / NS_PER_INSTRUCTION));
}

/** Fires every timer whose time has come. */
export function runExpiredTimers(): void {
  const { timers } = current.data.time;
  const now = ktimeGetReal();
  while (timers.length > 0 && timers[0].expires <= now) {
    const timer = timers[0];
    remove(timer);
    current.emit({ kind: 'timer', what: 'fire', expires: timer.expires });
    const handler = current.code.timers.get(timer.handlerKey);
    if (handler === undefined) throw new Error(`no timer handler "${timer.handlerKey}"`);
    handler(timer.data);
  }
}

/** Nobody has anything to do: time passes at once until then. A wait that ends with its timer is an event. */
export function skipIdleTime(until: number): void {
  const { time } = current.data;
  const now = ktimeGetReal();
  if (until <= now) return;
  if (until === nextExpiry()) current.emit({ kind: 'timer', what: 'idle', expires: until });
  const before = Math.floor(time.idle / NS_PER_INSTRUCTION);
  time.idle += until - now;
  // In whole instructions of the sum, so that a wait in two parts is as long as one in one.
  current.machine.passTime(Math.floor(time.idle / NS_PER_INSTRUCTION) - before);
}
