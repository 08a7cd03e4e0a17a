/**
 * Rewinding: a world stopped anywhere, kept as data and taken up again by another world, or by another process, goes on as if nothing had been.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { BASE_BUNDLE_PATH, LGUEST_BUNDLE_PATH } from '../../../scripts/lib/paths.mjs';
import { expectedInstructions, sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { Dice, effort } from '#testing';
import type { SceneBundle, World as AnyWorld, WorldEvent, WorldSnapshot, WorldStop } from '../index.ts';

const { viewNames, World } = base;
/**
 * The book's own (variants have programs of their own), but for those that run so long that a dozen runs of each say no more than the others'. Of what is left every other one,
 * and all that have something to do with the outside or with several Guests; with `LGUEST_FUZZ=2` or more, all.
 */
const bundles: SceneBundle[] = sceneBundles()
  .filter((bundle) => !bundle.name.includes('.M-') && expectedInstructions(bundle) < 3e6)
  .filter(({ scene }, index) => effort() > 1 || index % 2 === 0 || scene.keys !== undefined || scene.launchers !== undefined);

/** What a run leaves to compare: everything. */
interface Outcome {
  stop: WorldStop;
  events: WorldEvent[];
  console: string;
  hash: string;
  /** Digest of the whole world, the Host's own data included. */
  digest: string;
}

/** Of a snapshot: equal for worlds that nobody can tell apart. Which parts are one and the same object counts, too. */
function digest(snapshot: WorldSnapshot): string {
  const hash = createHash('sha1');
  const met = new Map<object, number>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      hash.update(`${typeof value} ${String(value)};`);
    } else if (met.has(value)) {
      hash.update(`object ${met.get(value)};`);
    } else if (ArrayBuffer.isView(value)) {
      hash.update(`bytes ${value.byteLength}:`).update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      met.set(value, met.size);
      for (const [key, member] of Object.entries(value)) {
        hash.update(`${key}=`);
        visit(member);
      }
      hash.update('.');
    }
  };
  visit(snapshot);
  return hash.digest('hex');
}

/** Runs to the end, or to the scene's bound, in slices of the sizes drawn. */
function finish(world: AnyWorld, bundle: SceneBundle, slice: () => number = () => Infinity): Outcome {
  let stop: WorldStop = { reason: 'limit' };
  while (stop.reason === 'limit' && world.instructions < bundle.scene.instructions) {
    stop = world.run(Math.min(slice(), bundle.scene.instructions - world.instructions));
  }
  return { stop, events: world.takeEvents(), console: world.takeConsole(), hash: world.stateHash(), digest: digest(world.snapshot()) };
}

/** The part of a run's outcome that comes after its first `count` events. */
function after(whole: Outcome, events: readonly WorldEvent[], printed: string): Outcome {
  expect(whole.events.slice(0, events.length)).toEqual(events);
  expect(whole.console.startsWith(printed)).toBe(true);
  return { ...whole, events: whole.events.slice(events.length), console: whole.console.slice(printed.length) };
}

const POINTS = 3 * effort();
const STEPS = 4 * effort();

describe.each(bundles)('the Guest of $name', (bundle) => {
  const dice = new Dice(bundle.name.length * 1000 + bundle.image.length);
  const world = World.fromScene(bundle, { program });
  const other = World.fromScene(bundle, { program });
  const start = world.snapshot();
  world.takeEvents();
  const whole = finish(world, bundle);
  const length = whole.events.at(-1)?.at ?? 1;

  test('goes on from a snapshot at any instruction, in the same world and in another', () => {
    for (let i = 0; i < POINTS; i++) {
      const at = dice.below(length);
      world.restore(start);
      world.run(at);
      const rest = after(whole, world.takeEvents(), world.takeConsole());
      const snapshot = world.snapshot();
      expect(finish(world, bundle), `uninterrupted from ${at}`).toEqual(rest);
      world.restore(snapshot);
      expect(digest(world.snapshot()), `restored at ${at}`).toBe(digest(snapshot));
      expect(finish(world, bundle), `back to ${at}`).toEqual(rest);
      other.restore(snapshot);
      expect(finish(other, bundle), `another world, from ${at}`).toEqual(rest);
    }
  });

  test('goes on from a snapshot between any two steps of the Host’s programs', () => {
    for (let i = 0; i < STEPS; i++) {
      world.restore(start);
      const at = dice.oneIn(2) ? 0 : dice.below(length);
      world.run(at);
      for (let steps = dice.below(40); steps > 0; steps--) world.run(length - at, 1);
      const rest = after(whole, world.takeEvents(), world.takeConsole());
      other.restore(world.snapshot());
      expect(finish(other, bundle)).toEqual(rest);
    }
  });

  test('does the same in slices of any size, and though looked at and kept all the time', () => {
    for (let i = 0; i < 2; i++) {
      const most = dice.pick([200, 1000, 5000, 50_000]);
      world.restore(start);
      expect(
        finish(world, bundle, () => 1 + dice.below(most)),
        `slices up to ${most}`,
      ).toEqual(whole);
    }
    const events: WorldEvent[] = [];
    let printed = '';
    let [now, next] = [world, other];
    now.restore(start);
    for (let n = 0; n < 12; n++) {
      now.run(dice.below(Math.ceil(length / 10)));
      events.push(...now.takeEvents());
      printed += now.takeConsole();
      const snapshot = now.snapshot();
      now.currentLine();
      now.look(viewNames);
      if (n % 2 === 1) [now, next] = [next, now];
      now.restore(snapshot);
    }
    expect(finish(now, bundle)).toEqual(after(whole, events, printed));
  });
});

test('a new process takes over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-'));
  try {
    const dice = new Dice(42);
    const wanted: Record<string, unknown> = {};
    const snapshots: Record<string, WorldSnapshot> = {};
    for (const bundle of bundles) {
      const world = World.fromScene(bundle, { program });
      world.run(dice.below(300_000));
      world.takeEvents();
      world.takeConsole();
      snapshots[bundle.name] = world.snapshot();
      const { stop, events, console, hash } = finish(world, bundle);
      wanted[bundle.name] = { stop, events, console, hash };
    }
    writeFileSync(join(folder, 'snapshots'), serialize(snapshots));
    writeFileSync(join(folder, 'scenes.json'), JSON.stringify(Object.fromEntries(bundles.map((bundle) => [bundle.name, bundle]))));
    execFileSync(process.execPath, ['--input-type=module', '-e', TAKE_OVER, BASE_BUNDLE_PATH, LGUEST_BUNDLE_PATH, folder]);
    expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(wanted)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What the new process does: base, program and working folder are its arguments. */
const TAKE_OVER = `
import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
const [basePath, programPath, folder] = process.argv.slice(1);
const scenes = JSON.parse(readFileSync(folder + '/scenes.json', 'utf8'));
const { World } = await import(basePath);
const { program } = await import(programPath);
const results = {};
for (const [name, snapshot] of Object.entries(deserialize(readFileSync(folder + '/snapshots')))) {
  const bundle = scenes[name];
  const world = World.fromScene(bundle, { program });
  world.restore(snapshot);
  const stop = world.run(bundle.scene.instructions - world.instructions);
  results[name] = { stop, events: world.takeEvents(), console: world.takeConsole(), hash: world.stateHash() };
}
writeFileSync(folder + '/results.json', JSON.stringify(results));
`;
