import { beforeEach, describe, expect, it } from 'vitest';
import {
  consoleFiles,
  createMm,
  createTask,
  EBADF,
  ENOTTY,
  registerProgram,
  runHost,
  SIGINT,
  sysExit,
  sysPipe,
  sysRead,
  sysSelect,
  takeInput,
  tcgetattr,
  tcsetattr,
  findTask,
} from './index.ts';
import { createTerminal } from './terminal.ts';
import { ERESTARTNOINTR } from './errno.ts';
import { testKernel } from './testing/kernel.ts';
import type { TestKernel } from './testing/kernel.ts';
import type { Task, Termios } from './data.ts';

/** Reads until the end of the file, which ends it; before that sets its terminal's modes. */
function reader(task: Task): void {
  const data = task.data as { modes: Termios | null; got: string[] };
  if (data.modes !== null) tcsetattr(0, data.modes);
  data.modes = null;
  const bytes = sysRead(0, 64);
  if (bytes === -ERESTARTNOINTR) return;
  const text = typeof bytes === 'number' ? `error ${bytes}` : String.fromCharCode(...bytes);
  data.got.push(text);
  if (text === '') sysExit(0);
}

let test: TestKernel;
beforeEach(() => {
  test = testKernel();
  registerProgram(test.kernel, 'reader', reader);
});

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const RAW: Termios = { isig: false, icanon: false, echo: false };

/** What a program reads, and what the terminal shows, as somebody types these keys one after the other. */
function type(keys: string[], modes: Termios | null = null, isTty = true): { got: string[]; shown: string; exit: number } {
  test.kernel.data.terminals = [createTerminal(isTty)];
  const data = { modes, got: [] as string[] };
  const task = createTask('reader', data, { mm: createMm(), files: consoleFiles() });
  for (const text of keys) {
    runHost(1e9);
    takeInput(text === 'END' ? { kind: 'end-of-keys', tty: 0 } : { kind: 'keys', tty: 0, bytes: bytes(text) });
  }
  runHost(1e9);
  const shown = test.events.map((event) => (event.kind === 'console' ? event.text : '')).join('');
  return { got: data.got, shown, exit: task.exitStatus };
}

describe('a terminal', () => {
  it.each<[string, string[], Termios | null, string[], string]>([
    ['gives lines, and shows them', ['he', 'llo\r', 'x'], null, ['hello\n'], 'hello\nx'],
    ['one line for each read', ['a\nb\n'], null, ['a\n', 'b\n'], 'a\nb\n'],
    ['rubs out', ['cat\x7f\x7fow\b\n'], null, ['co\n'], 'cat\b \b\b \bow\b \b\n'],
    ['rubs out a whole line', ['dog\x15cat\n'], null, ['cat\n'], 'dog\b \b\b \b\b \bcat\n'],
    ['does not rub out what is not there', ['\x7f\x7fa\n'], null, ['a\n'], 'a\n'],
    ['ends with ^D on an empty line', ['a\n\x04'], null, ['a\n', ''], 'a\n'],
    ['gives a part of a line at ^D', ['ab\x04', 'c\n'], null, ['ab', 'c\n'], 'abc\n'],
    ['gives the rest when it goes away', ['ab', 'END'], null, ['ab', ''], 'ab'],
    ['is silent when told', ['pw\n'], { isig: true, icanon: true, echo: false }, ['pw\n'], ''],
    ['gives single keys when told, Enter as a newline', ['a', '\x7f\x04', '\r', '\x03'], RAW, ['a', '\x7f\x04', '\n', '\x03'], ''],
    ['shows single keys', ['ab'], { isig: false, icanon: false, echo: true }, ['ab'], 'ab'],
  ])('%s', (_, keys, modes, got, shown) => {
    expect(type(keys, modes)).toMatchObject({ got, shown });
  });

  it('makes a signal of ^C', () => {
    expect(type(['ab\x03'])).toMatchObject({ got: [], exit: 128 + SIGINT });
  });

  it('keeps 4096 keys for a reader who does not come', () => {
    expect(type(['x'.repeat(5000), 'END']).got.join('')).toBe('x'.repeat(4096));
  });
});

it('a pipe in its place passes everything on', () => {
  expect(type(['a\x03\r\x7f', 'END'], null, false)).toMatchObject({ got: ['a\x03\r\x7f', ''], shown: '' });
});

it.each([true, false])('whoever holds back more is asked for it when there is room, terminal %j', (isTty) => {
  test.kernel.data.terminals = [createTerminal(isTty)];
  const data = { modes: isTty ? RAW : null, got: [] as string[] };
  createTask('reader', data, { mm: createMm(), files: consoleFiles() });
  runHost(1e9);
  let asked = 0;
  for (let portion = 0; portion < 20; portion++) {
    takeInput({ kind: 'keys', tty: 0, bytes: new Uint8Array(2048).fill(97 + portion), ...(portion < 19 ? { more: true as const } : {}) });
    runHost(1e9);
    asked += test.requests.splice(0).filter(({ kind }) => kind === 'more-keys').length;
    expect(asked).toBe(Math.min(19, portion + 1));
  }
  expect(data.got.join('')).toBe(Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(2048)).join(''));
});

it('modes belong to terminals only, and each Launcher has its own', () => {
  test.kernel.data.terminals = [createTerminal(), createTerminal(), createTerminal(false)];
  const results: unknown[] = [];
  registerProgram(test.kernel, 'modes', () => {
    const [pipe] = sysPipe();
    results.push(tcgetattr(0), tcsetattr(0, RAW), tcgetattr(1), tcgetattr(pipe), tcsetattr(17, RAW), sysSelect([0], false));
    sysExit(0);
  });
  for (const tty of [0, 1, 2]) createTask('modes', null, { files: consoleFiles(tty), tty });
  takeInput({ kind: 'keys', tty: 1, bytes: bytes('k') });
  takeInput({ kind: 'keys', tty: 7, bytes: bytes('k') });
  expect(runHost(1e9)).toBe('exited');
  const cooked = { isig: true, icanon: true, echo: true };
  expect(results).toEqual([
    cooked,
    0,
    RAW,
    -ENOTTY,
    -EBADF,
    [],
    cooked,
    0,
    RAW,
    -ENOTTY,
    -EBADF,
    [0],
    -ENOTTY,
    -ENOTTY,
    -ENOTTY,
    -ENOTTY,
    -EBADF,
    [],
  ]);
  expect(test.events.filter(({ kind }) => kind === 'terminal')).toEqual([0, 1].map((tty) => ({ kind: 'terminal', tty, ...RAW })));
  expect(findTask(1)?.tty).toBe(0);
});
