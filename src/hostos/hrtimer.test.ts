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
  takeInput,
  TICK_INSTRUCTIONS,
  wakeUpProcess,
} from './index.ts';
import { nextDeadline, NS_PER_INSTRUCTION, TSC_KHZ } from './hrtimer.ts';
import { Dice, seedOf } from '#testing';
import { testKernel } from './testing/kernel.ts';
import type { TestKernel } from './testing/kernel.ts';
import type { HrTimer, Task } from './data.ts';

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

  /** The time stamp counter, in nanoseconds. */
  const stamp = (): number => (current.machine.timeStamp * 1e6) / TSC_KHZ;

  it.each([
    [256, 1000, 10_000],
    [128, 1000, 5000],
    [1, 1000, 39],
    [1000, 1000, 39_062],
    [77, 12_345, 37_131],
  ])('at a rate of %i/256, %i instructions take %i ns', (rate, count, nanoseconds) => {
    test.pass(100);
    takeInput({ kind: 'clock', ahead: 0, rate });
    expect([ktimeGetReal(), stamp()]).toEqual([1000, 1000]);
    test.pass(count);
    expect(ktimeGetReal()).toBe(1000 + nanoseconds);
  });

  it('is set ahead, and the time stamp counter with it; the timers that have been passed by fire then', () => {
    hrtimerStart(timer('soon'), 400_000);
    hrtimerStart(timer('later'), 600_000);
    test.pass(100);
    takeInput({ kind: 'clock', ahead: 499_000, rate: 64 });
    expect([ktimeGetReal(), stamp()]).toEqual([500_000, 500_000]);
    localIrqEnable();
    expect(fired).toEqual(['soon']);
    // 100,000 ns at 2.5 ns an instruction.
    expect(nextDeadline()).toBe(100 + 40_000);
    test.pass(39_999);
    localIrqEnable();
    expect(fired).toEqual(['soon']);
    test.pass(1);
    localIrqEnable();
    expect(fired).toEqual(['soon', 'later']);
  });

  it.each(Array.from({ length: 20 }, (_, i) => i))('is at a deadline exactly when its timer is due, whatever the rate, run %i', (run) => {
    const dice = new Dice(seedOf(`deadline ${run}`));
    for (let n = 0; n < 50; n++) {
      test.pass(dice.below(1000));
      takeInput({ kind: 'clock', ahead: dice.below(1000), rate: 1 + dice.below(2000) });
      test.pass(dice.below(1000));
      current.data.time.nextTick = Infinity;
      const expires = ktimeGetReal() + 1 + dice.below(1e6);
      hrtimerStart(timer(n), expires);
      const { cpu } = current.machine;
      cpu.instructions = nextDeadline() - 1;
      expect(ktimeGetReal()).toBeLessThan(expires);
      cpu.instructions++;
      expect(ktimeGetReal()).toBeGreaterThanOrEqual(expires);
      localIrqEnable();
      expect(fired.at(-1)).toBe(n);
    }
  });

  it.each([
    [{ sec: 1_700_000_000, nsec: 5 }, 0],
    [{ sec: 1_700_000_000, nsec: 999_999_999 }, 123],
    [{ sec: 1_700_000_000, nsec: 0 }, 123_456_789],
  ])('shows the date it is told, %j, and goes on from there', (date, passed) => {
    test.pass(passed);
    takeInput({ kind: 'date', ...date });
    expect(ktimeGetRealTs()).toEqual(date);
    expect(ktimeGetReal()).toBe(passed * 10);
    test.pass(1e8);
    expect(ktimeGetRealTs()).toEqual({ ...date, sec: date.sec + 1 });
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
