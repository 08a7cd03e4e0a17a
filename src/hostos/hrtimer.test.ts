import { beforeEach, describe, expect, it } from 'vitest';
import {
  createHrTimer,
  createTask,
  current,
  hrtimerCancel,
  hrtimerInit,
  hrtimerStart,
  ktimeGetReal,
  ktimeGetRealTs,
  localIrqEnable,
  registerProgram,
  registerTimerHandler,
  runHost,
  sleepInterruptibly,
  switchKernel,
  TICK_INSTRUCTIONS,
  wakeUpProcess,
} from './index.ts';
import type { HrTimer, Task } from './index.ts';
import { nextDeadline, NS_PER_INSTRUCTION } from './hrtimer.ts';
import { testKernel } from './testing.ts';
import type { TestKernel } from './testing.ts';

let test: TestKernel;
let fired: unknown[];
beforeEach(() => {
  test = testKernel();
  fired = [];
  registerTimerHandler(test.kernel, 'test', (data) => {
    fired.push(data);
  });
});

function timer(data: unknown): HrTimer {
  const made = createHrTimer();
  hrtimerInit(made, 'test', data);
  return made;
}

describe('the clock', () => {
  it('counts ten nanoseconds an instruction', () => {
    test.pass(150);
    expect(ktimeGetReal()).toBe(1500);
    test.pass(2e8);
    expect(ktimeGetRealTs()).toEqual({ sec: 2, nsec: 1500 });
  });
});

describe('timers', () => {
  it('fire in the order of their times, those of one time in the order they were armed', () => {
    for (const [name, expires] of [
      ['b', 2000],
      ['c', 2000],
      ['a', 1000],
      ['d', 9000],
    ] as const)
      hrtimerStart(timer(name), expires);
    test.pass(200);
    localIrqEnable();
    expect(fired).toEqual(['a', 'b', 'c']);
    localIrqEnable();
    expect(fired, 'once each').toEqual(['a', 'b', 'c']);
  });

  it('are armed anew, or not at all', () => {
    const one = timer('one');
    hrtimerStart(one, 100);
    hrtimerStart(one, 5000);
    const two = timer('two');
    hrtimerStart(two, 200);
    hrtimerCancel(two);
    test.pass(400);
    localIrqEnable();
    expect(fired).toEqual([]);
    test.pass(100);
    localIrqEnable();
    expect(fired).toEqual(['one']);
    expect(one.active).toBe(false);
  });

  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [TICK_INSTRUCTIONS * 10 + 1, TICK_INSTRUCTIONS],
  ])('a timer at %d ns wants the processor at instruction %d', (expires, count) => {
    hrtimerStart(timer('x'), expires);
    expect(nextDeadline()).toBe(count);
  });
});

describe('the loop', () => {
  const sleeps: Record<string, number> = {};
  beforeEach(() => {
    registerProgram(test.kernel, 'sleeper', (task) => {
      sleeps[task.id] = (sleeps[task.id] ?? 0) + 1;
      sleepInterruptibly();
    });
    registerTimerHandler(test.kernel, 'wake', (data) => wakeUpProcess(data as Task));
  });

  it('skips idle time, and takes the time stamp counter along', () => {
    const task = createTask('sleeper', null);
    const alarm = createHrTimer();
    hrtimerInit(alarm, 'wake', task);
    hrtimerStart(alarm, 1e9);
    expect(runHost(1000)).toBe('idle');
    expect(ktimeGetReal()).toBe(1e9);
    expect((current.machine.cpu.instructions + test.passed()) * NS_PER_INSTRUCTION).toBe(1e9);
    expect(sleeps[task.id]).toBe(2);
  });

  it('is all data: a copy of the data goes on as the original does', () => {
    const { kernel } = test;
    hrtimerStart(timer('later'), 1000);
    const copy = { ...kernel, data: structuredClone(kernel.data) };
    test.pass(100);
    switchKernel(copy);
    localIrqEnable();
    expect(fired).toEqual(['later']);
    expect(current.data.time.timers).toEqual([]);
    expect(kernel.data.time.timers).toHaveLength(1);
  });
});
