/** The command's loop: the world runs in slices, and between them looks at what is outside, the time among it. */
import { drive, Pacer, serveAll, steadyClock } from '#world';
import type { Driver, World, WorldStop } from '#world';
import type { CommandHost } from './host.ts';
import type { Outside } from './outside.ts';

/** How a run ended, beside the ways in which a world stops: out of instructions; waiting for what cannot come. */
export type Ending =
  | Extract<WorldStop, { reason: 'exited' | 'panicked' }>
  | { reason: 'out of instructions' }
  /** Somebody wants the world to be saved as it is. */
  | { reason: 'put away' }
  | { reason: 'waits for nothing' };

/** A slice aims at this many milliseconds; after so many the event loop gets its turn. */
const SLICE_MS = 5;
const FIRST_SLICE = 200_000;
const LARGEST_SLICE = 20_000_000;
/**
 * Runs a world until it ends.
 * @param real the world's clock goes with the host's; else it counts instructions, and skips while all wait
 * @param most instructions
 * @param countsTicks a Guest is a Linux: see {@link Pacer}
 */
export async function runLive(
  world: World,
  outside: Outside,
  host: CommandHost,
  real: boolean,
  most: number,
  countsTicks = false,
): Promise<Ending> {
  const pacer = real
    ? new Pacer(
        world,
        steadyClock(
          () => host.now(),
          () => host.date(),
        ),
        countsTicks,
      )
    : null;
  const driver: Driver = { serve: (request) => outside.serve(world, request) };
  pacer?.setDate();
  let slice = FIRST_SLICE;
  let yielded = host.now();
  /** When the next timer is due, if that is all that is waited for. */
  let due: number | null = null;
  for (;;) {
    if (due !== null) pacer?.wake(due);
    pacer?.catchUp((count) => {
      const end = Math.min(most, world.instructions + count);
      const { reason } = drive(world, end, driver, { until: pacer.until });
      return (reason === 'limit' || reason === 'waiting') && world.instructions < most;
    });
    if (outside.hasArrivals) {
      // What comes after a wait comes after it in the world, too.
      if (pacer !== null) world.run(1, 1, { until: pacer.until, requests: true });
      outside.give(world);
      serveAll(world, driver);
    }
    if (outside.wantsSave) return { reason: 'put away' };
    const left = most - world.instructions;
    if (left <= 0) return { reason: 'out of instructions' };
    const [begun, before] = [host.now(), world.instructions];
    const stop = drive(world, world.instructions + Math.min(slice, left, pacer?.begin() ?? Infinity), driver, { until: pacer?.until });
    const took = Math.max(host.now() - begun, 0.05);
    const done = world.instructions - before;
    if (done === slice || (took > 2 * SLICE_MS && done > 0))
      slice = Math.min(LARGEST_SLICE, Math.max(1000, Math.round(done * Math.min(4, SLICE_MS / took))));
    if (stop.reason === 'exited' || stop.reason === 'panicked') return stop;
    due = stop.reason === 'waiting' ? stop.time : null;
    const ahead = pacer?.end() ?? 0;
    const wait =
      stop.reason === 'waiting' && pacer !== null
        ? pacer.left(stop.time)
        : stop.reason === 'idle' && !outside.hasArrivals
          ? Infinity
          : ahead;
    if (wait === Infinity && !outside.mayHear) return { reason: 'waits for nothing' };
    if (wait === 0 && host.now() - yielded < SLICE_MS) continue;
    await host.sleep(outside.hasArrivals ? 0 : wait, outside.alarm);
    yielded = host.now();
  }
}
