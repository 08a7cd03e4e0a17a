/** A Guest with a driver on a wire that leads outside: whatever comes in, nobody breaks, and the same comes again. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { base, program } from '../../scripts/lib/bundles.mjs';
import { TOP } from '../../scripts/lib/paths.mjs';
import { Dice, effort } from '#testing';
import type { InputEntry, World as AnyWorld, WorldEvent } from '#world';

const { World } = base;
const { image } = JSON.parse(readFileSync(`${TOP}/static/live/scenes/virtio_net.json`, 'utf8')) as { image: string };
const bytes = new Uint8Array(Buffer.from(image, 'base64'));
const make = (replay?: readonly InputEntry[]): AnyWorld =>
  World.create({
    program,
    argv: ['--tunnet=user', '4', 'net', 'answer'],
    files: (path) => (path === 'net' ? bytes : undefined),
    wires: ['user'],
    tty: false,
    replay,
  });

/** From a question for its address, which it answers, to plain noise. */
function frame(dice: Dice): Uint8Array {
  const question = Uint8Array.of(
    255,
    255,
    255,
    255,
    255,
    255,
    2,
    0,
    0,
    0,
    0,
    1,
    8,
    6,
    0,
    1,
    8,
    0,
    6,
    4,
    0,
    1,
    2,
    0,
    0,
    0,
    0,
    1,
    10,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    10,
    0,
    0,
    2,
  );
  switch (dice.below(4)) {
    case 0:
      return question;
    case 1:
      return Uint8Array.from(question, (byte, i) => (i >= 12 && dice.oneIn(10) ? dice.below(256) : byte)).slice(0, dice.below(43));
    case 2:
      return Uint8Array.from({ length: dice.below(1700) }, () => dice.below(256));
    default:
      return Uint8Array.from({ length: dice.pick([0, 1, 13, 14, 60, 1514, 1515, 65_553, 70_000]) }, (_, i) => question[i] ?? 0);
  }
}

test.each(Array.from({ length: 2 * effort() }, (_, i) => i + 1))('noise on the wire, seed %i', (seed) => {
  const dice = new Dice(seed);
  const world = make();
  const finish = (end: AnyWorld): { events: WorldEvent[]; console: string; hash: string } => {
    end.run(5_000_000);
    return { events: end.takeEvents(), console: end.takeConsole(), hash: end.stateHash() };
  };
  let answers = 0;
  for (let turn = 0; turn < 400; turn++) {
    if (world.run(1 + dice.below(2000), Infinity, { until: world.time + dice.below(2e6) }).reason === 'exited') break;
    for (let frames = dice.below(4); frames > 0; frames--)
      world.input({ kind: 'frame', interface: dice.oneIn(20) ? 'tap7' : 'tap0', bytes: frame(dice) });
    answers += world.takeRequests().filter(({ kind }) => kind === 'frame').length;
  }
  expect(answers).toBeGreaterThan(20);
  const again = make(world.inputLog());
  const first = finish(world);
  expect(finish(again)).toEqual(first);
  expect(again.inputsAhead).toBe(0);
  expect(first.console).not.toMatch(/panic|TypeError/);
});
