/** What the page and its checker say to each other. Types only. */
import type { ChangeTask, FindTask, Graded } from './exercises/exercise.ts';
import type { Edits, WovenProblem } from './protocol.ts';

/** From the page; each is answered once. */
export type Question =
  /** What is wrong with these edits, as far as it concerns a chunk? */
  | { readonly id: number; readonly type: 'check'; readonly edits: Edits; readonly chunk: string }
  /** What does TypeScript's own checker say of the file that this chunk is in? */
  | { readonly id: number; readonly type: 'types'; readonly edits: Edits; readonly chunk: string }
  /** They as a patch for the chapters. */
  | { readonly id: number; readonly type: 'patch'; readonly edits: Edits }
  /** Do they do what an exercise wants? */
  | { readonly id: number; readonly type: 'grade'; readonly task: ChangeTask; readonly edits: Edits }
  /** Where do they part from the book, in a scene's run with this input (lines of `formatInput`)? */
  | { readonly id: number; readonly type: 'part'; readonly scene: string; readonly edits: Edits; readonly inputs: readonly string[] }
  /** Is this what an exercise asks for? */
  | { readonly id: number; readonly type: 'answer'; readonly task: FindTask; readonly given: string };

/** Where a run on edits parts from the book's. */
export interface ToldParting {
  /** How many events are the same before. */
  readonly shared: number;
  /** Instruction count at the first that is not, of the edited run. */
  readonly at: number;
  /** What happens there; null: nothing more. */
  readonly book: string | null;
  readonly edited: string | null;
}

/** From the checker. */
export type Answer =
  | { readonly id: number; readonly type: 'check' | 'types'; readonly problems: readonly WovenProblem[] }
  | { readonly id: number; readonly type: 'patch'; readonly text: string }
  | { readonly id: number; readonly type: 'grade'; readonly graded: Graded }
  /** Null: nowhere. */
  | { readonly id: number; readonly type: 'part'; readonly parting: ToldParting | null }
  /** `answer`: what it is. */
  | { readonly id: number; readonly type: 'answer'; readonly right: boolean; readonly answer: string }
  | { readonly id: number; readonly type: 'failed'; readonly message: string };
