/** How often each line ran is the same whenever somebody asks: what the machine has counted is not lost where code goes, nor where a world goes elsewhere. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/lib/run_ts.mjs';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { SceneBundle, World as AnyWorld } from '../index.ts';

const { drive, World } = base;

const SLICE = 20_011;

type Counts = Map<string, number>;

function take(world: AnyWorld, into: Counts): void {
  for (const { source, line, count } of world.takeLineHits()) into.set(`${source}:${line}`, count + (into.get(`${source}:${line}`) ?? 0));
}

const sceneOf = (name: string): SceneBundle => sceneBundles().find((bundle) => bundle.name === name)!;

const worldOf = (bundle: SceneBundle): AnyWorld => World.fromScene(bundle, { program, keepEvents: false });

/** Runs in slices, to the end; and lets lguest go where its Launcher has. @param after each slice */
function run(world: AnyWorld, { scene }: SceneBundle, after: (slice: number) => void, end = scene.instructions): void {
  const driver = { serve: () => null, script: [...(scene.keys ?? [])] };
  for (let slice = 0; world.instructions < end; slice++) {
    const { reason } = drive(world, Math.min(end, world.instructions + SLICE), driver);
    after(slice);
    if (reason === 'exited') world.unload();
    if (reason !== 'limit') return;
  }
}

function countsOf(bundle: SceneBundle, asks: (slice: number, world: AnyWorld) => boolean): Counts {
  const counts: Counts = new Map();
  const world = worldOf(bundle);
  run(world, bundle, (slice) => asks(slice, world) && take(world, counts));
  take(world, counts);
  return counts;
}

// One that starts again, with other pages; one whose kernel runs programs; and one whose Guest dies.
test.each(['launcher', 'puppy_programs', 'traps_vector'])('%s: asked often, or once', (name) => {
  const bundle = sceneOf(name);
  const often = countsOf(bundle, () => true);
  expect(often.size).toBeGreaterThan(100);
  expect(countsOf(bundle, () => false)).toEqual(often);
  expect(countsOf(bundle, (slice) => slice % 3 === 1)).toEqual(often);
});

test('what was not asked for is void after a way to a checkpoint, and stays where a snapshot is restored', () => {
  const bundle = sceneOf('puppy_programs');
  const world = worldOf(bundle);
  const runTo = (end: number): void => run(world, bundle, () => undefined, end);
  runTo(2 * SLICE);
  world.takeLineHits();
  const [checkpoint, snapshot] = [world.checkpoint(null), world.snapshot()];
  const once: Counts = new Map();
  runTo(8 * SLICE);
  take(world, once);
  world.goTo(checkpoint);
  runTo(8 * SLICE);
  world.goTo(checkpoint);
  expect(world.takeLineHits()).toEqual([]);
  runTo(8 * SLICE);
  world.restore(snapshot);
  runTo(8 * SLICE);
  const twice: Counts = new Map();
  take(world, twice);
  expect(twice).toEqual(new Map([...once].map(([line, count]) => [line, 2 * count])));
});

test('without lines of a Guest those of Host and Switcher are counted all the same, whichever back end runs them', () => {
  const image = new Uint8Array(readFileSync(`${root}/src/bench/image/bench-lguest.elf`));
  const countsBy = (translate: boolean | number): Counts => {
    const files = (path: string): Uint8Array | undefined => (path === 'bench' ? image : undefined);
    const world = World.create({
      program,
      argv: ['64', 'bench', 'w=trap,pgfault', 'd=400', 'reps=1'],
      files,
      keepEvents: false,
      translate,
    });
    while (world.run(1_000_000).reason === 'limit');
    const counts: Counts = new Map();
    take(world, counts);
    return counts;
  };
  const counts = countsBy(false);
  expect(Math.max(...[...counts].filter(([line]) => line.startsWith('docs/switcher')).map(([, count]) => count))).toBeGreaterThan(100);
  expect(countsBy(20)).toEqual(counts);
});
