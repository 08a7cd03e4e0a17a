/** The Host's hardware interrupts. There is one: the timer's. */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import { nextDeadline, runExpiredTimers, TICK_INSTRUCTIONS } from './hrtimer.ts';

/** The vector of the timer's interrupt, IRQ 0. */
export const TIMER_VECTOR = 32;

/** Does what an interrupt asks for. Its stub in the Host's machine code is halted meanwhile, or there was none. */
export function doIRQ(vector: number): void {
  if (vector === TIMER_VECTOR) timerInterrupt();
}

/** Raises the interrupt line if the clock's time has come. Returns the count of instructions at which it comes. */
export function checkClock(): number {
  const deadline = nextDeadline();
  if (current.machine.cpu.instructions >= deadline) current.data.time.raised = true;
  return deadline;
}

/** The Host's own code was running with interrupts off and lets them in again: what waits is done now. */
export function localIrqEnable(): void {
  checkClock();
  if (!current.data.time.raised) return;
  current.data.time.raised = false;
  doIRQ(TIMER_VECTOR);
}

function timerInterrupt(): void {
  runExpiredTimers();
  const { time, tasks } = current.data;
  const { instructions } = current.machine.cpu;
  if (instructions < time.nextTick) return;
  current.emit<HostEvent>({ kind: 'timer', what: 'tick', expires: time.nextTick });
  time.nextTick = (Math.floor(instructions / TICK_INSTRUCTIONS) + 1) * TICK_INSTRUCTIONS;
  if (tasks.all.some((task) => task.state === 'running' && task.id !== tasks.current)) tasks.needResched = true;
}
