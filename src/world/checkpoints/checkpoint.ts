/** A world as data: what is kept of it, and how. */
import type { MachineCheckpoint, MachineSnapshot } from '#machine';
import type { KernelData } from '#hostos';
import type { InputEntry } from '../replay/input_log.ts';
import type { Statistics } from '../statistics.ts';
import type { Place } from '../timeline/place.ts';
import type { Left } from '../views/index.ts';
import type { SnapshotHead } from './snapshot.ts';

/** What a world remembers beside its machine. */
export interface Memory {
  data: KernelData;
  /** Of its {@link Place}; the other three numbers are in the rest. */
  line: number;
  /** Ids of the Launchers' tasks. */
  launchers: readonly number[];
  seq: number;
  statistics: Statistics;
  left: Left;
}

/** A world at rest: everything needed to go on from here, in this process or another. */
export interface WorldSnapshot extends SnapshotHead, Memory {
  machine: MachineSnapshot;
  /** What had come from outside. */
  inputs: readonly InputEntry[];
}

/** A place in a world's past that the same world can go back to. It shares with its neighbours whatever is the same. */
export interface Checkpoint {
  readonly place: Place;
  readonly machine: MachineCheckpoint;
  readonly memory: Memory;
  /** How much had come from outside. */
  readonly inputs: number;
}
