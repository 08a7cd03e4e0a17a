/** A run that is told to come back soon, anywhere: it is the same run, and what comes from outside there comes again at the same place. */
import { expect, test } from 'vitest';
import { program } from '#lguest';
import { World } from '#world';
import type { InputEntry, SceneBundle } from '#world';
import { sceneBundles } from '../../scripts/lib/scenes.mjs';
import { dice } from './views/testing/random_tables.ts';

const LIMIT = 2_000_000;

function worldOf(name: string, replay: readonly InputEntry[] = []): World {
  const bundle = sceneBundles().find((one) => one.name === name) as SceneBundle;
  return World.fromScene(bundle, { program, replay });
}

/** Runs on, and comes back after so many questions each time. Returns how often it did, and where it was, in numbers. */
function runTired(world: World, random: () => number, back: (world: World) => void): number {
  for (let times = 0; ; times++) {
    let left = 1 + Math.floor(random() ** 3 * 40);
    const stop = world.run(LIMIT - world.instructions, Infinity, { tired: () => --left <= 0 });
    if (stop.reason !== 'limit' || world.instructions >= LIMIT) return times;
    back(world);
  }
}

test.each(['traps', 'page_tables', 'interrupts', 'console', 'block', 'before_gates'])(
  '%s: the same run, however often it comes back',
  (name) => {
    const straight = worldOf(name);
    const stop = straight.run(LIMIT);
    const tired = worldOf(name);
    const times = runTired(tired, dice(3), () => undefined);
    expect(times).toBeGreaterThan(3);
    expect([tired.stateHash(), tired.place()]).toEqual([straight.stateHash(), straight.place()]);
    expect(tired.run(1)).toEqual(stop.reason === 'limit' ? { reason: 'limit' } : stop);
  },
);

test.each(['traps', 'interrupts', 'console', 'block'])('%s: keys that come there come there again', (name) => {
  const random = dice(5);
  const tired = worldOf(name);
  runTired(tired, random, (world) => {
    if (random() < 0.2) world.input({ kind: 'keys', tty: 0, bytes: Uint8Array.from([97 + Math.floor(26 * random())]) });
  });
  const again = worldOf(name, tired.inputLog());
  again.run(LIMIT);
  expect([again.stateHash(), again.place(), again.inputsAhead]).toEqual([tired.stateHash(), tired.place(), 0]);
});
