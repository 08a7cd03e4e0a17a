/**
 * Going back in the page: wherever a run has been, the runner finds the same place again. Checkpoints save time and nothing else: each place is compared with a world that
 * ran there from the beginning, registers and memory, events, console, lanes and lit lines.
 */
import { describe, expect, test } from 'vitest';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { effort } from '#testing';
import { expectedConsole, expectedInstructions, sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { SceneBundle, World as AnyWorld } from '#world';
import type { Progress } from '../protocol.ts';
import { Runner } from './runner.ts';

const { MemoryDisk, namesOf, viewNames, World } = base;

/** Milliseconds of the page's clock: longer than any scene takes. */
const LONG = 1e7;

/** A number below a bound; the same every time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A runner over a scene; the page's clock is the test's, so that checkpoints come where the test wants them. */
function setUp(bundle: SceneBundle): {
  runner: Runner;
  world: () => AnyWorld;
  last: () => Progress;
  printed: () => string;
  run: (milliseconds: number) => void;
  /** Asks for something, and lets it come to its end. */
  forth: (ask: () => void) => void;
} {
  let world: AnyWorld | undefined;
  let last: Progress | undefined;
  let time = 0;
  let text = '';
  const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
  const runner = new Runner(
    (onEvent) => (world = World.fromScene(bundle, { program, onEvent, keepEvents: false })),
    (report) => {
      if (report.type !== 'progress') return;
      last = report;
      text += report.console.join('');
    },
    {
      names: namesOf(program),
      outside: { ask: (request) => disk?.answer(request) ?? null, undoFrom: () => undefined },
      keys: bundle.scene.keys,
      watched: [...viewNames, 'events', 'lanes'],
    },
  );
  runner.play(0);
  const run = (milliseconds: number): void => {
    const end = time + milliseconds;
    runner.start(null, time);
    while (runner.running && time < end) runner.slice(() => (time += 8));
    runner.pause();
  };
  const forth = (ask: () => void): void => {
    ask();
    while (runner.running) runner.slice(() => (time += 8));
  };
  return {
    runner,
    world: () => world as AnyWorld,
    last: () => last as Progress,
    printed: () => Buffer.from(text, 'latin1').toString(),
    run,
    forth,
  };
}

/** What the page knows at a place when a world has run there from the beginning. */
function fromTheBeginning(bundle: SceneBundle, instructions: number): unknown {
  const { runner, world, last } = setUp(bundle);
  const left = instructions - world().instructions;
  if (left > 0) runner.step(left);
  else runner.pause();
  return shown(last(), world());
}

function shown({ events, stretches, console, hits, views, place, dropped, instructions, ends }: Progress, world: AnyWorld): unknown {
  return {
    instructions,
    events,
    stretches,
    console,
    dropped,
    views,
    ends,
    place,
    hash: world.stateHash(),
    hits: Object.fromEntries(hits.map(({ source, line, count }) => [`${source}:${line}`, count])),
  };
}

/**
 * Instructions after which a scene is too long to be run from its beginning for each place: long runs go the same ways, only more often.
 * With `LGUEST_FUZZ=2` or more, longer ones, too.
 */
const SHORT = effort() > 1 ? 3e6 : 1e6;

/** Some of all, and all that have something to do with the outside. */
const bundles = sceneBundles()
  // Variants have programs of their own.
  .filter((bundle) => !bundle.name.includes('.M-') && expectedInstructions(bundle) < SHORT)
  .filter(({ scene }, index) => index % 8 === 0 || scene.keys !== undefined || scene.launchers !== undefined);

describe.each(bundles)('the Guest of $name', (bundle) => {
  test('goes back to any place, and on from there', () => {
    const next = dice(bundle.name.length * 77 + 5);
    const { runner, world, last, printed, run, forth } = setUp(bundle);
    run(LONG);
    const end = world().instructions;
    if (bundle.scene.launchers === undefined) expect(printed()).toBe(expectedConsole(bundle));
    const final = { hash: world().stateHash(), status: last().standing };
    for (let i = 0; i < 4; i++) {
      forth(() => runner.back([1, 1 + next(1000), 1 + next(world().instructions), 3][i], () => undefined));
      expect(shown(last(), world())).toEqual(fromTheBeginning(bundle, world().instructions));
      if (i === 2) run(1000);
    }
    run(LONG);
    expect({ hash: world().stateHash(), status: last().standing }).toEqual(final);
    expect(world().instructions).toBe(end);
  });

  test('goes back to where forward steps to events stopped', () => {
    const { runner, world, last, forth } = setUp(bundle);
    const stops: number[] = [];
    for (let i = 0; i < 6; i++) {
      stops.push(world().instructions);
      forth(() => runner.stepToEvent());
    }
    // Several things may happen at one count: that is one place.
    for (const stop of [...new Set(stops)].filter((at) => at < world().instructions).reverse()) {
      if (world().instructions === 0) break;
      forth(() => runner.backToEvent(() => undefined));
      expect(shown(last(), world())).toEqual(fromTheBeginning(bundle, world().instructions));
      expect(world().instructions).toBe(stop);
    }
  });

  test('goes to a line, and back to it: it is the next thing to run, and ran no more often than it should', () => {
    const { runner, world, last, run, forth } = setUp(bundle);
    runner.step(400);
    const ran = new Map(last().hits.map(({ source, line, count }) => [`${source}:${line}`, count]));
    run(LONG);
    const later = last()
      .hits.filter(({ source, line }) => ran.has(`${source}:${line}`))
      .slice(0, 40)
      .filter((_, index) => index % 13 === 5);
    for (const { source, line } of later) {
      forth(() => runner.toLine({ source, line }, true, () => undefined));
      const at = world().instructions;
      const count = (): number => last().hits.find((hit) => hit.source === source && hit.line === line)?.count ?? 0;
      const before = count();
      const hash = world().stateHash();
      // From just before it, it is the next; from where it stands, it is not: the search goes on to the time after.
      forth(() => runner.back(Math.min(at, 7), () => undefined));
      forth(() => runner.toLine({ source, line }, false, () => undefined));
      while (world().instructions < at) forth(() => runner.toLine({ source, line }, false, () => undefined));
      expect(world().instructions).toBe(at);
      expect(world().stateHash()).toBe(hash);
      expect(last().instructions).toBe(at);
      runner.step(1);
      expect(count()).toBeGreaterThan(0);
      forth(() => runner.back(1, () => undefined));
      expect(count()).toBe(before);
      forth(() => runner.toLine({ source, line }, false, () => undefined));
      const there = world().instructions;
      expect(there).toBeGreaterThan(at);
      if (last().standing.phase === 'paused') {
        runner.step(1);
        expect(count()).toBeGreaterThan(0);
        forth(() => runner.toLine({ source, line }, true, () => undefined));
        expect(world().instructions).toBe(there);
      }
      run(LONG);
    }
  });
});
