/**
 * Going to places: each is come to exactly, from before and from behind, in any order, in the middle of what the Host does, too; the state is that of a world which ran there from
 * its beginning; and running on from there is as if nobody had stopped.
 */
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { Dice, effort } from '#testing';
import type {
  Fold,
  Hit,
  InputEntry,
  LinePosition,
  Place,
  SceneBundle,
  Timeline as AnyTimeline,
  Traveller,
  World as AnyWorld,
  WorldEvent,
} from '../index.ts';

const { comparePlaces, drive, Journeys, MemoryDisk, Timeline, walk, World } = base;

/** Hears, and remembers only how much. */
class Count implements Fold<Count> {
  readonly #lines = new Map<string, number>();
  events = 0;
  hear(): void {
    this.events++;
  }
  gather(world: Pick<Traveller, 'takeConsole' | 'takeLineHits'>): void {
    world.takeConsole();
    for (const { source, line, count } of world.takeLineHits()) {
      const key = `${source}:${line}`;
      this.#lines.set(key, count + (this.#lines.get(key) ?? 0));
    }
  }
  countOf({ source, line }: LinePosition): number {
    return this.#lines.get(`${source}:${line}`) ?? 0;
  }
  copy(): Count {
    const copy = new Count();
    for (const [key, count] of this.#lines) copy.#lines.set(key, count);
    copy.events = this.events;
    return copy;
  }
}

interface Known {
  /** Lines of TypeScript that ran, in order. */
  readonly hits: readonly Hit[];
  readonly log: readonly InputEntry[];
  readonly events: number;
  readonly instructions: number;
  readonly hash: string;
}

const driverOf = ({ scene }: SceneBundle): Parameters<typeof drive>[2] => {
  const disk = scene.disk && MemoryDisk.fromScene(scene.disk);
  return { serve: (request) => disk?.answer(request), script: [...(scene.keys ?? [])] };
};

/** Runs a scene to its end, and listens to every line. */
function runThrough(bundle: SceneBundle): Known {
  const hits: Hit[] = [];
  let events = 0;
  const world = World.fromScene(bundle, { program, keepEvents: false, onEvent: () => void events++ });
  const stop = { since: world.place(), lines: program.lines.positions, notes: (hit: Hit) => void hits.push(hit) };
  drive(world, bundle.scene.instructions, driverOf(bundle), { stop });
  return { hits, log: world.inputLog(), events, instructions: world.instructions, hash: world.stateHash() };
}

/** The hash at a place, in a world that was run there from its beginning, and looked at once. */
function hashAt(bundle: SceneBundle, place: Place, log: readonly InputEntry[]): string {
  const world = World.fromScene(bundle, { program, keepEvents: false, replay: log });
  const { reason } = world.run(Infinity, Infinity, { stop: { since: world.place(), before: place } });
  expect(reason).toBe('stop');
  expect(world.place()).toEqual(place);
  return world.stateHash();
}

interface Travelling {
  timeline: AnyTimeline<AnyWorld, Count>;
  world: AnyWorld;
  journeys: InstanceType<typeof Journeys<AnyWorld, Count>>;
}

/** A timeline that was run to the scene's end, with a checkpoint now and then. */
function travel(bundle: SceneBundle, known: Known): Travelling {
  const timeline = new Timeline<AnyWorld, Count>(
    (onEvent: (event: WorldEvent) => void) => World.fromScene(bundle, { program, keepEvents: false, onEvent }),
    new Count(),
  );
  const { world } = timeline;
  const driver = driverOf(bundle);
  while (world.instructions < known.instructions) {
    drive(world, Math.min(known.instructions, world.instructions + Math.ceil(known.instructions / 9)), driver);
    if (world.instructions < known.instructions) timeline.mark();
  }
  drive(world, bundle.scene.instructions, driver);
  return { timeline, world, journeys: new Journeys(timeline) };
}

const bundles = sceneBundles().filter(
  ({ name, scene }, index) =>
    // Variants have programs of their own; Puppy's runs are long.
    !name.includes('.M-') &&
    !name.startsWith('puppy') &&
    // Where no Host starts, nothing runs.
    scene.ends !== 'no-host' &&
    (index % 11 === 0 || scene.disk !== undefined || scene.launchers !== undefined || name === 'virtio_console'),
);

describe.each(bundles)('the Guest of $name', (bundle) => {
  const dice = new Dice(bundle.name.length * 31 + 7);
  const known = runThrough(bundle);
  const some = Array.from({ length: 6 * effort() }, () => dice.pick(known.hits));
  const expected = new Map(some.map((hit) => [hit, hashAt(bundle, hit.place, known.log)]));

  test('no two lines run at one place, and they run in the order of their places', () => {
    known.hits.forEach(({ place }, n) => n === 0 || expect(comparePlaces(known.hits[n - 1].place, place)).toBeLessThan(0));
  });

  test('is come to before any line, from anywhere, and goes on as if it had not been', () => {
    const { timeline, world, journeys } = travel(bundle, known);
    expect([world.stateHash(), timeline.fold.events]).toEqual([known.hash, known.events]);
    for (let i = 0; i < 3 * some.length; i++) {
      const hit = dice.pick(some);
      expect(walk(journeys.toPlace(hit.place))).toBe(true);
      expect(timeline.place).toEqual(hit.place);
      expect(world.stateHash()).toBe(expected.get(hit));
      if (hit.by === 'line' && world.midway !== null) expect(world.midway).toEqual(hit.position);
      if (dice.oneIn(3)) {
        if (dice.oneIn(2)) timeline.settle();
        else timeline.leave();
        drive(driven(timeline), bundle.scene.instructions, { ...driverOf(bundle), script: [] });
        expect([world.stateHash(), timeline.fold.events]).toEqual([known.hash, known.events]);
      }
      if (dice.oneIn(4)) {
        walk(journeys.toCount(dice.below(known.instructions)));
        timeline.mark();
      }
    }
    expect(world.wholeLog()).toEqual(known.log);
  });

  test('stands where it stood, though somebody looked elsewhere', () => {
    const { timeline, world, journeys } = travel(bundle, known);
    for (const hit of some) {
      walk(journeys.toPlace(hit.place));
      const point = timeline.standpoint();
      const other = dice.pick(some);
      walk(journeys.toPlace(other.place));
      timeline.returnTo(point);
      expect(timeline.place).toEqual(hit.place);
      expect(world.stateHash()).toBe(expected.get(hit));
    }
  });

  test('finds the last time that a line ran, and the next', () => {
    const { timeline, world, journeys } = travel(bundle, known);
    for (const hit of some) {
      if (hit.by !== 'line') continue;
      const same = known.hits.filter(
        (one) => one.by === 'line' && one.position.line === hit.position.line && one.position.source === hit.position.source,
      );
      const n = same.indexOf(hit);
      walk(journeys.toPlace(hit.place));
      if (world.midway === null) continue;
      // Of a search that goes on, the middle of what the Host does is behind.
      const next = timeline.run(Infinity, Infinity, { stop: { since: hit.place, midway: true, lines: [hit.position] } });
      if (n + 1 < same.length) expect(next).toMatchObject({ reason: 'stop', hit: { by: 'line', place: same[n + 1].place } });
      else expect(next.reason).not.toBe('stop');
      walk(journeys.toPlace(hit.place));
      const found = walk(journeys.toLineBefore(hit.position));
      expect(found).toBe(n > 0);
      if (n > 0) expect(timeline.place).toEqual(same[n - 1].place);
      walk(journeys.toPlace(some[0].place));
    }
  });
});

/** A timeline's world, as it is driven. */
function driven(timeline: AnyTimeline<AnyWorld, Count>): Parameters<typeof drive>[0] {
  const { world } = timeline;
  return {
    get instructions() {
      return world.instructions;
    },
    get hasFuture() {
      return world.hasFuture;
    },
    run: (...bounds) => timeline.run(...bounds),
    takeRequests: () => world.takeRequests(),
    input: (input) => world.input(input),
  };
}

test('what comes in the past makes another run of it; until then what is known comes again, and is not asked for twice', () => {
  const bundle = bundles.find(({ scene }) => scene.disk !== undefined) as SceneBundle;
  const known = runThrough(bundle);
  const { timeline, world, journeys } = travel(bundle, known);
  walk(journeys.toCount(Math.floor(known.instructions / 2)));
  expect(world.hasFuture).toBe(true);
  const rungs = timeline.rungs.length;
  expect(timeline.rungs.at(-1)?.place.at).toBeGreaterThan(world.instructions);
  while (world.hasFuture) {
    timeline.run(10_000);
    if (world.hasFuture) expect(world.takeRequests()).toEqual([]);
  }
  expect(timeline.rungs.length).toBe(rungs);
  walk(journeys.toCount(Math.floor(known.instructions / 2)));
  expect(timeline.branch()).not.toBeNull();
  expect(world.hasFuture).toBe(false);
  expect(timeline.rungs.every(({ place }) => comparePlaces(place, timeline.place) <= 0)).toBe(true);
  world.input({ kind: 'keys', tty: 0, bytes: Uint8Array.of(120) });
  expect(world.wholeLog().at(-1)?.input).toMatchObject({ kind: 'keys' });
});

test('in the middle of what the Host does nothing can be done but looking and leaving', () => {
  const [bundle] = bundles;
  const world = World.fromScene(bundle, { program });
  const start = world.checkpoint(null);
  const line = { since: world.place(), lines: program.lines.positions };
  const stop = world.run(Infinity, Infinity, { stop: line });
  expect(stop).toMatchObject({ reason: 'stop', hit: { by: 'line', position: world.midway } });
  expect(world.currentLine()).toEqual(world.midway);
  for (const deed of [
    () => world.run(1),
    () => world.input({ kind: 'end-of-keys', tty: 0 }),
    () => world.checkpoint(null),
    () => world.snapshot(),
    () => world.unload(),
  ])
    expect(deed).toThrow(/in the middle of what its Host does/);
  expect(world.takeRequests()).toEqual([]);
  expect(world.look(['registers']).registers).toBeDefined();
  world.goTo(start);
  expect(world.midway).toBeNull();
  expect(world.run(Infinity, Infinity, { stop: line })).toEqual(stop);
});
