/** After its end, a Guest's own registers are told, with the instruction and the line to which it came: as its last trap said, and as the chapter has it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { WorldEvent } from '../index.ts';

const { World } = base;

/** Those of the book's own program that come to an end by themselves, alone on their Host. */
const bundles = sceneBundles().filter(
  ({ name, scene }) =>
    !name.includes('.M-') &&
    scene.keys === undefined &&
    scene.disk === undefined &&
    scene.launchers === undefined &&
    scene.ends !== 'waits',
);

/** A line of a chapter. */
const lineOf = (source: string, line: number): string => readFileSync(`${TOP}/${source}`, 'utf8').split('\n')[line - 1];

test('there are many such scenes', () => expect(bundles.length).toBeGreaterThan(30));

/** How many tell where they came to their end. */
let told = 0;

describe.each(bundles)('the Guest of $name', (bundle) => {
  const world = World.fromScene(bundle, { program });
  const stop = world.run(bundle.scene.instructions);
  const events: WorldEvent[] = world.takeEvents();
  const last = events.findLast((event) => event.kind === 'trap');
  const [guest, ...others] = world.look(['guests']).guests ?? [];
  if (stop.reason === 'exited' && (guest as typeof guest | undefined)?.place != null) told++;

  test('has left its registers as its last trap had them, or as the Host has made them since', () => {
    if (stop.reason !== 'exited' || last === undefined) return;
    const since = events.slice(events.indexOf(last));
    const delivered = since.find((event) => event.kind === 'deliver');
    // What the Host does for the Guest, like a port's instruction, it also passes.
    const passed = since.some((event) => event.kind === 'io') ? [1, 2] : [0];
    expect(others).toEqual([]);
    expect([guest.guest, guest.ended, guest.registers.cs]).toEqual([0, true, last.cs]);
    expect(guest.registers.cpl).toBe(last.cs & 3);
    expect(passed.map((by) => (delivered?.gate ?? last.eip) + by)).toContain(guest.registers.eip);
    if (last.vector === 14) expect(guest.registers.cr2).toBe(last.cr2);
  });

  test('is told where in its chapter it came to its end', () => {
    if (stop.reason !== 'exited' || last === undefined || guest.place === null) return;
    expect(bundle.sources).toContain(guest.place.source);
    // An instruction, a macro that stands for some, or what the Guest has since written over it: in any case a line that is there.
    expect(lineOf(guest.place.source, guest.place.line).trim()).not.toBe('');
  });
});

test('most of them can be told so', () => expect(told).toBeGreaterThan(bundles.length / 2));

test('what is told of a living Guest changes as it runs, and goes back with it', () => {
  const world = World.fromScene(bundles[0], { program });
  world.run(1000);
  const checkpoint = world.checkpoint(null);
  const before = world.look(['guests']);
  expect(before.guests?.map(({ ended }) => ended)).toEqual([false]);
  world.run(bundles[0].scene.instructions);
  expect(world.look(['guests'])).not.toEqual(before);
  world.goTo(checkpoint);
  expect(world.look(['guests'])).toEqual(before);
});
