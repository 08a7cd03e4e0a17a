/** What a chapter sets its reader to do, as data. Types only. */
import type { Sought, Wanted } from '#world';
import type { ChunkChanges } from '../edit/broken.ts';

/** A line by its chunk and its text, without what indents it. */
export type LineName = readonly [chunk: string, line: string];

/** {@link Sought}, its lines named. */
export type NamedSought =
  | Extract<Sought, { readonly fact: string } | { readonly prints: string } | { readonly event: string }>
  | { readonly hits: LineName }
  | { readonly before: LineName; readonly time?: number; readonly look: string };

/** Something to change: the reader's edits are to pass a test. */
export interface ChangeTask {
  readonly kind: 'change';
  /** The Guest that tries it. */
  readonly scene: string;
  readonly wants: Wanted;
  /** Further Guests, which are to do under the change what they promise without. */
  readonly keeps?: readonly string[] | undefined;
  /** What the test changes besides: in the Guest that tries it. */
  readonly tries?: ChunkChanges | undefined;
}

/** Something to find out: the answer is what a Guest does. */
export interface FindTask {
  readonly kind: 'find';
  readonly scene: string;
  readonly sought: NamedSought;
}

/** What came of a test. */
export interface Graded {
  /** A sentence for each thing that is not as it should be; none: passed. */
  readonly faults: readonly string[];
  /** What was printed; null where nothing ran. */
  readonly console: string | null;
}
