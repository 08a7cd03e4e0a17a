/**
 * Everything that a Host remembers, in one place: plain objects, arrays and numbers, which can be copied, compared and sent elsewhere. There is nothing else; so a copy of
 * {@link KernelData} is the Host as it was. Each shape is filled and changed by the file of its subject alone.
 */
import type { DiskRequest } from './outside.ts';

/** The kernel's variables. */
export interface KernelData {
  /** Bytes of physical memory. */
  ramBytes: number;
  frames: FrameData;
  boot: BootData;
  time: TimeData;
  tasks: TaskData;
  /** The file system: path to file. */
  nodes: Record<string, FileNode>;
  /** One for each Launcher. */
  terminals: Terminal[];
  disks: DiskData;
  net: NetData;
  random: RandomData;
  fpu: FpuData;
  /** Each module's variables, under its name: lguest's are `modules.lguest`. */
  modules: Record<string, unknown>;
  /** Why it gave up, once it has. */
  panicked?: string;
}

/** Where things are, for those who need to know. Addresses are kernel virtual if not said to be physical. */
export interface BootData {
  /** Physical address of the page directory: CR3 of the Host. */
  pageDirectory: number;
  /** Physical address of the page table of the last 4 MB, empty until a module maps something there. */
  moduleTable: number;
  gdt: number;
  gdtLimit: number;
  idt: number;
  idtLimit: number;
  stackTop: number;
  /** Physical address of host_entry.S. */
  text: number;
  /** Places of host_entry.S by name. */
  entry: Record<string, number>;
  /** Where the processor stands after the HLTs that hand over to TypeScript: back from a task's own, after the timer's interrupt, and when the Host has booted. */
  landings: { back: number; timer: number; host: number };
}

/** The page frames of physical memory. */
export interface FrameData {
  /** Users of each frame: mappings, pins, the kernel. 0: free. */
  refs: Uint16Array;
  /** How many of those are mappings in some program's memory. More than one: a write must copy. */
  maps: Uint16Array;
  /** Free frame numbers; the next to give away is the last. */
  free: Uint32Array;
  freeCount: number;
  /** Physical address of the page of zeros that all untouched memory shares. */
  zeroPage: number;
}

/** A run of pages with the same meaning. */
export interface Area {
  /** First address; a whole page. */
  start: number;
  /** First address behind it. */
  end: number;
  /** Frame number of each page; 0 while untouched, or while it is put away. */
  frames: Uint32Array;
  /** The bytes of pages that are put away, by their index. Nobody changes them. */
  swapped?: Record<number, Uint8Array>;
}

/** A program's memory map (struct mm_struct). */
export interface Mm {
  /** In ascending order. */
  areas: Area[];
  /** Tasks and others (a Guest, say) that hold on to it. */
  users: number;
  /** Who is told of pages that move or go: the key of his file operations, what he wants to be told with it, and where the search for such pages has come. */
  notifier?: { readonly ops: string; readonly data: unknown; hand: number };
}

/** A process or thread of the Host (struct task_struct). */
export interface Task {
  id: number;
  /** Key of its function among the kernel's programs. */
  program: string;
  state: 'running' | 'interruptible' | 'zombie';
  /** The program's own variables. */
  data: unknown;
  /** Its memory; null for a program that has none in the machine. */
  mm: Mm | null;
  /** Open files by descriptor. A thread shares its maker's table. */
  files: FileTable;
  /** Bit n: signal n waits. */
  signals: number;
  /** The call being made is the repetition of one that could not finish. */
  restarting: boolean;
  exitStatus: number;
  /** The terminal it was started from, and its children with it. */
  tty: number;
  /** Id of the task that made it; 0 for the first. */
  parent: number;
  /** Who is told when it gets the processor and when it loses it, and since when it has been without (ns since the Host's start); null: it has it. */
  preempt?: { readonly ops: string; away: number | null };
}

/** A table of descriptors and how many tasks share it. */
export interface FileTable {
  fds: (OpenFile | null)[];
  users: number;
}

/** The scheduler's variables. */
export interface TaskData {
  all: Task[];
  nextId: number;
  /** Who has the processor: a task's id, 0 for nobody. */
  current: number;
  /** A better use of the processor may have turned up: see {@link condResched}. */
  needResched: boolean;
  /** The processor stands in the middle of what the current task has it run for itself, a Guest: only that task can go on. */
  entered: boolean;
  /** Steps that came to their end. One that is interrupted in a Guest by the end of a time slice has not. */
  steps: number;
}

/** Ids of sleeping tasks. */
export type WaitQueue = number[];

/** A file that a path leads to. */
export type FileNode = { kind: 'regular'; bytes: Uint8Array } | { kind: 'chrdev'; ops: string } | DiskNode;

/** An open file (struct file): what a descriptor stands for. */
export interface OpenFile {
  /** Key of its operations. */
  ops: string;
  path: string;
  pos: number;
  /** O_RDONLY, O_WRONLY or O_RDWR. */
  flags: number;
  /** Descriptors that stand for it. */
  refs: number;
  /** The driver's own. */
  privateData: unknown;
}

/** A disk. */
export interface DiskNode {
  kind: 'disk';
  /** Bytes. */
  length: number;
  readOnly: boolean;
  /** The page cache, by chunk. Nobody changes a chunk's bytes: they are replaced. */
  chunks: Record<number, CachedChunk>;
  /** Chunks that sleeping readers wait for, by task: first and last. */
  wanted: Record<number, readonly [number, number]>;
  queue: WaitQueue;
}

export interface CachedChunk {
  /** Always {@link DISK_CHUNK} bytes; zeros behind the disk's end. */
  bytes: Uint8Array;
  /** Stamp of the last use. */
  used: number;
}

/** A request under way. */
export interface PendingRequest {
  request: DiskRequest;
  /** Who waits for it; for a read, who asked first. */
  task: number;
  /** The disk's length before it. */
  length: number;
}

/** What all disks share. */
export interface DiskData {
  /** Not answered yet, in their order. */
  pending: PendingRequest[];
  nextId: number;
  /** How requests ended that their tasks have not yet heard of, by task: 0 or a negative error number. */
  results: Record<number, number>;
  /** Stamps given so far. */
  uses: number;
}

/** The terminal's local modes (c_lflag), as far as they are known here. */
export interface Termios {
  /** ^C and ^\ are signals to the programs of this terminal. */
  isig: boolean;
  /** Input comes in lines, which can be edited before they end. */
  icanon: boolean;
  /** Keys are shown as they are typed. */
  echo: boolean;
}

/** A terminal; or a mere pair of pipes in its place, which has no modes. */
export interface Terminal {
  isTty: boolean;
  termios: Termios;
  /** Bytes that can be read. */
  input: number[];
  /** The line being typed. */
  line: number[];
  /** ^D was typed so many times on an empty line: as many reads find the end of the file. */
  ends: number;
  /** Nothing more will be typed: reading gives the end of the file. */
  closed: boolean;
  /** Somebody outside holds back what there is no room for; or has been asked for it, and not yet answered. */
  more: 'no' | 'held back' | 'asked for';
  queue: WaitQueue;
}

/** What an interface call takes and gives (struct ifreq): the name, and whatever else the call is about. */
export interface IfReq {
  /** For TUNSETIFF it may have a `%d`, which becomes the lowest free number. */
  name: string;
  flags?: number;
  /** IPv4 address, the first byte the most significant. */
  address?: number;
  hwaddr?: number[];
  index?: number;
  /** For {@link SIOCWIRE}: which wire. */
  port?: string;
}

/** A network interface of the Host. */
export interface Interface {
  name: string;
  /** From 1, never used twice. */
  index: number;
  kind: 'tap' | 'bridge';
  /** {@link IFF_UP}. */
  flags: number;
  hwaddr: number[];
  /** IPv4 address, 0 for none. */
  address: number;
  /** The bridge it is a port of; empty for none. */
  bridge: string;
  /** The wire that leads out of the world from it; empty for none. */
  wire: string;
  /** Frames for the program behind a tap. */
  frames: Uint8Array[];
  queue: WaitQueue;
  /** Frames that nobody wanted, or that were none. */
  dropped: number;
}

export interface NetData {
  interfaces: Interface[];
  nextIndex: number;
  /** Wires that the outside offers. */
  wires: string[];
}

export interface TimeData {
  /** Instructions retired when the clock was last moved or its rate changed, and what it showed then: nanoseconds since the Host's start. */
  movedAt: number;
  movedTo: number;
  /** What an instruction takes: so many 256ths of {@link NS_PER_INSTRUCTION}. */
  rate: number;
  /** Instruction count of the next tick. */
  nextTick: number;
  /** The interrupt line is up: the timer has something to say and the processor has not listened yet. */
  raised: boolean;
  /** Wall clock time at the Host's start: seconds since 1970, and nanoseconds. */
  epoch: number;
  epochNsec: number;
  /** A profiler's clock, where there is one: instructions between two NMIs, and the count at which the next is due. */
  profile?: { period: number; next: number };
  /** Armed timers, the next to fire first. */
  timers: HrTimer[];
}

/** A one-shot timer (struct hrtimer). */
export interface HrTimer {
  /** When it fires, on the clock of {@link ktimeGetReal}. */
  expires: number;
  active: boolean;
  /** Key of its function among the kernel's. */
  handlerKey: string;
  /** Whatever the function needs. */
  data: unknown;
}

/** State of the generator: never zero. */
export interface RandomData {
  state: number;
}

/** Who the FPU's registers belong to. */
export interface FpuData {
  /** The task whose numbers are in them; 0: nobody's yet. */
  owner: number;
  /** Those of the others, by task. */
  saved: Record<number, Uint8Array>;
}
