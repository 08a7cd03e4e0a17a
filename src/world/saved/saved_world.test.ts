/** A world in a file: whoever opens it stands where it was saved, to the bit, goes on the same way, and back as well. */
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { Fold, Makings as MakingsOf, Place, SavedHead, SavedParts, World as WorldOf } from '../index.ts';

const { Makings, World, Timeline, Journeys, walk, readHead, readSaved, saveWorld, savedOptions, sceneOptions } = base;

/** Hears nothing. */
type Deaf = Fold<Deaf>;
const DEAF: Deaf = {
  hear: () => undefined,
  gather(world) {
    world.takeConsole();
    world.takeLineHits();
  },
  countOf: () => 0,
  copy: () => DEAF,
};

const bundle = sceneBundles().find(({ name }) => name === 'console');
if (bundle === undefined) throw new Error('the scene is gone');
const HEAD = { title: 'A test', scene: bundle.name, patches: null, edits: {}, disks: [], page: {}, midway: false };

interface Earlier {
  place: Place;
  state: string;
}

function started(): { world: WorldOf; makings: MakingsOf } {
  const makings = new Makings({ program, ...sceneOptions(bundle!) });
  return { makings, world: World.create(makings.options) };
}

const typed = (text: string): { kind: 'keys'; tty: 0; bytes: Uint8Array } => ({
  kind: 'keys',
  tty: 0,
  bytes: new TextEncoder().encode(text),
});

function saved(): { world: WorldOf; earlier: Earlier; parts: SavedParts } {
  const { world, makings } = started();
  world.run(9000);
  const earlier = { place: world.place(), state: world.stateHash() };
  world.run(21_000);
  world.input(typed('hello\n'));
  world.run(5000);
  const parts = saveWorld(world, makings, { ...HEAD, where: world.place() }, { consoles: [''], printed: 0, disks: {}, gathered: null });
  return { world, earlier, parts };
}

const { world, earlier, parts } = saved();
const head = readHead(parts.line.trimEnd());

describe('a saved world', () => {
  test('opened elsewhere, is the same to the bit, goes on the same way, and back before where it was saved', () => {
    const opened = readSaved(head, parts.body, program);
    if (opened.snapshot === null) throw new Error('it has no snapshot');
    const timeline = new Timeline<WorldOf, Deaf>(() => World.create({ program, ...savedOptions(opened) }), DEAF);
    timeline.open(opened.snapshot, DEAF);
    const again = timeline.world;
    expect(again.stateHash()).toBe(world.stateHash());
    expect(again.place()).toEqual(world.place());
    const here = again.place();
    const ends = [world, again].map((one) => {
      one.input(typed('more\n'));
      one.run(40_000);
      return one.stateHash();
    });
    expect(ends[1]).toBe(ends[0]);
    const journeys = new Journeys(timeline);
    expect(walk(journeys.toPlace(earlier.place, false))).toBe(true);
    expect(again.stateHash()).toBe(earlier.state);
    expect(again.hasFuture).toBe(true);
    walk(journeys.toPlace(here, false));
    expect(again.snapshot().inputs).toHaveLength(1);
    walk(journeys.toPlace(world.place(), false));
    expect(again.stateHash()).toBe(ends[0]);
  });

  test('makes the same run again, where its snapshot is of no use', () => {
    const { inputs, ...opened } = readSaved(head, parts.body, program);
    const again = World.create({ program, ...savedOptions(opened), replay: inputs });
    again.run(head.where.at);
    expect(again.inputLog()).toEqual(inputs);
    const { world: other } = saved();
    expect(again.stateHash()).toBe(other.stateHash());
  });

  test('is refused with a sentence', () => {
    expect(() => readHead('no JSON')).toThrow(/no saved run; choose a file/);
    expect(() => readHead('{"format":"lguest-live/saved-world","version":2}')).toThrow(/version 2 of the format, and 1 is the latest/);
    expect(() => readHead(JSON.stringify({ ...head, where: {} }))).toThrow(/damaged/);
    expect(() => readHead(JSON.stringify({ ...head, scene: '../up' }))).toThrow(/damaged/);
    const other: SavedHead = { ...head, program: '12345678' };
    expect(() => readSaved(other, parts.body, program)).toThrow(/another lguest \(12345678, here runs [0-9a-f]{8}\).*; open it where/);
    expect(() => readSaved(head, parts.body.subarray(0, 5000), program)).toThrow(/damaged: what is behind its first line cannot be read/);
  });
});
