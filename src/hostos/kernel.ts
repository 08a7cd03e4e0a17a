import type { Machine } from '#machine';
import type { HostEvent, ModuleEvent } from './events.ts';
import type { OutsideRequest } from './outside.ts';
import type { KernelCode } from './code.ts';
import type { KernelData } from './data.ts';

/** One Host: a machine, the kernel's memory of everything, and where its events go. */
export interface Kernel {
  readonly machine: Machine;
  /** Whatever changes while the Host runs: plain objects and typed arrays, so that `structuredClone` is a snapshot. */
  data: KernelData;
  /** The code that the data speak of by name. It is no part of a snapshot: who loads one has installed the same. */
  readonly code: KernelCode;
  /** Takes an event, the Host's own or a module's. The world puts its number and time on it. */
  emit<E extends ModuleEvent = HostEvent>(event: E): void;
  /** Takes what this Host wants of the outside. */
  request?: ((request: OutsideRequest) => void) | undefined;
  /** How many there were. No part of the Host's own state. */
  asked: number;
  /** The instruction count at which the processor must stop in this time slice. No part of the Host's own state. */
  limit: number;
  /** The instruction count at which somebody outside wants the run to end; it may be set while it runs. No part of the Host's own state. */
  halt: number;
  /**
   * Hears that the processor is about to run (true), and that a slice ended in the middle of its run (false): from then until it runs again
   * the Host's code only finds its way out and back in.
   */
  onProcessor?: (runs: boolean) => void;
  /** Hears that one of the three numbers of a `RunPlace` has moved. `again`: if nobody outside ends the run meanwhile, one of them will before it can end. */
  onMove?: (again: boolean) => void;
  /** Hears that a page of a program's is about to leave its frame: what ran in that can be told from it for the last time. */
  onPutAway?: () => void;
  /** Hears that a page of a program's has come into a frame, or gone out of one, before anybody writes there. */
  onPageMove?: () => void;
}

/**
 * The Host that runs now. Kernel code refers to it as C code refers to its globals. Several Hosts may exist; whoever
 * runs one does it {@link within} it. One for all: there is one thread, and it is in one Host at a time.
 */
export let current: Kernel;

/** Makes a Host the current one. */
export function switchKernel(kernel: Kernel): void {
  current = kernel;
}

/** Does something on a Host, which is the current one meanwhile. */
export function within<T>(kernel: Kernel, work: () => T): T {
  const before = current;
  current = kernel;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Something no kernel survives: a triple fault, a fault in the Host's own instructions. The world ends with it. */
export class KernelPanic extends Error {
  override readonly name = 'KernelPanic';
}

/** Gives up. */
export function panic(message: string): never {
  current.data.panicked = message;
  throw new KernelPanic(message);
}
