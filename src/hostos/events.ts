/**
 * What happens in the Host and is worth a look. It is told by `current.emit(event)`, as the modules tell of what happens in them; the world adds a serial number and
 * the instruction count. All addresses and words are unsigned numbers.
 */
export type HostEvent =
  | IoEvent
  | ConsoleEvent
  | TerminalEvent
  | OutsideEvent
  | TimerEvent
  | SyscallEvent
  | TaskEvent
  | PreemptEvent
  | NmiEvent
  | SampleEvent;

/** What a module tells of: its kinds are its own. */
export interface ModuleEvent {
  kind: string;
}

/** Bytes were moved for a device. */
export interface IoEvent {
  kind: 'io';
  /** The device's own word: `frame-in`, `frame-out`. */
  what: string;
  /** Which one, or where on it. */
  address: number;
  /** Bytes. */
  size: number;
}

/** Bytes for the terminal, one character each (0-255). */
export interface ConsoleEvent {
  kind: 'console';
  text: string;
  /** 1 standard output, 2 standard error. */
  fd: number;
  /** Which Launcher's terminal, from 0. */
  tty: number;
}

/** A program changed the modes of its terminal: see `Termios`. */
export interface TerminalEvent {
  kind: 'terminal';
  tty: number;
  isig: boolean;
  icanon: boolean;
  echo: boolean;
}

/** Something passed the border between this world and the one outside: a request went out, an input came in. */
export interface OutsideEvent {
  kind: 'outside';
  /** The kind of the request or the input. */
  what: string;
  /** Disk, interface or terminal. */
  name: string;
  /** Bytes. */
  size: number;
}

/** The Host's clock: a timer armed or fired, or the tick. Times in ns since the Host's start. */
export interface TimerEvent {
  kind: 'timer';
  what: 'start' | 'cancel' | 'fire' | 'tick' | 'idle';
  expires: number;
}

/** A program of the Host called its kernel. Calls that had to be repeated show once, when they begin. */
export interface SyscallEvent {
  kind: 'syscall';
  name: string;
  task: number;
  /** First argument, mostly the descriptor. */
  fd: number;
}

/** A task of the Host came, was given the processor, or went. */
export interface TaskEvent {
  kind: 'task';
  what: 'create' | 'run' | 'exit';
  task: number;
  program: string;
  status?: number;
}

/** Somebody was told that a task got the processor, or lost it. */
export interface PreemptEvent {
  kind: 'preempt';
  what: 'in' | 'out';
  task: number;
  /** With `in`: for how long it was without (ns). */
  away?: number;
}

/** The profiler's clock interrupted whatever was running. */
export interface NmiEvent {
  kind: 'nmi';
}

/** Somebody at gate 2 saw what that was. */
export interface SampleEvent {
  kind: 'sample';
  eip: number;
  cs: number;
}
