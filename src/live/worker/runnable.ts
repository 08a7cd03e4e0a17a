/** What a runner is given. */
import type { ProgramNames, SceneKeys, Traveller, World, WorldSnapshot } from '#world';
import type { LineHit, Sight } from '../protocol.ts';
import type { Outside } from './outside.ts';
import type { TranscriptData } from './transcript.ts';

/** What the runner needs of a world. */
export type Runnable = Traveller &
  Pick<
    World,
    | 'time'
    | 'clockRate'
    | 'boot'
    | 'currentLine'
    | 'worldName'
    | 'look'
    | 'takeRequests'
    | 'inputsAhead'
    | 'wholeLog'
    | 'codeFacts'
    | 'guest'
    | 'beforehand'
    | 'standstill'
  > & {
    takeLineHits(): LineHit[];
  };

/** A world that was saved, as far as the runner goes. Without a snapshot it makes its run again. */
export type Opened = { readonly snapshot: WorldSnapshot; readonly transcript: TranscriptData } | { readonly snapshot: null };

/** What a runner may be told. */
export interface RunnerOptions {
  /** What the world's program calls its numbers. */
  readonly names: ProgramNames;
  readonly outside?: Outside;
  /**
   * Milliseconds since 1970 that never go back: the world's clock keeps pace with this one while it runs, and stands still while it is stopped. Without, it counts
   * instructions, and goes on to what comes next at once while all in the world wait.
   */
  readonly outsideClock?: (() => number) | undefined;
  /** A Guest counts ticks while it boots: see {@link Pacer}. */
  readonly countsTicks?: boolean | undefined;
  /** What is typed, in this order, once {@link Runner.play} is called. */
  readonly keys?: readonly SceneKeys[] | undefined;
  /** What the page watches. */
  readonly watched?: readonly Sight[];
  /** The run goes on from where it was saved. */
  readonly opened?: Opened | null;
  /** Is told when what was shown is void, though nobody asked for another place: what there was until then follows. */
  readonly fresh?: () => void;
}
