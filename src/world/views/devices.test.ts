import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import type { SceneBundle } from '../scenes/scene.ts';
import type { World as Worlds } from '../world.ts';

const { World } = base;
const echo = { ...JSON.parse(readFileSync(`${TOP}/static/live/scenes/console.json`, 'utf8')), name: 'console' } as SceneBundle;

/** A Guest that repeats what it hears, until that begins with a q: it waits for it. */
function waiting(): Worlds {
  const world = World.fromScene(echo, { program });
  world.run(1e6);
  return world;
}

const type = (world: Worlds, text: string): void => world.input({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(text) });

describe('what is seen of the devices', () => {
  test.each([
    ['by its own wish', 'q', 0],
    ['by three ^C', '\x03\x03\x03', 2],
  ])('stays when the Guest has ended %s, however the run is cut', (_, text, status) => {
    const end = (slice: number): Worlds => {
      const world = waiting();
      for (const key of text) {
        type(world, key);
        while (world.run(slice).reason === 'limit');
      }
      expect(world.statuses()).toEqual([status]);
      return world;
    };
    const [device, ...others] = end(1e6).look(['rings']).rings ?? [];
    expect([device.ended, device.name, others]).toEqual([true, 'console', []]);
    // The greeting went out by the second queue, a chain a time, and all came back.
    expect(device.queues).toHaveLength(2);
    expect(device.queues[1].availIdx).toBeGreaterThan(0);
    expect(device.queues[1].usedIdx).toBe(device.queues[1].lastAvail);
    expect(end(1).look(['rings']).rings).toEqual([device]);
  });

  test('is the living Guest’s again once the run was taken back, and stays in a snapshot', () => {
    const world = waiting();
    const before = world.look(['rings']).rings ?? [];
    expect(before.map(({ ended }) => ended)).toEqual([false]);
    const checkpoint = world.checkpoint(null);
    type(world, 'q');
    world.run(1e6);
    const after = world.look(['rings']).rings ?? [];
    const snapshot = world.snapshot();
    world.goTo(checkpoint);
    expect(world.look(['rings']).rings ?? []).toEqual(before);
    world.restore(snapshot);
    expect(world.look(['rings']).rings ?? []).toEqual(after);
    expect(after.map(({ ended }) => ended)).toEqual([true]);
  });
});
