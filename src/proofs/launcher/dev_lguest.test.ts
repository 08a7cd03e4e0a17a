import { describe, expect, test } from 'vitest';
import { Machine } from '#machine';
import {
  consoleFiles,
  createKernel,
  createMm,
  createTask,
  current,
  EBUSY,
  EFAULT,
  EINVAL,
  ENOENT,
  ENOMEM,
  EPERM,
  ERESTARTNOINTR,
  freePages,
  keepFrames,
  mmapAnonymous,
  switchKernel,
  sysClose,
  sysLseek,
  sysOpen,
  sysRead,
  sysWrite,
} from '#hostos';
import type { OpenFile, Task } from '#hostos';
import { init } from '#tangled/host/core.ts';
import { killGuest } from '#tangled/host/lg.ts';
import type { Lguest } from '#tangled/host/lg.ts';
import { LHREQ } from '#tangled/host/lguest_user.ts';
import { install } from '#tangled/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';

/** A Host with lguest, and a task that has the processor. */
function host(): { task: Task; base: number; become: (task: Task) => void } {
  const ramBytes = 16 << 20;
  const machine = new Machine({ ramBytes });
  switchKernel(createKernel({ machine, ramBytes, entry: hostEntry, emit: () => {} }));
  install(current);
  expect(init()).toBe(0);
  const task = createTask('launcher', null, { mm: createMm(), files: consoleFiles() });
  const become = (next: Task): void => {
    current.data.tasks.current = next.id;
  };
  become(task);
  return { task, base: mmapAnonymous(task.mm!, 1 << 20), become };
}

const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

function guest(fd: number, task: Task): Lguest {
  return (task.files.fds[fd] as OpenFile).privateData as Lguest;
}

function made(): { task: Task; fd: number; base: number; become: (task: Task) => void } {
  const { task, base, become } = host();
  const fd = sysOpen('/dev/lguest');
  expect(sysWrite(fd, words(LHREQ.INITIALIZE, base, 256, 0x1000, 0x2000))).toBe(16);
  return { task, fd, base, become };
}

describe('before there is a Guest', () => {
  test.each([0, 1])('with %i pages left there will be none, and it leaves nothing behind', (pages) => {
    const { task, base } = host();
    const fd = sysOpen('/dev/lguest');
    keepFrames(pages);
    expect(sysWrite(fd, words(LHREQ.INITIALIZE, base, 256, 0x1000, 0x2000))).toBe(-ENOMEM);
    expect([freePages(), task.mm!.users, guest(fd, task)]).toEqual([pages, 1, null]);
  });

  test.each<[string, Uint8Array, number]>([
    ['an interrupt', words(LHREQ.IRQ, 1), -EINVAL],
    ['a break', words(LHREQ.BREAK, 1), -EINVAL],
    ['an unknown request', words(77), -EINVAL],
    ['less than a word', Uint8Array.of(0, 0), -EFAULT],
    ['too few words for a Guest', words(LHREQ.INITIALIZE, 0, 0), -EFAULT],
  ])('%s is refused', (_, bytes, error) => {
    host();
    expect(sysWrite(sysOpen('/dev/lguest'), bytes)).toBe(error);
  });

  test('a read is refused, and a close harms nobody', () => {
    host();
    const fd = sysOpen('/dev/lguest');
    expect(sysRead(fd, 4)).toBe(-EINVAL);
    expect(sysClose(fd)).toBe(0);
  });
});

describe('a Guest that exists', () => {
  test('cannot be made twice', () => {
    const { fd, base } = made();
    expect(sysWrite(fd, words(LHREQ.INITIALIZE, base, 256, 0x1000, 0x2000))).toBe(-EBUSY);
  });

  test.each([0, 1, 31])('takes interrupt %i', (irq) => {
    const { fd, task } = made();
    expect(sysWrite(fd, words(LHREQ.IRQ, irq))).toBe(0);
    expect(guest(fd, task).cpus[0].irqsPending).toBe((1 << irq) >>> 0);
  });

  test.each<[string, Uint8Array, number]>([
    ['interrupt 32', words(LHREQ.IRQ, 32), -EINVAL],
    ['an interrupt without a number', words(LHREQ.IRQ), -EFAULT],
    ['a break without on or off', words(LHREQ.BREAK), -EFAULT],
    ['the old DMA request', words(LHREQ.GETDMA), -EINVAL],
  ])('refuses %s', (_, bytes, error) => {
    expect(sysWrite(made().fd, bytes)).toBe(error);
  });

  test('has one CPU: the position of the file picks it', () => {
    const { fd } = made();
    expect(sysLseek(fd, 1, 0)).toBe(1);
    expect(sysWrite(fd, words(LHREQ.IRQ, 1))).toBe(-EINVAL);
    expect(sysRead(fd, 4)).toBe(-EINVAL);
    expect(sysLseek(fd, 0, 1)).toBe(-EINVAL);
    expect(sysLseek(fd, -1, 0)).toBe(-EINVAL);
  });

  test('obeys nobody but its maker, except for a break', () => {
    const { fd, task, become } = made();
    const other = createTask('launcher', null, { mm: createMm(), files: task.files });
    become(other);
    expect(sysWrite(fd, words(LHREQ.IRQ, 1))).toBe(-EPERM);
    expect(sysRead(fd, 4)).toBe(-EPERM);
    expect(sysWrite(fd, words(LHREQ.BREAK, 1))).toBe(-ERESTARTNOINTR);
    expect(other.state).toBe('interruptible');
    become(task);
    expect(sysWrite(fd, words(LHREQ.BREAK, 0))).toBe(0);
    expect(other.state).toBe('running');
    become(other);
    expect(sysWrite(fd, words(LHREQ.BREAK, 1))).toBe(0);
  });

  test('tells, when it is dead, why, as far as the reader has room', () => {
    const { fd, task } = made();
    killGuest(guest(fd, task).cpus[0], 'of boredom');
    killGuest(guest(fd, task).cpus[0], 'of a second cause');
    expect(new TextDecoder().decode(sysRead(fd, 100) as Uint8Array)).toBe('of boredom\0');
    expect(new TextDecoder().decode(sysRead(fd, 4) as Uint8Array)).toBe('of b');
    expect(sysWrite(fd, words(LHREQ.IRQ, 1))).toBe(-ENOENT);
  });

  test('is gone when the file is closed, and with it every page it had', () => {
    const { base } = host();
    const count = (): number => current.data.frames.refs.reduce((sum, refs) => sum + (refs > 0 ? 1 : 0), 0);
    const before = count();
    const fd = sysOpen('/dev/lguest');
    sysWrite(fd, words(LHREQ.INITIALIZE, base, 256, 0x1000, 0x2000));
    expect(count()).toBeGreaterThan(before);
    sysClose(fd);
    expect(count()).toBe(before);
  });
});
