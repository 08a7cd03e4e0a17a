import { beforeEach, describe, expect, it } from 'vitest';
import {
  cloneTask,
  consoleFiles,
  createFile,
  createTask,
  createMm,
  current,
  currentTask,
  forkTask,
  registerChrdev,
  registerFileOperations,
  registerProgram,
  runHost,
  SEEK_END,
  SEEK_SET,
  sysClose,
  sysDup,
  sysExit,
  sysKill,
  sysLseek,
  sysOpen,
  sysPipe,
  sysRead,
  sysSelect,
  sysWrite,
  SIGKILL,
} from './index.ts';
import { EBADF, EINVAL, ENOENT, EPIPE, ERESTARTNOINTR } from './errno.ts';
import { closeTerminal, typeKeys } from './terminal.ts';
import { testKernel } from './testing/kernel.ts';
import type { HostEvent } from './events.ts';
import type { Task } from './data.ts';

/** Programs of these tests are lists of closures, one for each step: a test's luxury. */
type Script = (() => unknown)[];
const scripts: Script[] = [];
const runScript = (task: Task): void => {
  const script = scripts[task.data as number];
  const result = script[0]();
  if (result === -ERESTARTNOINTR) return;
  script.shift();
  if (script.length === 0 && task.state !== 'zombie') sysExit(0);
};
const program = (...script: Script): number => scripts.push(script) - 1;

let events: HostEvent[];
beforeEach(() => {
  ({ events } = testKernel());
  registerProgram(current, 'script', runScript);
});

/** Runs a program's steps in one task, to the end. */
function run(...script: Script): void {
  createTask('script', program(...script), { mm: createMm(), files: consoleFiles() });
  expect(runHost(1000)).toBe('exited');
}
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (result: Uint8Array | number): string | number => (typeof result === 'number' ? result : String.fromCharCode(...result));

describe('regular files', () => {
  it('are read, written and sought', () => {
    createFile('/etc/motd', bytes('hello world'));
    run(() => {
      const fd = sysOpen('/etc/motd');
      expect(fd).toBe(3);
      expect(text(sysRead(fd, 5))).toBe('hello');
      expect(sysLseek(fd, -5, SEEK_END)).toBe(6);
      expect(sysWrite(fd, bytes('there!!'))).toBe(7);
      expect(sysLseek(fd, 0, SEEK_SET)).toBe(0);
      expect(text(sysRead(fd, 100))).toBe('hello there!!');
      expect(text(sysRead(fd, 100)), 'the end').toBe('');
      expect(sysLseek(fd, -1, SEEK_SET)).toBe(-EINVAL);
    });
  });

  it.each([
    ['no such file', () => sysOpen('/nowhere'), -ENOENT],
    ['no such descriptor', () => sysRead(17, 1), -EBADF],
    ['a closed descriptor', () => (sysClose(0), sysRead(0, 1)), -EBADF],
  ])('%s', (_, call, expected) => run(() => expect(call()).toBe(expected)));
});

describe('descriptors', () => {
  const released: string[] = [];

  it('the lowest free one is taken; the last one to go closes the file, a task that ends closes all', () => {
    registerFileOperations(current, 'probe', {
      release: (file) => {
        released.push(file.path);
      },
    });
    registerChrdev('/dev/a', 'probe');
    registerChrdev('/dev/b', 'probe');
    run(() => {
      const a = sysOpen('/dev/a');
      const copy = sysDup(a);
      sysClose(a);
      expect(released).toEqual([]);
      expect(sysOpen('/dev/b')).toBe(a);
      sysClose(copy);
      expect(released).toEqual(['/dev/a']);
    });
    expect(released).toEqual(['/dev/a', '/dev/b']);
  });
});

describe('pipes', () => {
  it('make the reader wait, and wake it; a repeated call is told once', () => {
    let got: Uint8Array | number = 0;
    run(() => {
      const [r, w] = sysPipe();
      forkTask(
        'script',
        program(
          () => (got = sysRead(r, 10)),
          () => undefined,
        ),
      );
      cloneTask(
        'script',
        program(() => sysWrite(w, bytes('ping'))),
      );
    });
    expect(text(got)).toBe('ping');
    expect(events.filter((e) => e.kind === 'syscall' && e.name === 'read')).toHaveLength(1);
  });

  it('end when their writers are gone, and break when their readers are', () => {
    run(
      () => {
        const [r, w] = sysPipe();
        sysWrite(w, bytes('x'));
        sysClose(w);
        expect(text(sysRead(r, 10))).toBe('x');
        expect(text(sysRead(r, 10))).toBe('');
      },
      () => {
        const [r, w] = sysPipe();
        sysClose(r);
        expect(sysWrite(w, bytes('x'))).toBe(-EPIPE);
      },
    );
  });
});

describe('select and the terminal', () => {
  it('waits for whichever comes first', () => {
    const seen: unknown[] = [];
    let pipe: [number, number] = [0, 0];
    const select = (): unknown => {
      const ready = sysSelect([0, pipe[0]], true);
      if (typeof ready !== 'number') seen.push(ready);
      return ready;
    };
    createTask(
      'script',
      program(
        () => (pipe = sysPipe()),
        select,
        () => sysRead(0, 9),
        () => sysWrite(pipe[1], bytes('.')),
        select,
      ),
      {
        files: consoleFiles(),
      },
    );
    expect(runHost(1000)).toBe('idle');
    typeKeys(0, bytes('k\n'));
    expect(runHost(1000)).toBe('exited');
    expect(seen).toEqual([[0], [3]]);
  });

  it('prints to where it is told, and ends when the terminal goes away', () => {
    run(() => {
      sysWrite(1, bytes('out'));
      sysWrite(2, bytes('err\xff'));
      closeTerminal(0);
      expect(text(sysRead(0, 10))).toBe('');
    });
    expect(events.filter((e) => e.kind === 'console')).toEqual([
      { kind: 'console', text: 'out', fd: 1, tty: 0 },
      { kind: 'console', text: 'err\xff', fd: 2, tty: 0 },
    ]);
  });
});

describe('signals', () => {
  it('end a sleeping task before its next step', () => {
    const sleeper = createTask(
      'script',
      program(() => sysRead(0, 1)),
      { files: consoleFiles() },
    );
    expect(runHost(1000)).toBe('idle');
    createTask(
      'script',
      program(
        () => sysKill(sleeper.id, SIGKILL),
        () => expect(currentTask().id).not.toBe(sleeper.id),
      ),
    );
    expect(runHost(1000)).toBe('exited');
    expect(sleeper.exitStatus).toBe(128 + SIGKILL);
  });
});
