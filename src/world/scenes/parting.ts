/** Two programs under the same scene, with the same input: how long they do the same, and what each does then. */
import { drive } from '../drive.ts';
import type { Driver } from '../drive.ts';
import type { WorldEvent } from '../events.ts';
import type { LguestProgram } from '../program.ts';
import type { InputEntry } from '../replay/input_log.ts';
import { World } from '../world.ts';
import { MemoryDisk } from './memory_disk.ts';
import type { SceneBundle } from './scene.ts';

/** One of the two. */
export interface Party {
  readonly program: LguestProgram;
  readonly bundle: SceneBundle;
}

/** Where they part. */
export interface Parting {
  /** How many events both have told alike. */
  readonly shared: number;
  /** What each told next; null: nothing more. */
  readonly events: readonly [WorldEvent | null, WorldEvent | null];
}

/** Instructions that each runs before they are compared. */
const SLICE = 50_000;

/**
 * Runs both from their beginnings, a piece of the one and a piece of the other, until one tells of something that the other does not.
 * @param inputs what came from outside, if the run has been before; where that is at its end, it is what the scene has for its test
 * @param most instructions
 * @returns null where there is no such thing
 */
export function parting(parties: readonly [Party, Party], inputs: readonly InputEntry[], most: number): Parting | null {
  const [one, other] = parties.map((party) => new Run(party, inputs));
  let shared = 0;
  for (let until = SLICE; ; until += SLICE) {
    one.runTo(Math.min(until, most));
    other.runTo(Math.min(until, most));
    const both = Math.min(one.events.length, other.events.length);
    for (let n = 0; n < both; n++) {
      if (!alike(one.events[n], other.events[n])) return { shared: shared + n, events: [one.events[n], other.events[n]] };
    }
    shared += both;
    for (const run of [one, other]) run.events.splice(0, both);
    const over = (run: Run, left: Run): boolean => run.ended && left.events.length > 0;
    if (over(one, other) || over(other, one)) return { shared, events: [one.events[0] ?? null, other.events[0] ?? null] };
    if ((one.ended && other.ended) || until >= most) return null;
  }
}

/** Everything but its number. */
function alike(one: WorldEvent, other: WorldEvent): boolean {
  return JSON.stringify({ ...one, seq: 0 }) === JSON.stringify({ ...other, seq: 0 });
}

class Run {
  readonly events: WorldEvent[] = [];
  ended = false;
  #world: World | null = null;
  readonly #make: () => World;
  readonly #driver: Driver;

  constructor({ program, bundle }: Party, inputs: readonly InputEntry[]) {
    const { disk, keys = [] } = bundle.scene;
    const memory = disk && MemoryDisk.fromScene(disk);
    this.#driver = { serve: (request) => memory?.answer(request), script: inputs.length > 0 ? [] : [...keys] };
    const onEvent = (event: WorldEvent): void => void this.events.push(event);
    this.#make = () => World.fromScene(bundle, { program, replay: inputs, keepEvents: false, onEvent });
  }

  /** A program that breaks, or whose run cannot take what came from outside any more, has ended. */
  runTo(instructions: number): void {
    if (this.ended) return;
    try {
      this.#world ??= this.#make();
      this.ended = drive(this.#world, instructions, this.#driver).reason !== 'limit';
    } catch {
      this.ended = true;
    }
  }
}
