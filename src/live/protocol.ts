/** What the page and its worker say to each other. Types only: neither side pulls in the other's code. */
import type { Place as RunPlace, SavedHead } from '#world';
import type {
  ChainView,
  DescriptorPair,
  DeviceView,
  Difference,
  DirectoryView,
  GateView,
  GuestRegisters,
  GuestView,
  NextView,
  PointedView,
  QueueView,
  Registers,
  Route,
  RunView,
  SegmentView,
  ShownFrame,
  ShownVariable,
  TreeView,
  ViewName,
  Views,
} from '#world';
import type { SymbolTable } from '#kernels';
import type { Edits, WovenProblem } from '#weave';
import type { DiskOrigin } from './disks/index.ts';
import type { FoundEvents, Notes, SpanOfRun, Value, Written } from './questions.ts';
import type { WorldName } from './worlds.ts';

export type { FoundEvents, Note, Notes, RegisterName, SpanOfRun, Value, Writer, Written } from './questions.ts';
export type { RunPlace, SymbolTable };
export type {
  ChainView,
  DescriptorPair,
  DeviceView,
  Difference,
  DirectoryView,
  Edits,
  GateView,
  GuestRegisters,
  GuestView,
  NextView,
  PointedView,
  QueueView,
  Registers,
  Route,
  RunView,
  SegmentView,
  ShownFrame,
  ShownVariable,
  TreeView,
  ViewName,
  Views,
  WovenProblem,
};

/** What grows while a world runs, and is sent as it comes to those who watch it. */
export type StreamName = 'events' | 'lanes' | 'timeline';

/** Whatever a panel may watch. */
export type Sight = ViewName | StreamName;

/** A Guest of the reader's own: files that stay on the reader's computer. */
export interface OwnGuest {
  readonly kernel: File;
  readonly initrd: File | null;
  /** A System.map, where the kernel's file has no names, or others are wanted. */
  readonly map: File | null;
  readonly disk: DiskOrigin | null;
  /** Where its network device leads: nowhere; to a gateway in this page; to a second Guest like it. */
  readonly network: 'none' | 'user' | 'pair';
  /** Megabytes. */
  readonly memory: number;
  /** The kernel's command line; and that of the second Guest, where there is one. */
  readonly args: string;
  readonly secondArgs: string;
}

/** All that it takes to have a scene's run again: what came from outside (lines of `formatInput`), and where it was. */
export interface KeptRun {
  readonly where: RunPlace;
  /** In the middle of what Host and Launcher do. */
  readonly midway: boolean;
  readonly inputs: readonly string[];
}

/** How far one step goes: to the next line or instruction; the same without what is called meanwhile; to whoever called; to another chunk. */
export type Stride = 'into' | 'over' | 'out' | 'chunk';

/** The lines of a chunk. */
export interface ChunkRange {
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

/** Where a run is to stop. */
export type Breakpoint = { readonly id: number; readonly on: boolean } & (
  | {
      readonly kind: 'line';
      readonly place: Place;
      /** What is to be noted at each of its hits; empty: nothing. */
      readonly note: string;
      /** A condition over its variables, the registers and memory; none: always. */
      readonly when?: string;
    }
  /** A linear address; `when`: likewise, of the registers and memory. */
  | { readonly kind: 'address'; readonly address: number; readonly when?: string }
  /** `when`: an expression over the event's fields; empty: always. */
  | { readonly kind: 'event'; readonly event: string; readonly when: string }
  /** A word of the Guest's memory, at an address of the Guest's, or of the machine's. */
  | { readonly kind: 'data'; readonly address: number; readonly physical: boolean; readonly reads: boolean }
);

/** From the page. */
export type Request =
  /** Who had the processor between two instructions of the run? Answered by `span`; nothing moves. Any other request ends the search. */
  | { readonly type: 'span'; readonly from: number; readonly to: number }
  /** Look through all events of the run; answered by `found`, and by where it stood before. */
  | { readonly type: 'find'; readonly text: string; readonly kinds: readonly string[] }
  /** Who wrote this last? Answered by `written`; nothing moves. `patient`: look through the whole run, however long that takes. Any other request ends the search. */
  | { readonly type: 'who'; readonly value: Value; readonly patient: boolean }
  /** From now on a run stops at these. */
  | { readonly type: 'breakpoints'; readonly breakpoints: readonly Breakpoint[] }
  /** Go to the next of them, or the last before; to one, or to whichever of those that are on. */
  | { readonly type: 'to-breakpoint'; readonly id: number | null; readonly backwards: boolean }
  /** Evaluate a line's expression at each of its hits in the whole run; answered by `notes`, and by where it stood before. */
  | { readonly type: 'note'; readonly id: number }
  /** Go to a very place. */
  | { readonly type: 'to-exact'; readonly where: RunPlace; readonly midway: boolean }
  /** Read a kernel and what goes with it, and build its world; answered by `reading` and `diagnosis`, then by `loaded` or `failed`. */
  | { readonly type: 'boot'; readonly guest: OwnGuest }
  /** Go on with a Guest of somebody's own in a saved world; answered as for `boot`. `disk`: its image, where that is not in the file. */
  | { readonly type: 'open'; readonly file: Blob; readonly disk: DiskOrigin | null }
  | SaveRequest
  /** Put the disk together as it is now; answered by `image`. */
  | { readonly type: 'merge' }
  /** Forget what was written to the disk. Only before a world is built anew: answered by `reading` … as for `boot`. */
  | { readonly type: 'discard' }
  /** Fetch a scene and build its world; answered by `loaded` or `failed`. `again`: make this run again; `saved`: go on where this file's world was saved. */
  | { readonly type: 'load'; readonly url: string; readonly again?: KeptRun; readonly saved?: Blob; readonly edits?: Edits }
  /** Build the same scene anew, on edited code; answered as for `load`, or by `refused`. */
  | { readonly type: 'edit'; readonly edits: Edits }
  /** Somebody begins to edit: what it takes is fetched and made ready. */
  | { readonly type: 'prepare-edits' }
  /** Run until told otherwise. `pace`: instructions per second, null for as fast as it goes. */
  | { readonly type: 'run'; readonly pace: number | null }
  | { readonly type: 'pause' }
  /** Run exactly so many instructions. */
  | { readonly type: 'step'; readonly instructions: number }
  /** Go on, or back, by one step through all the worlds; back, answered as `back` is. */
  | { readonly type: 'stride'; readonly stride: Stride; readonly backwards: boolean }
  /** Run until something happens that the event list shows, or the world stops. */
  | { readonly type: 'event' }
  /** Go back by so many instructions: answered by `fresh`, then by all that had happened until there. */
  | { readonly type: 'back'; readonly instructions: number }
  /** Go back to where `event` would have stopped before; answered likewise. */
  | { readonly type: 'back-to-event' }
  /** Go to an instruction of the run, in its past or as far ahead as it ever was; answered by `progress`, behind `fresh` where it lies in the past. */
  | { readonly type: 'to-place'; readonly at: number }
  /** Type what the scene has for its test, each key when it is time. */
  | { readonly type: 'play' }
  /** What reports are to show, from now on; answered by `looked` where nothing runs. */
  | { readonly type: 'look'; readonly at: readonly Sight[] }
  /** Go to just before a line runs: the next time, or the last time before; answered by `fresh` and all that had happened until there. */
  | { readonly type: 'line'; readonly place: Place; readonly backwards: boolean }
  /** Somebody types. */
  | { readonly type: 'input'; readonly tty: number; readonly bytes: readonly number[] }
  /** Build the same world anew. */
  | { readonly type: 'reset' }
  /** This Guest is gone, and another may come; answered by `left`, before which all that is said is nobody's. */
  | { readonly type: 'leave' }
  /** Is somebody there? */
  | { readonly type: 'ping' };

/** Put the world into a file; answered by `image`. */
export interface SaveRequest {
  readonly type: 'save';
  /** What the file is to say of it beside what the worker knows. */
  readonly about: Pick<SavedHead, 'title' | 'scene' | 'edits' | 'page'>;
}

/** How things stand in the worker. */
export type Standing =
  | { readonly phase: 'running' }
  | { readonly phase: 'paused' }
  /** Everybody waits for input. */
  | { readonly phase: 'idle' }
  /** The Launcher has exited: 0 is a power-off, 1 a death. */
  | { readonly phase: 'exited'; readonly status: number }
  /** The Host itself broke. */
  | { readonly phase: 'panicked'; readonly message: string };

/** A time during which one world ran. */
export interface Stretch {
  readonly world: WorldName;
  /** Which Guest's turn it was, where there are several: 0, 1, … */
  readonly guest: number;
  /** Instruction count at its beginning. */
  readonly at: number;
  /** Instructions it took; the Host's and the Launcher's own code takes none of the processor's. */
  readonly instructions: number;
  /** What ended it, in a few words. */
  readonly end: string;
}

/** An event, as the list shows it. */
export interface ListedEvent {
  readonly seq: number;
  /** Instruction count. */
  readonly at: number;
  readonly kind: string;
  /** Who did it. */
  readonly world: WorldName;
  /** Whose turn it was, where there are several Guests: 0, 1, … */
  readonly guest: number;
  readonly text: string;
  /** Of traps and page faults: the error code; and the vector. */
  readonly error?: number;
  readonly vector?: number;
}

/** A place in a chapter. */
export interface Place {
  readonly source: string;
  readonly line: number;
}

/** Executions of a line since the last report. */
export interface LineHit extends Place {
  readonly count: number;
}

/** What became of one of the Guests. */
export interface GuestEnd {
  /** Which Guest: 0, 1, … */
  readonly guest: number;
  /** Instruction count. */
  readonly at: number;
  /** The Host's reason for ending it; null where the Launcher just went. */
  readonly reason: string | null;
  /** Its Launcher's exit status: 0 is a power-off; null while that still cleans up. */
  readonly status: number | null;
  /** How it stands, or stood: registers, last instruction and the place of that; null where it never had a processor. */
  readonly last: GuestView | null;
}

/** Bytes of a file read so far. */
export interface ReadingReport {
  readonly type: 'reading';
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** What the kernel's file tells of itself: sentences. */
export interface DiagnosisReport {
  readonly type: 'diagnosis';
  readonly guest: 'yes' | 'no' | 'unknown';
  readonly release: string | null;
  readonly findings: readonly string[];
}

/** The names in the reader's kernel. */
export interface SymbolsReport {
  readonly type: 'symbols';
  readonly symbols: SymbolTable;
}

/** How the disk stands. */
export interface DiskReport {
  readonly type: 'disk';
  readonly name: string;
  readonly bytes: number;
  /** Pieces of 64 KB that are no longer as they were brought. */
  readonly written: number;
  /** What was written is there again after a reload. */
  readonly lasts: boolean;
  /** What went wrong with it last, as a sentence. */
  readonly trouble: string | null;
}

/** The whole of a run, as far as it ever was. */
export interface Overview {
  /** Instruction to which it was run. */
  readonly end: number;
  /** Instructions of each piece. */
  readonly width: number;
  /** For each of `LANES` (`worlds.ts`), how much of each piece it had: 0 to 1. */
  readonly lanes: readonly Float32Array[];
  /** Instructions at which the world can be had again at once. */
  readonly rungs: readonly number[];
}

/** For those who watch the timeline. */
export interface OverviewReport {
  readonly type: 'overview';
  readonly overview: Overview;
}

/** How the run could be had again; null where it could not. */
export interface KeptReport {
  readonly type: 'kept';
  readonly run: KeptRun | null;
}

/** From the worker. */
export type Report =
  | {
      readonly type: 'loaded';
      readonly title: string;
      readonly panels: readonly string[];
      readonly terminals: number;
      readonly typist: boolean;
      /** It runs on the bare machine, without lguest. */
      readonly bare: boolean;
      /** The chunks that are not as in the book. */
      readonly edited: readonly string[];
    }
  | { readonly type: 'failed'; readonly message: string; readonly problem?: WovenProblem }
  /** Edited code that cannot be woven; what ran before is still there. */
  | { readonly type: 'refused'; readonly problems: readonly WovenProblem[] }
  | ReadingReport
  | DiagnosisReport
  | SymbolsReport
  | DiskReport
  | { readonly type: 'image'; readonly name: string; readonly blob: Blob }
  | Searching
  /** A new world, nothing has run. What was shown is void. */
  | { readonly type: 'fresh' }
  | { readonly type: 'left' }
  /** The answer to a ping. */
  | { readonly type: 'alive' }
  | OverviewReport
  | { readonly type: 'notes'; readonly notes: Notes }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'found'; readonly found: FoundEvents }
  | { readonly type: 'span'; readonly span: SpanOfRun }
  | KeptReport
  | Looked
  | Progress;

/** What there is to see, as far as somebody watches. */
export interface News {
  readonly views: Partial<Views>;
  /** Since the last report. */
  readonly stretches: readonly Stretch[];
  readonly events: readonly ListedEvent[];
  /** Events that were too many to send. */
  readonly dropped: number;
}

/** For those who have just begun to watch. */
export interface Looked extends News {
  readonly type: 'looked';
}

/** On the way to another place: how much of it is done, from 0 to 1. What was shown last is shown on; `pause` gives it up. */
export interface Searching {
  readonly type: 'searching';
  readonly done: number;
}

/** What happened since the last report, and how things stand. */
export interface Progress extends News {
  readonly type: 'progress';
  readonly standing: Standing;
  /** A sentence where what was asked for could not be done; nothing has moved then. */
  readonly remark?: string;
  /** Whether this is the answer to one `step`. */
  readonly single: boolean;
  readonly instructions: number;
  /** Where in the run. */
  readonly where: RunPlace;
  /** That is where all runs of this world begin. The Host has run some instructions of its own by then: their count is not 0. */
  readonly atBeginning: boolean;
  /** Who is at work; and whether that is in the middle of what Host and Launcher do. */
  readonly world: WorldName;
  readonly midway: boolean;
  /** The Guests that have come to an end, in the order in which they did. */
  readonly ends: readonly GuestEnd[];
  /** Console output of each terminal, one character a byte. */
  readonly console: readonly string[];
  /** Where a chapter has what comes next. */
  readonly place: Place | null;
  readonly hits: readonly LineHit[];
}
