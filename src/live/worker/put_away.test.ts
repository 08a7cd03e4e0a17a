/**
 * A run that was put away is found again where it was: from its place and what came from outside, another world makes it anew, and stands there. Looked at wherever a slice ended, before
 * lines of Host and Launcher, at instructions of the Switcher, where all wait, and at the end.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { base, loadDebugBuild, program } from '../../../scripts/lib/bundles.mjs';
import { BOOK_PATH, WEAVE_BUNDLE_PATH } from '../../../scripts/lib/paths.mjs';
import { expectedInstructions, sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { InputEntry, LguestProgram, SceneBundle, World as AnyWorld } from '#world';
import type * as Weave from '#weave';
import type { KeptRun, Progress } from '../protocol.ts';
import { keptRun } from './kept_run.ts';
import { Runner } from './runner.ts';
import { takeStep } from './steps.ts';
import { goExactly } from './ways.ts';

const { Weaver } = (await import(WEAVE_BUNDLE_PATH)) as typeof Weave;
const weaver = new Weaver(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Weave.Book);
const { MemoryDisk, namesOf, parseInput, viewNames, World } = base;

let debug: LguestProgram;
beforeAll(async () => {
  debug = await loadDebugBuild();
});

class Reader {
  readonly runner: Runner;
  readonly #asks: boolean;
  #world: AnyWorld | undefined;
  #last: Progress | undefined;
  #time = 0;
  /** Where the slices of its runs ended. */
  readonly seen: KeptRun[] = [];

  constructor(bundle: SceneBundle, replay: readonly InputEntry[] = [], which = program) {
    this.#asks = bundle.scene.disk !== undefined;
    const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
    this.runner = new Runner(
      (onEvent) => (this.#world = World.fromScene(bundle, { program: which, onEvent, keepEvents: false, replay: [...replay] })),
      (report) => {
        if (report.type !== 'progress') return;
        this.#last = report;
        const kept = this.kept;
        if (kept !== null && report.standing.phase === 'running') this.seen.push(kept);
      },
      {
        names: namesOf(program),
        outside: { ask: (request) => disk?.answer(request) ?? null, undoFrom: () => undefined },
        keys: bundle.scene.keys,
        watched: viewNames,
      },
    );
    if (which === program) this.world.study(debug);
  }

  get world(): AnyWorld {
    return this.#world as AnyWorld;
  }

  get last(): Progress {
    return this.#last as Progress;
  }

  /** What a tab keeps of it. */
  get kept(): KeptRun | null {
    return keptRun(this.last, this.world.wholeLog(), this.#asks);
  }

  /** Asks for something, and lets it come to its end. */
  does(ask: () => void): void {
    ask();
    while (this.runner.running) this.runner.slice(() => (this.#time += 8));
  }

  step(backwards = false): void {
    this.does(() => takeStep(this.runner, { stride: 'into', backwards, chunk: null, fresh: () => undefined }));
  }

  shown(): unknown {
    const { where, midway, place, world, views, standing, ends, instructions } = this.last;
    const still = standing.phase === 'running' ? { phase: 'paused' } : standing;
    return { where, midway, place, world, views, standing: still, ends, instructions, hash: midway ? null : this.world.stateHash() };
  }
}

/** The same run, where it was put away. */
function again(bundle: SceneBundle, { where, midway, inputs }: KeptRun, which = program): Reader {
  const found = new Reader(bundle, inputs.map(parseInput), which);
  found.does(() => goExactly(found.runner, where, midway, bundle.scene.disk !== undefined, () => undefined));
  expect(found.last.remark).toBeUndefined();
  return found;
}

/** Looks whether it is found again, and goes on from there, and back, as from here. */
function isFound(bundle: SceneBundle, reader: Reader): void {
  const { kept } = reader;
  if (kept === null) throw new Error('it is not kept');
  const found = again(bundle, JSON.parse(JSON.stringify(kept)) as KeptRun);
  expect(found.shown()).toEqual(reader.shown());
  if (reader.last.standing.phase === 'exited') return;
  for (const backwards of [false, true, true]) {
    reader.step(backwards);
    found.step(backwards);
    expect(found.shown()).toEqual(reader.shown());
  }
}

/** Some of all, and all that have something to do with the outside. */
const bundles = sceneBundles()
  // Variants have programs of their own.
  .filter((bundle) => !bundle.name.includes('.M-') && expectedInstructions(bundle) < 1e6)
  .filter(({ scene }, index) => index % 24 === 0 || scene.keys !== undefined || scene.launchers !== undefined || scene.disk !== undefined);

describe.each(bundles)('the Guest of $name is found again', (bundle) => {
  test('wherever it was while it ran, and as it ended', () => {
    const reader = new Reader(bundle);
    if (bundle.scene.disk === undefined) reader.runner.play(0);
    reader.does(() => reader.runner.start(bundle.scene.disk === undefined ? null : 20_000, 0));
    expect(reader.last.standing.phase).toMatch(/exited|idle/);
    if (reader.kept !== null) expect(again(bundle, reader.kept).shown()).toEqual(reader.shown());
    const { seen } = reader;
    for (const kept of seen.filter((_, n) => n % Math.ceil(seen.length / 3) === 1)) {
      const { where, midway } = again(bundle, kept).last;
      expect({ where, midway }).toEqual({ where: kept.where, midway: kept.midway });
    }
  });
});

describe('the Guest of traps is found again', () => {
  const [bundle] = sceneBundles().filter(({ name }) => name === 'traps');

  test.each<[string, number, (progress: Progress) => boolean]>([
    ['a line of the Launcher’s', 0, ({ midway, world }) => midway && world === 'launcher'],
    ['a line of the Host’s', 0, ({ midway, world }) => midway && world === 'host'],
    ['a line of the Host’s, the Guest having run', 300, ({ midway, world }) => midway && world === 'host'],
    ['an instruction of the Switcher’s', 300, ({ world }) => world === 'switcher'],
    ['an instruction of the Guest’s', 300, ({ world }) => world === 'guest-kernel'],
  ])('before %s', (_, from, isThere) => {
    const reader = new Reader(bundle);
    if (from > 0) reader.runner.step(from);
    // Lines one by one; of instructions it is known what the Host does between them.
    const go = (): void => (/line/.test(_) ? reader.step() : reader.runner.step(1));
    do go();
    while (!isThere(reader.last));
    isFound(bundle, reader);
  });

  test('where its reader went back to from its end', () => {
    const reader = new Reader(bundle);
    reader.does(() => reader.runner.start(null, 0));
    expect(reader.last.standing.phase).toBe('exited');
    reader.step(true);
    expect(reader.last.standing.phase).toBe('paused');
    isFound(bundle, reader);
  });
});

test('the Guest of interrupts is found again where it ended, on edited code', () => {
  const [bundle] = sceneBundles().filter(({ name }) => name === 'interrupts');
  const line = '  hrtimerStart(';
  const woven = weaver.weave({ 'H:200': (weaver.textOf('H:200') ?? '').replace(line, `  delta *= 2;\n${line}`) });
  expect(woven.edited).toEqual(['H:200']);
  const reader = new Reader(bundle, [], woven.program());
  reader.does(() => reader.runner.start(null, 0));
  expect(reader.last.standing.phase).toBe('exited');
  expect(again(bundle, reader.kept as KeptRun, woven.program()).shown()).toEqual(reader.shown());
});
