/** Two clocks and one loop: the world runs in slices, and between them looks at what is outside. */
import type { World, WorldStop } from '#world';
import type { CommandHost } from './host.ts';
import type { Outside } from './outside.ts';

/** How a run ended, beside the ways in which a world stops: out of instructions; waiting for what cannot come. */
export type Ending =
  | Extract<WorldStop, { reason: 'exited' | 'panicked' }>
  | { reason: 'out of instructions' }
  | { reason: 'waits for nothing' };

/** A slice aims at this many milliseconds; after so many the event loop gets its turn. */
const SLICE_MS = 5;
const FIRST_SLICE = 200_000;
const LARGEST_SLICE = 20_000_000;
/** A world that is behind the real time by more than that does not try to catch up: who waits for somebody outside must not find that the time is over at once. */
const LARGEST_LAG = 10;

/** The world's time and the real one. */
class Pace {
  readonly #world: World;
  readonly #host: CommandHost;
  /** Real time, in ms, at which the world's was 0. */
  #origin: number;

  constructor(world: World, host: CommandHost) {
    this.#world = world;
    this.#host = host;
    this.#origin = host.now() - world.time / 1e6;
  }

  /** How late it may be in the world while it waits, in ns. */
  until(): number {
    return Math.floor((this.#host.now() - this.#origin) * 1e6);
  }

  /** What the world is behind after it was busy, or late to wake up, it will not all make good. */
  forgive(): void {
    const lag = this.#host.now() - this.#origin - this.#world.time / 1e6;
    if (lag > LARGEST_LAG) this.#origin += lag - LARGEST_LAG;
  }

  /** Milliseconds until it is that late in the world. */
  left(time: number): number {
    return Math.max(0, time / 1e6 + this.#origin - this.#host.now());
  }
}

/**
 * Runs a world until it ends.
 * @param real while all wait, the world's time goes with the real one; else it skips
 * @param most instructions
 */
export async function runLive(world: World, outside: Outside, host: CommandHost, real: boolean, most: number): Promise<Ending> {
  const pace = real ? new Pace(world, host) : null;
  let slice = FIRST_SLICE;
  let yielded = host.now();
  for (;;) {
    if (outside.hasArrivals) {
      // What comes after a wait comes after it in the world, too.
      if (pace !== null) world.run(1, 1, { until: pace.until(), requests: true });
      outside.give(world);
    }
    const left = most - world.instructions;
    if (left <= 0) return { reason: 'out of instructions' };
    const [begun, before] = [host.now(), world.instructions];
    const stop = world.run(Math.min(slice, left), Infinity, { until: pace?.until(), requests: true });
    const took = Math.max(host.now() - begun, 0.05);
    if (world.instructions - before === slice)
      slice = Math.min(LARGEST_SLICE, Math.max(1000, Math.round(slice * Math.min(4, SLICE_MS / took))));
    pace?.forgive();
    outside.serve(world);
    if (stop.reason === 'exited' || stop.reason === 'panicked') return stop;
    const wait =
      stop.reason === 'waiting' && pace !== null ? pace.left(stop.time) : stop.reason === 'idle' && !outside.hasArrivals ? Infinity : 0;
    if (wait === Infinity && !outside.mayHear) return { reason: 'waits for nothing' };
    if (wait === 0 && host.now() - yielded < SLICE_MS) continue;
    await host.sleep(outside.hasArrivals ? 0 : wait, outside.alarm);
    yielded = host.now();
  }
}
