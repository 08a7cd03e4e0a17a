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
  /** Its processor; null before the Host has made it one. */
  readonly cpu: ProgramCpu | null;
}

/** Registers that the Host keeps for a Guest while something else runs on the real processor. */
export type SavedRegister =
  | 'eax'
  | 'ebx'
  | 'ecx'
  | 'edx'
  | 'esi'
  | 'edi'
  | 'ebp'
  | 'esp'
  | 'eip'
  | 'eflags'
  | 'cs'
  | 'ss'
  | 'ds'
  | 'es'
  | 'fs'
  | 'gs';

/** A Guest's processor, as the Host has put it away. While the Guest runs, it is what it had when it last came back. */
export interface ProgramCpu {
  /** Physical address of the registers: words, in the order in which they are pushed and popped. */
  readonly registers: number;
  /** Where each is, in bytes; and the vector of the last trap. */
  readonly offsets: Readonly<Record<SavedRegister | 'trapnum', number>>;
  /** The address of its last page fault. */
  readonly cr2: number;
  /** Guest-physical address of the page directory that it has set. */
  readonly cr3: number;
  /** Physical address of the page directory that it really runs with; 0: it has none. */
  readonly tables: number;
  /** The directories that the Host keeps for it: whose shadow each is, a Guest-physical address, and its own physical one; 0: none yet. */
  readonly shadows: readonly { readonly gpgdir: number; readonly pgdir: number }[];
  /** The descriptors and gates that it has asked for, as the Host lets it have them: pairs of words, the low one first. */
  readonly gdt: Uint32Array;
  readonly idt: Uint32Array;
  /** Its kernel's stack, where traps from ring 3 arrive. */
  readonly esp1: number;
  readonly ss1: number;
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
  /** It is no lguest, but a program that has the machine for itself: ring 0 is a kernel's. */
  readonly bare?: true;
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
  /** Physical addresses of the GDT and IDT that the processor has while it runs a Guest; null before lguest is loaded. No line is counted for it. */
  realTables(kernel: Kernel): { readonly gdt: number; readonly idt: number } | null;
  /** Physical addresses of the Switcher's pages, in order; none before lguest is loaded. No line is counted for it. */
  switcherPages(kernel: Kernel): readonly number[];
  /** How often each line of its TypeScript has run. */
  readonly lines: LineCounters;
}
