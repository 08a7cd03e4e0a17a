/** What a kernel knows how to do: the shapes of the code that its data speak of by name. */
import type { IfReq, OpenFile, Task, WaitQueue } from './data.ts';

/** What a kernel knows how to do, by name: so that what it remembers is nothing but data. */
export interface KernelCode {
  readonly programs: Map<string, Program>;
  /** What each kind of file can do. */
  readonly operations: Map<string, FileOperations>;
  /** What timers do when they fire. */
  readonly timers: Map<string, TimerHandler>;
}

/** One step of a program. */
export type Program = (task: Task) => void;

/** Runs when a timer fires, with the timer's `data`, in interrupt context: it must not sleep. */
export type TimerHandler = (data: unknown) => void;

/** What a kind of file can do. A negative result is an error number. */
export interface FileOperations {
  /** Somebody opens it. Absent: nothing needs doing. */
  open?(file: OpenFile): number;
  /** The last descriptor is gone. */
  release?(file: OpenFile): void;
  /** At most `count` bytes; none at the end. */
  read?(file: OpenFile, count: number): Uint8Array | number;
  /** How many bytes were taken. */
  write?(file: OpenFile, bytes: Uint8Array): number;
  /** New position, for files that have one. */
  seek?(file: OpenFile, offset: number, whence: number): number;
  /** Makes what was written survive a loss of power. */
  fdatasync?(file: OpenFile): number;
  /** Cuts a file, or fills it up with zeros. */
  truncate?(file: OpenFile, length: number): number;
  /** Whatever else the device can be asked: answers go into `argument`. */
  ioctl?(file: OpenFile, request: number, argument: IfReq | number): number;
  /** What would not block: POLLIN, POLLOUT. Without it: both. */
  poll?(file: OpenFile): number;
  /** The page behind an address of a program is about to move or to go: whoever has put it into tables of his own takes it out, and gives it back. */
  invalidatePage?(data: unknown, address: number): void;
  /** The task that is to be told of gets the processor: see {@link preemptNotifierRegister}. */
  schedIn?(): void;
  /** It loses the processor, to another or to nobody. */
  schedOut?(): void;
  /** Woken when the answer of `poll` may have changed. */
  pollQueue?(file: OpenFile): WaitQueue;
}
