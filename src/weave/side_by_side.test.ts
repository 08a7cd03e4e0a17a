/** lguest is a value: two programs run in one realm, in turn, and neither knows of the other. */
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleVariant } from '../../scripts/lib/bundle.mjs';
import { base, loadProgram, program } from '../../scripts/lib/bundles.mjs';
import { BASE_BUNDLE_PATH } from '../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../scripts/lib/scenes.mjs';
import type { LguestProgram, SceneBundle, World, WorldEvent, WorldStop } from '#world';

/** A Host whose alarm clock goes off late. */
const RIGHT = 'hrtimerStart(cpu.hrt, ktimeGetReal() + delta);';
const LATE = 'hrtimerStart(cpu.hrt, ktimeGetReal() + delta * 3);';

let late: LguestProgram;
beforeAll(async () => {
  const path = join(dirname(BASE_BUNDLE_PATH), 'late_alarm.mjs');
  await bundleVariant(path, (code) => code.replace(RIGHT, LATE));
  late = await loadProgram(path);
}, 120_000);

const scene = (wanted: string): SceneBundle => sceneBundles().find(({ name }) => name === wanted) as SceneBundle;

/** What a run was, to the last event and the last line. */
interface Outcome {
  stop: WorldStop;
  events: WorldEvent[];
  console: string;
  hash: string;
  lines: Record<string, number>;
}

/** Runs a world piece by piece. */
class Run {
  readonly #world: World;
  readonly #limit: number;
  readonly #outcome: Outcome = { stop: { reason: 'limit' }, events: [], console: '', hash: '', lines: {} };

  constructor(which: LguestProgram, bundle: SceneBundle) {
    this.#world = base.World.fromScene(bundle, { program: which });
    this.#limit = bundle.scene.instructions;
  }

  /** Goes on; false at the end. */
  go(instructions: number, steps = Infinity): boolean {
    const world = this.#world;
    const outcome = this.#outcome;
    outcome.stop = world.run(Math.min(instructions, this.#limit - world.instructions), steps);
    outcome.events.push(...world.takeEvents());
    outcome.console += world.takeConsole();
    for (const { source, line, count } of world.takeLineHits()) {
      const key = `${source}:${line}`;
      outcome.lines[key] = (outcome.lines[key] ?? 0) + count;
    }
    return outcome.stop.reason === 'limit' && world.instructions < this.#limit;
  }

  end(): Outcome {
    while (this.go(Infinity));
    return { ...this.#outcome, hash: this.#world.stateHash() };
  }
}

/** Piece number `turn` of a run: some end in a Guest, some after a step of the Launcher. (A `rep` that is cut in two counts twice: so all are cut alike.) */
const piece = (run: Run, turn: number): boolean => run.go(37 + 100 * (turn % 7), turn % 3 === 0 ? 1 : Infinity);
const TURNS = 400;

function alone(which: LguestProgram, bundle: SceneBundle): Outcome {
  const run = new Run(which, bundle);
  for (let turn = 0; turn < TURNS; turn++) piece(run, turn);
  return run.end();
}

describe.each(['interrupts', 'core', 'virtio_console'])('the Guest of %s', (name) => {
  test('is run by the book’s lguest and by another, step by step in turn, as by each alone', () => {
    const bundle = scene(name);
    const runs = [program, late, program].map((which) => new Run(which, bundle));
    for (let turn = 0; turn < TURNS; turn++) for (const run of runs) piece(run, turn);
    const [ours, theirs, oursAgain] = runs.map((run) => run.end());
    expect(ours).toEqual(alone(program, bundle));
    expect(theirs).toEqual(alone(late, bundle));
    expect(oursAgain).toEqual(ours);
  });
});

test('they are two programs', () => {
  const [ours, theirs] = [program, late].map((which) => alone(which, scene('interrupts')));
  expect(ours.console).not.toBe('');
  expect(theirs.hash).not.toBe(ours.hash);
  expect(theirs.lines).not.toEqual(ours.lines);
});

test('each has counters of its own, of the same lines; while no world runs, nothing is counted', () => {
  expect(late.lines).not.toBe(program.lines);
  expect(late.lines.positions).toEqual(program.lines.positions);
  const world = base.World.fromScene(scene('interrupts'), { program });
  world.run(5000);
  const counted: unknown[] = [];
  for (const { lines } of [program, late]) lines.drain((place) => counted.push(place));
  world.look(['rings']);
  world.currentLine();
  program.newLauncher(['4']);
  for (const { lines } of [program, late]) lines.drain((place) => counted.push(place));
  expect(counted).toEqual([]);
});
