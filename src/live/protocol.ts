/** What the page and its worker say to each other. Types only: neither side pulls in the other's code. */
import type { Registers, SceneBundle, Statistics } from '#world';
import type { WorldName } from './worlds.ts';

export type { Registers, SceneBundle, Statistics };

/** From the page. */
export type Request =
  /** Fetch a scene and build its world; answered by `loaded` or `failed`. */
  | { readonly type: 'load'; readonly url: string }
  /** Run until told otherwise. `pace`: instructions per second, null for as fast as it goes. */
  | { readonly type: 'run'; readonly pace: number | null }
  | { readonly type: 'pause' }
  /** Run exactly so many instructions. */
  | { readonly type: 'step'; readonly instructions: number }
  /** Run until something happens that the event list shows, or the world stops. */
  | { readonly type: 'event' }
  /** Go back by so many instructions: answered by `fresh`, then by all that had happened until there. */
  | { readonly type: 'back'; readonly instructions: number }
  /** Go back to where `event` would have stopped before; answered likewise. */
  | { readonly type: 'back-to-event' }
  /** Somebody types. */
  | { readonly type: 'input'; readonly tty: number; readonly bytes: readonly number[] }
  /** Build the same world anew. */
  | { readonly type: 'reset' };

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
  readonly text: string;
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

/** From the worker. */
export type Report =
  | { readonly type: 'loaded'; readonly title: string; readonly panels: readonly string[]; readonly ends: string }
  | { readonly type: 'failed'; readonly message: string }
  /** A new world, nothing has run. What was shown is void. */
  | { readonly type: 'fresh' }
  | Progress;

/** What happened since the last report, and how things stand. */
export interface Progress {
  readonly type: 'progress';
  readonly standing: Standing;
  /** Whether this is the answer to one `step`. */
  readonly single: boolean;
  readonly instructions: number;
  /** Console output of each terminal, one character a byte. */
  readonly console: readonly string[];
  readonly registers: Registers;
  /** The instruction to be executed next, as text; null where nothing is mapped. */
  readonly instruction: string | null;
  /** Where the chapter has it. */
  readonly place: Place | null;
  readonly statistics: Statistics;
  readonly stretches: readonly Stretch[];
  readonly events: readonly ListedEvent[];
  /** Events that were too many to send. */
  readonly dropped: number;
  readonly hits: readonly LineHit[];
}
