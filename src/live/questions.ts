/** Questions about a run, and what is answered. Types only. */
import type { SegmentName } from '#world';
import type { ListedEvent, Place, Registers, RunPlace, Stretch } from './protocol.ts';
import type { WorldName } from './worlds.ts';

/** A value that is shown, of which somebody wants to know who wrote it. */
export type Value =
  /** A word of real memory, or so many bytes. */
  | { readonly kind: 'physical'; readonly address: number; readonly length?: number }
  /** A word at a linear address, by the tables that the processor has now. */
  | { readonly kind: 'linear'; readonly address: number }
  | { readonly kind: 'register'; readonly name: RegisterName }
  /** A segment register with its hidden part, or a table register. */
  | { readonly kind: 'segment'; readonly name: SegmentName }
  /** A descriptor or a gate that a Guest has asked for: it lies in no memory of the machine's, the Host keeps it. */
  | { readonly kind: 'asked'; readonly guest: number; readonly table: 'gdt' | 'idt'; readonly index: number }
  /** Of a Guest's ring, that which begins at this page of its memory: the index of what is available, or used; a descriptor, by its number; or how far the Launcher has come, which it remembers. */
  | { readonly kind: 'ring'; readonly guest: number; readonly pfn: number; readonly what: 'available' | 'used' | 'taken' | number };

/** A register that is shown as a number. */
export type RegisterName = Exclude<keyof Registers, 'world' | 'cpl'>;

/** Who wrote a value last. */
export interface Writer {
  /** Just before it did. */
  readonly where: RunPlace;
  readonly midway: boolean;
  readonly world: WorldName;
  /** The line of a chapter; null: none has it. */
  readonly place: Place | null;
  /** The instruction, of machine code. */
  readonly text: string | null;
}

/** What became of a search for a writer: there it is; nobody in the whole run, though perhaps a line of the Host's `before` it; or nobody in so much of its end as was looked through. */
export type Written = { readonly value: Value } & (
  | { readonly found: Writer }
  | { readonly found: null; readonly whole: boolean; readonly before?: Place }
);

/** Events of the run, as far as it ever was, that were looked for. */
export interface FoundEvents {
  /** What was looked for, and among which kinds. */
  readonly text: string;
  readonly kinds: readonly string[];
  /** Of too many, the first. */
  readonly events: readonly ListedEvent[];
  readonly count: number;
  /** The run had come to its end. */
  readonly ended: boolean;
}

/** Who had the processor in a piece of the run. */
export interface SpanOfRun {
  readonly from: number;
  readonly to: number;
  /** In order; of too many the last. */
  readonly stretches: readonly Stretch[];
}

/** What an expression came to at one hit of a line. */
export interface Note {
  readonly place: RunPlace;
  readonly text: string;
}

/** All the hits of a line in a run, of too many the first. */
export interface Notes {
  /** The breakpoint's. */
  readonly id: number;
  /** The expression. */
  readonly note: string;
  readonly count: number;
  readonly hits: readonly Note[];
  /** The run had come to its end. Missing: not known. */
  readonly ended?: boolean;
  /** Why the expression is none, and where in it. */
  readonly fault: { readonly message: string; readonly at: number } | null;
}
