import { expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { SceneBundle, SceneParty } from '#world';

const bundles = sceneBundles();
const bundleOf = (name: string): SceneBundle => bundles.find((one) => one.name === name) as SceneBundle;
const MOST = 3_000_000;

test('a program and itself never part, whatever is typed', () => {
  for (const name of ['interrupts', 'dev_lguest_tap']) {
    const party: SceneParty = { program, bundle: bundleOf(name) };
    expect(base.parting([party, party], [], MOST)).toBeNull();
  }
});

test('two Guests part at the first thing that one does, and the other does not', () => {
  const book = { program, bundle: bundleOf('mastery_flag') };
  const other = { program, bundle: { ...bundleOf('mastery_stale'), name: book.bundle.name } };
  const found = base.parting([book, other], [], MOST);
  expect(found?.shared).toBeGreaterThan(0);
  // Each image has its own first instruction, of which its Launcher tells.
  expect(found?.events.map((event) => event?.kind)).toEqual(['request', 'request']);
});

test('one that ends before the other parts from it there', () => {
  const whole = { program, bundle: bundleOf('mastery_flag') };
  let counts = 0;
  const { events } = base.parting(
    [
      whole,
      {
        ...whole,
        program: {
          ...program,
          init: () => {
            counts++;
            throw new Error('broken');
          },
        },
      },
    ],
    [],
    MOST,
  ) ?? { events: [null, null] };
  expect(counts).toBe(1);
  expect(events[0]).not.toBeNull();
  expect(events[1]).toBeNull();
});
