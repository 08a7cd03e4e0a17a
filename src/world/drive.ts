/** Whoever runs a world plays its outside: carries out what it asks for, and types. This is the loop in which everybody does. */
import type { OutsideInput, OutsideRequest } from '#hostos';
import type { RunBounds, WorldStop } from './bounds.ts';
import type { SceneKeys } from './scenes/scene.ts';

/** What is driven: a world. */
export interface Driven {
  readonly instructions: number;
  /** What comes next has been before, and what is typed with it. */
  readonly hasFuture: boolean;
  /** As {@link World.run}. */
  run(instructions: number, steps?: number, bounds?: RunBounds): WorldStop;
  /** What it wants of the outside since it was last asked. */
  takeRequests(): OutsideRequest[];
  /** What comes from outside, now. */
  input(input: OutsideInput): void;
}

/** What is on the other side. */
export interface Driver {
  /** Carries out a request, at once or later. Returns the answer, if there is one and it is there. */
  serve(request: OutsideRequest): OutsideInput | null | undefined;
  /** What is typed, in this order, each when it is time: it is taken away as it is. */
  readonly script?: SceneKeys[] | undefined;
}

/**
 * Runs a world to so many instructions since its beginning, or to where something else ends the run. What it asks for on the way is carried out; where it waits for keys of the script,
 * they are typed.
 */
export function drive(world: Driven, end: number, driver: Driver, bounds?: RunBounds): WorldStop {
  for (;;) {
    const [keys] = world.hasFuture ? [] : (driver.script ?? []);
    const when = keys?.when;
    const until = typeof when === 'number' ? Math.min(Math.max(when, world.instructions), end) : end;
    const left = until - world.instructions;
    const stop: WorldStop = left > 0 ? world.run(left, Infinity, { ...bounds, requests: true }) : { reason: 'limit' };
    serveAll(world, driver);
    // It was told to come back before.
    if (stop.reason === 'limit' && world.instructions < until) return stop;
    if (stop.reason === 'exited' || stop.reason === 'panicked' || stop.reason === 'stop') return stop;
    const due = stop.reason === 'idle' || (typeof when === 'number' && world.instructions >= when);
    if (keys !== undefined && due && !world.hasFuture) {
      driver.script?.shift();
      world.input(inputOf(keys));
    } else if (stop.reason === 'waiting' || stop.reason === 'idle' || world.instructions >= end) {
      return stop.reason === 'request' ? { reason: 'limit' } : stop;
    }
  }
}

/** Carries out what a world has asked for. */
export function serveAll(world: Driven, driver: Driver): void {
  for (let requests = world.takeRequests(); requests.length > 0; requests = world.takeRequests()) {
    for (const request of requests) {
      const answer = driver.serve(request);
      if (answer) world.input(answer);
    }
  }
}

/** What is typed, as it goes into a world. */
function inputOf({ text, tty = 0 }: SceneKeys): OutsideInput {
  return text === undefined ? { kind: 'end-of-keys', tty } : { kind: 'keys', tty, bytes: new TextEncoder().encode(text) };
}
