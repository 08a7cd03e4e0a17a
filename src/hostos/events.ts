/**
 * Everything that happens in a world and is worth a look. The Host, lguest and the Launcher call `current.emit(event)`;
 * the world adds a serial number and the instruction count. All addresses and words are unsigned numbers.
 */
export type HostEvent =
  | HypercallEvent
  | TrapEvent
  | FaultEvent
  | DeliverEvent
  | IrqEvent
  | SwitchEvent
  | NotifyEvent
  | IoEvent
  | ConsoleEvent
  | TerminalEvent
  | OutsideEvent
  | TimerEvent
  | SyscallEvent
  | RequestEvent
  | TaskEvent
  | DeathEvent;

/** Names of the events: `HostEvent['kind']`. */
export type HostEventKind = HostEvent['kind'];

/** The Host carries out a hypercall. */
export interface HypercallEvent {
  kind: 'hypercall';
  nr: number;
  edx: number;
  ebx: number;
  ecx: number;
  /** Where the Guest goes on; for a call from the ring, where it trapped. */
  eip: number;
  /** Place in the ring of asynchronous calls; absent for a direct call. */
  ring?: number;
}

/** The Guest came back to the Host. */
export interface TrapEvent {
  kind: 'trap';
  /** Vector; 256 when the Switcher itself failed. */
  vector: number;
  error: number;
  eip: number;
  cs: number;
  /** The address, for a page fault. */
  cr2?: number;
}

/** A page fault was judged. */
export interface FaultEvent {
  kind: 'fault';
  address: number;
  error: number;
  /** The Host mended it and the Guest never knows; else it is the Guest's own affair. */
  hidden: boolean;
}

/** A trap or a virtual interrupt was put on the Guest's stack. */
export interface DeliverEvent {
  kind: 'deliver';
  vector: number;
  /** Where the Guest's gate leads. */
  gate: number;
}

/** A virtual interrupt became pending. */
export interface IrqEvent {
  kind: 'irq';
  n: number;
}

/** The processor changed worlds. */
export interface SwitchEvent {
  kind: 'switch';
  to: 'guest' | 'host';
}

/** The Guest rang the Launcher's bell. */
export interface NotifyEvent {
  kind: 'notify';
  address: number;
}

/** The Host stepped over a port instruction, or the Launcher moved data for a device. */
export interface IoEvent {
  kind: 'io';
  /** `in`, `out` for a port; else the device's own word. */
  what: string;
  /** Port or sector. */
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

/** The Launcher (or the Waker) wrote a command to /dev/lguest. */
export interface RequestEvent {
  kind: 'request';
  request: number;
  argument: number;
}

/** A task of the Host came, was given the processor, or went. */
export interface TaskEvent {
  kind: 'task';
  what: 'create' | 'run' | 'exit';
  task: number;
  program: string;
  status?: number;
}

/** The Guest was condemned. */
export interface DeathEvent {
  kind: 'death';
  reason: string;
}
