/**
 * Terminals: each Launcher's standard input and output. What is typed comes from outside; what is printed is an event. In between is the line discipline, as
 * far as a Launcher meets it: lines can be edited until they are read, keys are shown, and ^C is a signal, until somebody switches that off.
 */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import { fileOf, installFile, newFile, POLLIN, POLLOUT } from './files.ts';
import type { FileOperations } from './code.ts';
import { SIGINT, SIGQUIT, sleepOn, sysKill, wakeUp } from './tasks.ts';
import { EBADF, ENOTTY } from './errno.ts';
import { ask } from './requests.ts';
import type { FileTable, OpenFile, Terminal, Termios } from './data.ts';

const INTERRUPT = 3;
const END_OF_FILE = 4;
const ERASE_OLD = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const KILL = 21;
const QUIT = 28;
const ERASE = 127;

/** Bytes that a terminal keeps for its reader; more are lost, as in Linux (N_TTY_BUF_SIZE). A pipe waits with its writer, outside. */
const TERMINAL_BUFFER = 4096;
/** Whoever holds back more is asked for it when so few are left. */
const LOW_WATER = 1024;

export function createTerminal(isTty = true): Terminal {
  return {
    isTty,
    termios: { isig: isTty, icanon: isTty, echo: isTty },
    input: [],
    line: [],
    ends: 0,
    closed: false,
    more: 'no',
    queue: [],
  };
}

/** The standard descriptors 0, 1 and 2 on a terminal. */
export function consoleFiles(tty = 0): FileTable {
  const table: FileTable = { fds: [], users: 1 };
  for (let fd = 0; fd < 3; fd++) installFile(newFile('console', `/dev/tty${tty}`, { tty, fd }), table);
  return table;
}

/** Somebody typed. */
export function typeKeys(tty: number, bytes: Iterable<number>, more = false): void {
  const terminal = current.data.terminals[tty];
  if (terminal === undefined || terminal.closed) return;
  terminal.more = more ? 'held back' : 'no';
  if (terminal.isTty) for (const byte of bytes) typeKey(tty, terminal, byte);
  else for (const byte of bytes) terminal.input.push(byte);
  wakeUp(terminal.queue);
  askForMore(tty, terminal);
}

function askForMore(tty: number, terminal: Terminal): void {
  if (terminal.more !== 'held back' || terminal.input.length > LOW_WATER) return;
  terminal.more = 'asked for';
  ask({ kind: 'more-keys', tty });
}

/** The terminal went away. */
export function closeTerminal(tty: number): void {
  const terminal = current.data.terminals[tty];
  if (terminal === undefined) return;
  endLine(terminal);
  terminal.closed = true;
  wakeUp(terminal.queue);
}

function typeKey(tty: number, terminal: Terminal, byte: number): void {
  const { isig, icanon, echo } = terminal.termios;
  const key = byte === CARRIAGE_RETURN ? LINE_FEED : byte;
  if (isig && (key === INTERRUPT || key === QUIT)) {
    signalTerminal(tty, key === INTERRUPT ? SIGINT : SIGQUIT);
    return;
  }
  if (!icanon) {
    if (terminal.input.length < TERMINAL_BUFFER) terminal.input.push(key);
    if (echo) print(tty, 1, String.fromCharCode(key));
    return;
  }
  if (key === ERASE || key === ERASE_OLD) {
    if (terminal.line.pop() !== undefined && echo) print(tty, 1, '\b \b');
  } else if (key === KILL) {
    if (echo) print(tty, 1, '\b \b'.repeat(terminal.line.length));
    terminal.line = [];
  } else if (key === END_OF_FILE) {
    if (terminal.line.length === 0) terminal.ends++;
    endLine(terminal);
  } else {
    if (terminal.line.length + terminal.input.length < TERMINAL_BUFFER) terminal.line.push(key);
    if (echo) print(tty, 1, String.fromCharCode(key));
    if (key === LINE_FEED) endLine(terminal);
  }
}

function endLine(terminal: Terminal): void {
  for (const byte of terminal.line) terminal.input.push(byte);
  terminal.line = [];
}

/** To every program that was started from this terminal. */
function signalTerminal(tty: number, signal: number): void {
  for (const task of current.data.tasks.all) if (task.tty === tty) sysKill(task.id, signal);
}

function print(tty: number, fd: number, text: string): void {
  current.emit<HostEvent>({ kind: 'console', text, fd, tty });
}

/** The modes of a terminal; -ENOTTY for anything else. */
export function tcgetattr(fd: number): Termios | number {
  const tty = terminalOf(fd);
  return tty < 0 ? tty : { ...current.data.terminals[tty].termios };
}

/** Changes them at once. Returns 0 or a negative error number. */
export function tcsetattr(fd: number, { isig, icanon, echo }: Termios): number {
  const tty = terminalOf(fd);
  if (tty < 0) return tty;
  const terminal = current.data.terminals[tty];
  terminal.termios = { isig, icanon, echo };
  if (!icanon) endLine(terminal);
  wakeUp(terminal.queue);
  current.emit<HostEvent>({ kind: 'terminal', tty, isig, icanon, echo });
  return 0;
}

/** Which terminal a descriptor stands for, or a negative error number. */
function terminalOf(fd: number): number {
  const file = fileOf(fd);
  if (file === null) return -EBADF;
  return file.ops === 'console' && current.data.terminals[placeOf(file).tty].isTty ? placeOf(file).tty : -ENOTTY;
}

function placeOf(file: OpenFile): { tty: number; fd: number } {
  return file.privateData as { tty: number; fd: number };
}

function behind(file: OpenFile): Terminal {
  return current.data.terminals[placeOf(file).tty];
}

export const consoleOperations: FileOperations = {
  read(file, count) {
    const terminal = behind(file);
    if (terminal.input.length === 0) {
      if (terminal.ends > 0) terminal.ends--;
      else if (!terminal.closed) return sleepOn(terminal.queue);
      return new Uint8Array(0);
    }
    const lineEnd = terminal.termios.icanon ? terminal.input.indexOf(LINE_FEED) + 1 : 0;
    const bytes = Uint8Array.from(terminal.input.splice(0, lineEnd > 0 ? Math.min(lineEnd, count) : count));
    askForMore(placeOf(file).tty, terminal);
    return bytes;
  },
  write(file, bytes) {
    const { tty, fd } = placeOf(file);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    print(tty, fd, text);
    return bytes.length;
  },
  poll: (file) => (behind(file).input.length > 0 || behind(file).ends > 0 || behind(file).closed ? POLLIN | POLLOUT : POLLOUT),
  pollQueue: (file) => behind(file).queue,
};
