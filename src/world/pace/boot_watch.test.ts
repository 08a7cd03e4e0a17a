/** What the Host can tell of a kernel's clocks while it boots. */
import { expect, test } from 'vitest';
import type { ToldEvent } from '../events.ts';
import { BootWatch } from './boot_watch.ts';

const NAMES = ['?', 'LGUEST_INIT', 'SET_CLOCKEVENT', 'HALT'];
const call = (nr: number, edx = 0): ToldEvent => ({ kind: 'hypercall', nr, edx, ebx: 0, ecx: 0, eip: 0 });
const fault = (error: number): ToldEvent => ({ kind: 'fault', address: 0, error, hidden: true });

/** `1 hello`: the Guest of task 1; `1 10000`: it sets its timer; `1 user`, `1 kernel`: a page fault; `1 halt`; `1 vector 33`: one is delivered; `1 exit`. */
function hear(watch: BootWatch, told: string, now: number): void {
  const [task, what, vector] = told.split(' ');
  const event: ToldEvent =
    what === 'hello'
      ? call(1)
      : what === 'halt'
        ? call(3)
        : what === 'vector'
          ? { kind: 'deliver', vector: Number(vector), gate: 0 }
          : what === 'exit'
            ? { kind: 'task', what: 'exit', task: Number(task), program: 'launcher' }
            : what === 'user' || what === 'kernel'
              ? fault(what === 'user' ? 6 : 2)
              : call(2, Number(what));
  watch.hear(event, Number(task), { time: now });
}

test.each<[string, string, string]>([
  ['nobody yet', '', 'no timer'],
  ['a kernel without a timer', '1 hello, 1 kernel, 1 0', 'no timer'],
  ['ticks, a hundred a second', '1 hello, 1 0, 1 10000000, 1 10000000, 1 10000000', 'ticks'],
  ['ticks as Linux rounds them, a thousand a second', '1 hello, 1 1000000, 1 1000152, 1 1000304, 1 1000456', 'ticks'],
  ['the timer is switched off between two', '1 hello, 1 10000000, 1 0, 1 10000000', 'ticks'],
  ['a tick that takes into account how late it is', '1 hello, 1 10000000, 1 10000000, 1 9993220', 'clock'],
  ['a longer sleep', '1 hello, 1 1000000, 1 1000000, 1 40000000', 'clock'],
  ['once a clock, always one', '1 hello, 1 10000000, 1 9993220, 1 9993220, 1 9993220', 'clock'],
  ['a program', '1 hello, 1 10000000, 1 user', 'clock'],
  ['a program, and no timer', '1 hello, 1 user, 1 10000000', 'clock'],
  ['it boots again', '1 hello, 1 user, 1 hello', 'no timer'],
  ['and again', '1 hello, 1 user, 1 hello, 1 10000000', 'ticks'],
  ['the slower of two', '1 hello, 2 hello, 1 user, 2 10000000', 'ticks'],
  ['both are there', '1 hello, 2 hello, 1 user, 2 10000000, 2 user', 'clock'],
  ['one of two is gone', '1 hello, 2 hello, 1 user, 2 exit', 'clock'],
])('%s', (_, told, stage) => {
  const watch = new BootWatch((nr) => NAMES[nr]);
  for (const [n, one] of told.split(', ').entries()) if (one !== '') hear(watch, one, n);
  expect(watch.boot.stage).toBe(stage);
});

test('which boot it is, the time of its hello tells', () => {
  const watch = new BootWatch((nr) => NAMES[nr]);
  hear(watch, '1 hello', 5);
  expect(watch.boot).toMatchObject({ hello: 5 });
  hear(watch, '1 hello', 7000);
  expect(watch.boot).toMatchObject({ stage: 'no timer', hello: 7000 });
});

// What its clock of interrupts shows: the moments are numbered from 0.
test.each<[string, string, number | null]>([
  ['nobody yet', '', null],
  ['it says hello, and is told the time', '1 user, 1 hello, 1 user', 1],
  ['an interrupt', '1 hello, 1 vector 32, 1 user', 1],
  ['the last of several', '1 hello, 1 vector 32, 1 vector 63', 2],
  ['a trap and a system call are none', '1 hello, 1 vector 32, 1 vector 14, 1 vector 128, 1 vector 64', 1],
  ['it halts, and looks at no clock', '1 hello, 1 vector 32, 1 halt', null],
  ['and wakes up', '1 hello, 1 halt, 1 vector 33', 2],
  ['the one that was told earlier, of two', '1 hello, 2 hello, 1 vector 32, 2 user', 1],
  ['of which one halts', '1 hello, 2 hello, 1 vector 32, 2 halt', 2],
  ['of which one is gone', '1 hello, 2 hello, 1 vector 32, 2 exit', 2],
])('the time that it was shown: %s', (_, told, shown) => {
  const watch = new BootWatch((nr) => NAMES[nr]);
  for (const [n, one] of told.split(', ').entries()) if (one !== '') hear(watch, one, n);
  expect(watch.boot.shown).toBe(shown);
});
