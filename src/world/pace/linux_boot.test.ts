/** A Linux that boots on a world that is paced: what it takes for the date, and what the date is. */
import { describe, expect, test } from 'vitest';
import { Pacer } from './pacer.ts';
import { Counter } from './testing.ts';

const SLICE_MS = 5;

/** What a Linux believes while it boots: a whole second that it was told, and ticks, each of which it asks for when the one before has come; in the end, a clock that goes with the world's. */
class Linux {
  readonly #world: Counter;
  readonly #start: number;
  #due: number;
  #ticks = 0;
  #own: { time: number; ms: number } | null = null;
  /** It has found the better clock, which it takes with the next tick. */
  hasClock = false;
  static readonly TICK = 10e6;

  constructor(world: Counter) {
    const [date] = world.inputs;
    if (date.kind !== 'date') throw new Error('nobody knows what day it is');
    this.#world = world;
    this.#start = date.sec * 1000;
    this.#due = world.time + Linux.TICK;
  }

  /** The world has run so far, instruction by instruction. */
  runs(): void {
    for (; this.#due <= this.#world.time; this.#due += Linux.TICK) this.#tick(this.#due);
  }

  /** The world's clock was set. */
  jumps(): void {
    if (this.#due > this.#world.time) return;
    this.#tick(this.#world.time);
    this.#due = this.#world.time + Linux.TICK;
  }

  #tick(time: number): void {
    this.#ticks++;
    if (this.hasClock) this.#own ??= { time, ms: this.date };
  }

  /** Milliseconds since 1970. */
  get date(): number {
    if (this.#own === null) return this.#start + (this.#ticks * Linux.TICK) / 1e6;
    return this.#own.ms + (this.#world.time - this.#own.time) / 1e6;
  }
}

describe('a Linux that boots and counts ticks loses none, nor the part of a second that it is not told', () => {
  // Milliseconds, and instructions a millisecond, while it boots; then it runs.
  test.each<[string, number, [ms: number, speed: number][]]>([
    ['at its own speed', 1_777_636_800_000, [[700, 100_000]]],
    ['from the end of a second', 1_777_636_800_990, [[700, 100_000]]],
    ['slowly', 1_777_636_800_400, [[4000, 5000]]],
    ['very slowly', 1_777_636_800_400, [[9000, 500]]],
    ['fast', 1_777_636_800_400, [[3000, 1_000_000]]],
    [
      'in jerks',
      1_777_636_800_400,
      Array.from({ length: 60 }, (_, i): [number, number] => [i % 3 === 0 ? 90 : 9, i % 3 === 0 ? 900 : 90_000]),
    ],
  ])('%s', (_, start, boot) => {
    const world = new Counter();
    world.boot = { stage: 'ticks', hello: 1, alone: true };
    let real = start;
    const pacer = new Pacer(world, () => real, true);
    pacer.setDate();
    const linux = new Linux(world);
    let before = 0;
    const busy = (milliseconds: number, speed: number): void => {
      for (const end = real + milliseconds; real < end; ) {
        const count = Math.min(SLICE_MS * speed, pacer.begin());
        world.instructions += count;
        real += count / speed;
        linux.runs();
        real += pacer.end();
        linux.jumps();
        expect(linux.date).toBeGreaterThanOrEqual(before);
        before = linux.date;
      }
    };
    for (const [ms, speed] of boot) busy(ms, speed);
    linux.hasClock = true;
    busy(12, 100_000);
    world.boot = { stage: 'clock', hello: 1, alone: true };
    busy(300, 100_000);
    for (let n = 0; n < 50; n++) {
      busy(20, n % 2 ? 90_000 : 30_000);
      expect(Math.abs(real - linux.date)).toBeLessThan(25);
    }
  });
});

test.each([0, 1, 250, 500, 990, 999])('a Linux that boots again %d ms behind a full second has the date, too', (behind) => {
  const world = new Counter();
  world.boot = { stage: 'ticks', hello: 1, alone: true };
  let real = 1_777_636_800_400;
  const pacer = new Pacer(world, () => real, true);
  pacer.setDate();
  const busy = (milliseconds: number): void => {
    for (const end = real + milliseconds; real < end; ) {
      const count = Math.min(200_000, pacer.begin());
      world.instructions += count;
      real += count / 100_000 + pacer.end();
    }
  };
  for (const fraction of [300, 700, 999, behind]) {
    world.boot = { ...world.boot, stage: 'clock' };
    busy(2000);
    world.run(1, 1, { until: Math.ceil(world.time / 1e9) * 1e9 + fraction * 1e6 });
    real = Math.max(real, 1_777_636_800_000 + world.time / 1e6);
    const hello = world.time;
    const date = Math.floor(1_777_636_800_000 / 1000) * 1000 + hello / 1e6;
    world.boot = { stage: 'no timer', hello, alone: true };
    busy(20);
    world.boot = { stage: 'ticks', hello, alone: true };
    busy(100);
    world.boot = { stage: 'clock', hello, alone: true };
    busy(2500);
    // It took the whole seconds of the date for the date, and goes with the world since then.
    const believed = Math.floor(date / 1000) * 1000 + (world.time - hello) / 1e6;
    expect(Math.abs(real - believed)).toBeLessThan(25);
  }
});

test('a Linux that works is set ahead in small steps, an hour at once', () => {
  const world = new Counter();
  let real = 1_777_636_800_000;
  const pacer = new Pacer(world, () => real, true);
  pacer.setDate();
  const steps = (missing: number): number[] => {
    real += missing;
    const before = world.inputs.length;
    for (let n = 0; n < 500; n++) {
      const count = Math.min(200_000, pacer.begin());
      world.instructions += count;
      real += count / 100_000 + pacer.end();
    }
    expect(real - 1_777_636_800_000 - world.time / 1e6).toBeLessThan(10);
    return world.inputs.slice(before).flatMap((input) => (input.kind === 'clock' ? [input.ahead / 1e6] : []));
  };
  expect(Math.max(...steps(5000))).toBeLessThanOrEqual(25);
  expect(steps(3_600_000)[0]).toBeGreaterThanOrEqual(3_600_000);
});
