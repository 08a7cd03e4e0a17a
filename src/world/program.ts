import type { CodeImage, Kernel, Mm } from '#hostos';
import type { LineCounters } from '#tangle/runtime';
import type { QueueFacts } from './views/queues.ts';

/** A piece of machine code of the program, and the lines that it comes from. */
export interface ProgramImage extends CodeImage {
  /** Of each instruction: its address as assembled, chapter, line. */
  readonly lines: readonly (readonly [address: number, source: string, line: number])[];
}

/** A Guest whose Launcher lives, as the program tells of it. Addresses without further ado are the Launcher's. */
export interface ProgramGuest {
  /** The Launcher's terminal: the number of the Guest, from 0. */
  readonly tty: number;
  readonly mm: Mm;
  /** Where Guest-physical 0 is. */
  readonly guestBase: number;
  /** First Guest-physical address that is not its memory. */
  readonly guestLimit: number;
  readonly devices: readonly ProgramDevice[];
}

/** A device of a Guest. */
export interface ProgramDevice {
  readonly name: string;
  /** Its virtio number. */
  readonly type: number;
  /** Guest-physical address of its descriptor. */
  readonly descriptor: number;
  readonly queues: readonly QueueFacts[];
}

/**
 * lguest, as a world is given it: the program of the book, a variant, or what a reader made of it. Several may be in one realm, side by side; each has line counters of
 * its own. It is code and nothing else: all that it remembers is the data of a kernel.
 */
export interface LguestProgram {
  /** The Host's own machine code. */
  readonly hostEntry: ProgramImage;
  /** The Switcher's. */
  readonly switcher: ProgramImage;
  /** Makes its programs, kinds of files and timers known to a kernel. Calls nothing and changes no data. */
  install(kernel: Kernel): void;
  /** Loads lguest into the current kernel. Returns 0 or a negative error number. */
  init(): number;
  /** Unloads it. */
  fini(): void;
  /** Name of the Launcher among the programs. */
  readonly LAUNCHER: string;
  /** The numbers of its hypercalls, and of the requests to /dev/lguest, by name. */
  readonly hypercalls: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  /** Where the Switcher is, in everybody's address space. */
  readonly SWITCHER_ADDR: number;
  /** What a Launcher knows when it begins. */
  newLauncher(argv: string[]): unknown;
  /** The Guests whose Launchers live. No line is counted for it. */
  guests(kernel: Kernel): readonly ProgramGuest[];
  /** Physical addresses of the Switcher's pages, in order; none before lguest is loaded. No line is counted for it. */
  switcherPages(kernel: Kernel): readonly number[];
  /** How often each line of its TypeScript has run. */
  readonly lines: LineCounters;
}
