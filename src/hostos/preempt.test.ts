import { beforeEach, expect, it } from 'vitest';
import { createHrTimer, hrtimerInit, hrtimerStart, ktimeGetReal, registerTimerHandler } from './hrtimer.ts';
import { registerFileOperations } from './files.ts';
import { preemptNotifierRegister } from './preempt.ts';
import { runHost } from './schedule.ts';
import { createTask, currentTask, findTask, registerProgram, sleepInterruptibly, wakeUpProcess } from './tasks.ts';
import { testKernel } from './testing/kernel.ts';
import { sysExit } from './exit.ts';

let told: string[];

beforeEach(() => {
  const { kernel } = testKernel();
  told = [];
  const say = (word: string) => (): void => void told.push(`${word} ${ktimeGetReal() / 1000}`);
  registerFileOperations(kernel, 'teller', { schedIn: say('in'), schedOut: say('out') });
  registerTimerHandler(kernel, 'alarm', (task) => wakeUpProcess(findTask(task as number)!));
  // Asks to be told, sleeps for a microsecond twice, and ends.
  registerProgram(kernel, 'sleeper', (task) => {
    preemptNotifierRegister('teller');
    preemptNotifierRegister('teller');
    const data = task.data as { naps: number };
    if (data.naps-- === 0) return sysExit(0);
    const timer = createHrTimer();
    hrtimerInit(timer, 'alarm', currentTask().id);
    hrtimerStart(timer, ktimeGetReal() + 1000);
    sleepInterruptibly();
  });
  // Does nothing, so many times.
  registerProgram(kernel, 'other', (task) => {
    const data = task.data as { left: number };
    if (data.left-- === 0) sysExit(0);
  });
});

it('who asks is told at once that it has the processor, and once only', () => {
  createTask('sleeper', { naps: 1 });
  runHost(Infinity, { steps: 1 });
  expect(told).toEqual(['in 0']);
});

it('a task that sleeps loses the processor when time passes, even if nobody else wants it', () => {
  createTask('sleeper', { naps: 2 });
  expect(runHost(Infinity)).toBe('exited');
  expect(told).toEqual(['in 0', 'out 0', 'in 1', 'out 1', 'in 2']);
});

it('another task takes it; of that one nobody is told', () => {
  createTask('sleeper', { naps: 1 });
  createTask('other', { left: 3 });
  expect(runHost(Infinity)).toBe('exited');
  expect(told).toEqual(['in 0', 'out 0', 'in 1']);
});

it('a task that has ended has lost it when another runs', () => {
  createTask('sleeper', { naps: 0 });
  createTask('other', { left: 1 });
  expect(runHost(Infinity)).toBe('exited');
  expect(told).toEqual(['in 0', 'out 0']);
});
