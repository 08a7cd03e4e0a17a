/**
 * One Step through all the worlds, and back again: each instruction, each line of Host and Launcher with its variables, in the order in which a run comes to them; the way back is the way
 * there; and nobody can tell afterwards that somebody stepped.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { base, loadDebugBuild, program } from '../../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { Fold, LguestProgram, Place, Stops, Timeline as AnyTimeline, World as AnyWorld } from '../index.ts';

const { comparePlaces, Journeys, Timeline, walk, World } = base;

class Nothing implements Fold<Nothing> {
  hear(): void {}
  gather(world: Pick<AnyWorld, 'takeConsole' | 'takeLineHits'>): void {
    world.takeConsole();
    world.takeLineHits();
  }
  countOf(): number {
    return 0;
  }
  copy(): Nothing {
    return new Nothing();
  }
}

let debug: LguestProgram;
beforeAll(async () => {
  debug = await loadDebugBuild();
});

interface Stand {
  readonly place: Place;
  readonly line: string | null;
  readonly who: string;
  readonly locals: string;
}

const standOf = (world: AnyWorld): Stand => ({
  place: world.place(),
  line: world.midway && `${world.midway.source}:${world.midway.line}`,
  who: world.midway === null ? world.worldName : 'host',
  locals: JSON.stringify(world.look(['locals']).locals),
});

function travel(name: string, instructions: number): { timeline: AnyTimeline<AnyWorld, Nothing>; world: AnyWorld } {
  const bundle = sceneBundles().find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`no scene ${name}`);
  const timeline = new Timeline<AnyWorld, Nothing>(
    (onEvent) => World.fromScene(bundle, { program, keepEvents: false, onEvent }),
    new Nothing(),
  );
  timeline.world.study(debug);
  if (instructions > 0) timeline.run(instructions);
  return { timeline, world: timeline.world };
}

const step = (timeline: AnyTimeline<AnyWorld, Nothing>): unknown => timeline.advance({ where: () => true, handover: true }, 1);

describe.each([
  ['page_tables', 700],
  ['introduction', 0],
] as const)('%s, from instruction %i on', (name, from) => {
  const STEPS = 110;

  test('forwards and backwards are the same steps', () => {
    const { timeline, world } = travel(name, from);
    const journeys = new Journeys(timeline);
    const there = [standOf(world)];
    for (let n = 0; n < STEPS; n++) {
      step(timeline);
      there.push(standOf(world));
    }
    for (let n = 1; n < there.length; n++) {
      const order = comparePlaces(there[n - 1].place, there[n].place);
      // The Host's first line stands where the processor came to rest.
      expect(order < 0 || (order === 0 && there[n - 1].line === null && there[n].line !== null)).toBe(true);
    }
    expect(new Set(there.map(({ who }) => who)).size).toBeGreaterThan(from === 0 ? 0 : 1);
    const back = [standOf(world)];
    for (let n = 0; n < STEPS; n++) {
      expect(walk(journeys.toStepBefore(null))).toBe(true);
      back.push(standOf(world));
    }
    expect(back.reverse()).toEqual(there);
  });

  test('are all the steps there are, and leave no trace', () => {
    const { timeline, world } = travel(name, from);
    const lines: (string | null)[] = [];
    let at = world.instructions;
    for (let n = 0; n < STEPS; n++) {
      step(timeline);
      if (world.midway !== null) lines.push(standOf(world).line);
      else at = world.instructions;
    }
    timeline.leave();
    const other = travel(name, from).world;
    const heard: string[] = [];
    other.run(at - other.instructions, Infinity, {
      stop: {
        since: other.place(),
        where: () => true,
        notes: (hit) => void (hit.by === 'line' && heard.push(`${hit.position.source}:${hit.position.line}`)),
      },
    });
    expect(lines.slice(0, heard.length)).toEqual(heard);
    timeline.run(from + 5000 - world.instructions);
    other.run(from + 5000 - other.instructions);
    expect(world.stateHash()).toBe(other.stateHash());
  });
});

describe('where a run stops on its way', () => {
  test.each<[string, (world: AnyWorld) => Omit<Stops, 'since'>]>([
    ['lines of TypeScript', () => ({ lines: program.lines.positions.filter((_, n) => n % 97 === 3) })],
    [
      'lines of the Switcher',
      (world) => ({
        lines: world
          .codeFacts()
          .lines.filter(({ source }) => source.endsWith('/switcher.mdx'))
          .slice(4, 6),
      }),
    ],
    ['events', () => ({ events: (event) => event.kind === 'hypercall' })],
    ['addresses', (world) => ({ addresses: [world.codeFacts().entry ?? 0] })],
    ['data', (world) => ({ data: world.guest.pieces(0xc0100000, 0x8000).map((piece) => ({ ...piece, reads: false, writes: true })) })],
    [
      'data that is nowhere yet',
      (world) => ({
        data: () =>
          [...world.guest.pieces(0x200000, 0xc000), ...world.guest.pieces(0xc0100000, 0x8000)].map((piece) => ({
            ...piece,
            reads: false,
            writes: true,
          })),
      }),
    ],
  ])('%s: it stops there on its way back', (_, conditions) => {
    const { timeline, world } = travel('page_tables', 900);
    const journeys = new Journeys(timeline);
    const stops = conditions(world);
    const there: Stand[] = [];
    for (let n = 0; n < 8; n++) {
      if (timeline.run(4000, Infinity, { stop: { ...stops, since: timeline.place, midway: world.midway !== null } }).reason !== 'stop')
        break;
      // In the middle of what the Host does, one stands where it is known how that began.
      if (world.midway !== null) walk(journeys.toPlace(timeline.place, true));
      there.push(standOf(world));
    }
    expect(there.length).toBeGreaterThan(2);
    const back = [standOf(world)];
    for (let n = 1; n < there.length; n++) {
      expect(walk(journeys.toStopBefore(stops))).toBe(true);
      back.push(standOf(world));
    }
    expect(back.reverse()).toEqual(there);
  });
});

test('a line’s variables are those of its function, and of those that called it', () => {
  const { timeline, world } = travel('page_tables', 700);
  let seen: ReturnType<AnyWorld['look']>['locals'];
  for (let n = 0; n < 3000 && seen === undefined; n++) {
    step(timeline);
    const [top] = world.look(['locals']).locals ?? [];
    if (top?.name === 'demandPage' && top.locals.some((one) => one.name === 'gpte')) seen = world.look(['locals']).locals;
  }
  expect(seen?.[0].parameters.map((one) => one.name)).toEqual(['cpu', 'vaddr', 'errcode']);
  expect(seen?.[0].locals.map((one) => one.name)).toEqual(['write', 'user', 'gpgdAt', 'gpgd', 'spgdAt', 'spgd', 'gpteAt', 'gpte']);
  expect(seen?.map((frame) => frame.name)).toContain('runGuest');
});
