/**
 * Time. The machine's clock is its count of retired instructions: one every 10 ns, a 100 MHz machine. When nobody has
 * anything to do, time skips to the next timer. So the same run has the same times, to the nanosecond.
 * Somebody outside may set the clock: ahead, never back, and to another rate, so that it goes with one that he has. Like everything from outside, that
 * comes again at the same place when the run does.
 */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { HrTimer, TimeData } from './data.ts';
import type { TimerHandler } from './code.ts';

/** Nanoseconds an instruction takes. */
export const NS_PER_INSTRUCTION = 10;
/** What the machine tells of its TSC, which goes with this clock: one every 10 ns. kHz. */
export const TSC_KHZ = 100_000;
const NS_PER_TSC = 1e6 / TSC_KHZ;
/** The clock's rate at which an instruction takes {@link NS_PER_INSTRUCTION}. */
export const FULL_RATE = 256;
/** Instructions between two ticks of the Host's clock, while it runs at all: 1000 ticks a second. */
export const TICK_INSTRUCTIONS = 100_000;

/** Makes a timer's function known to a kernel. */
export function registerTimerHandler({ code }: Kernel, key: string, handler: TimerHandler): void {
  code.timers.set(key, handler);
}

/** @param epoch wall clock time at the start, in seconds. */
export function createTime(epoch: number): TimeData {
  return { movedAt: 0, movedTo: 0, rate: FULL_RATE, nextTick: TICK_INSTRUCTIONS, raised: false, epoch, epochNsec: 0, timers: [] };
}

/** Nanoseconds since the Host's start, exactly. Timers go by this clock. */
export function ktimeGetReal(): number {
  const { movedAt, movedTo, rate } = current.data.time;
  return movedTo + Math.floor(((current.machine.cpu.instructions - movedAt) * NS_PER_INSTRUCTION * rate) / FULL_RATE);
}

/** The wall clock: seconds since 1970, and nanoseconds. */
export function ktimeGetRealTs(): { sec: number; nsec: number } {
  const { epoch, epochNsec } = current.data.time;
  const now = ktimeGetReal() + epochNsec;
  const seconds = Math.floor(now / 1e9);
  return { sec: epoch + seconds, nsec: now - seconds * 1e9 };
}

/** Sets the wall clock. The clock that timers go by does not notice. */
export function doSettimeofday({ sec, nsec }: { sec: number; nsec: number }): void {
  const { time } = current.data;
  const now = ktimeGetReal();
  const seconds = Math.floor(now / 1e9);
  const before = nsec < now - seconds * 1e9;
  time.epoch = sec - seconds - (before ? 1 : 0);
  time.epochNsec = nsec - (now - seconds * 1e9) + (before ? 1e9 : 0);
}

/**
 * Sets both clocks ahead by so many nanoseconds, and lets them go on at another rate. Timers whose time has come by that fire at the next interrupt.
 * @param rate 256ths of {@link NS_PER_INSTRUCTION} that an instruction takes
 */
export function adjustClock(ahead: number, rate: number): void {
  const { machine, data } = current;
  moveClock(ktimeGetReal() + ahead);
  data.time.rate = rate;
  machine.timeStampRate = rate / FULL_RATE;
}

function moveClock(to: number): void {
  const { machine, data } = current;
  const moves = to !== ktimeGetReal();
  data.time.movedAt = machine.cpu.instructions;
  data.time.movedTo = to;
  machine.passTime(Math.floor(to / NS_PER_TSC) - machine.timeStamp);
  if (moves) current.onMove?.(false);
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
  current.emit<HostEvent>({ kind: 'timer', what: 'start', expires });
}

/** Disarms a timer. */
export function hrtimerCancel(timer: HrTimer): void {
  if (!timer.active) return;
  remove(timer);
  current.emit<HostEvent>({ kind: 'timer', what: 'cancel', expires: timer.expires });
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
  const { movedAt, movedTo, rate, nextTick } = current.data.time;
  return Math.min(nextTick, movedAt + Math.ceil(((nextExpiry() - movedTo) * FULL_RATE) / (NS_PER_INSTRUCTION * rate)));
}

/** Fires every timer whose time has come. */
export function runExpiredTimers(): void {
  const { timers } = current.data.time;
  const now = ktimeGetReal();
  while (timers.length > 0 && timers[0].expires <= now) {
    const timer = timers[0];
    remove(timer);
    current.emit<HostEvent>({ kind: 'timer', what: 'fire', expires: timer.expires });
    const handler = current.code.timers.get(timer.handlerKey);
    if (handler === undefined) throw new Error(`no timer handler "${timer.handlerKey}"`);
    handler(timer.data);
  }
}

/** Nobody has anything to do: time passes at once until then. A wait that ends with its timer is an event. */
export function skipIdleTime(until: number): void {
  if (until <= ktimeGetReal()) return;
  if (until === nextExpiry()) current.emit<HostEvent>({ kind: 'timer', what: 'idle', expires: until });
  moveClock(until);
}
