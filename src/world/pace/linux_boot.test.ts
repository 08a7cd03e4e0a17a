/** A Linux that boots on a world that is paced: what it takes for the date, and what the date is. */
import { describe, expect, test } from 'vitest';
import { Pacer } from './pacer.ts';
import { Counter } from './testing/counter.ts';

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
    world.boot = { stage: 'ticks', hello: 1, alone: true, shown: null };
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
    world.boot = { stage: 'clock', hello: 1, alone: true, shown: null };
    busy(300, 100_000);
    for (let n = 0; n < 50; n++) {
      busy(20, n % 2 ? 90_000 : 30_000);
      expect(Math.abs(real - linux.date)).toBeLessThan(25);
    }
  });
});

test.each([0, 1, 250, 500, 990, 999])('a Linux that boots again %d ms behind a full second has the date, too', (behind) => {
  const world = new Counter();
  world.boot = { stage: 'ticks', hello: 1, alone: true, shown: null };
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
    world.boot = { stage: 'no timer', hello, alone: true, shown: null };
    busy(20);
    world.boot = { stage: 'ticks', hello, alone: true, shown: null };
    busy(100);
    world.boot = { stage: 'clock', hello, alone: true, shown: null };
    busy(2500);
    // It took the whole seconds of the date for the date, and goes with the world since then.
    const believed = Math.floor(date / 1000) * 1000 + (world.time - hello) / 1e6;
    expect(Math.abs(real - believed)).toBeLessThan(25);
  }
});

describe('a Linux that works has two clocks, one of which shows the time of its last interrupt', () => {
  const TICK = 10e6;
  /** Linux takes neither for a clock any more when it finds them so far apart (2.6.25, the clock sources' watchdog: a sixteenth of a second). */
  const TOO_FAR = 62.5e6;

  class Busy {
    readonly world = new Counter();
    real = 1_777_636_800_000;
    readonly pacer = new Pacer(this.world, () => this.real, true);
    /** Instructions at a stretch for which it hears no interrupt. */
    deaf = 0;
    #due = TICK;
    #shown = 0;
    #deafUntil = 0;
    furthestApart = 0;

    constructor() {
      this.pacer.setDate();
      this.#say();
    }

    #say(): void {
      this.world.boot = { stage: 'clock', hello: 0, alone: true, shown: this.#shown };
    }

    /** It runs on, and takes the ticks that are due as soon as it hears them. */
    run(count: number): boolean {
      const { world } = this;
      for (const end = world.instructions + count; ; ) {
        this.furthestApart = Math.max(this.furthestApart, world.time - this.#shown);
        if (this.#due <= world.time && world.instructions >= this.#deafUntil) {
          this.#shown = world.time;
          this.#due = world.time + TICK;
          this.#deafUntil = world.instructions + this.deaf;
          this.#say();
        }
        if (world.instructions === end) return true;
        const step = Math.min(500, end - world.instructions);
        world.instructions += step;
        this.real += step / 100_000;
      }
    }

    works(milliseconds: number): this {
      for (const end = this.real + milliseconds; this.real < end; ) {
        this.run(Math.min(200_000, this.pacer.begin()));
        this.real += this.pacer.end();
      }
      return this;
    }

    /** Milliseconds that it is behind when somebody asks it for the time; and what answering took. */
    asked(): { behind: number; took: number } {
      const before = this.real;
      this.pacer.catchUp((count) => this.run(count));
      return { behind: this.pacer.until / 1e6 - this.world.time / 1e6, took: this.real - before };
    }
  }

  // What the processor was somebody else's for, in ms; instructions for which Linux hears nothing at a stretch.
  test.each([
    [5, 0],
    [100, 0],
    [859, 0],
    [5000, 0],
    [859, 3000],
    [859, 20_000],
  ])('after %d ms in which it stood still it is right when it is asked, and finds them together; deaf for %d', (stall, deaf) => {
    const linux = new Busy();
    linux.deaf = deaf;
    linux.works(200);
    for (let n = 0; n < 10; n++) {
      linux.real += stall;
      const { behind, took } = linux.asked();
      expect(behind).toBeLessThan(10);
      expect(took).toBeLessThan(5 + stall * (0.001 + deaf / 3_000_000));
      linux.works(30);
    }
    expect(linux.furthestApart).toBeLessThan(TOO_FAR);
  });

  test('one that never hears an interrupt is set ahead all the same', () => {
    const linux = new Busy();
    linux.deaf = Infinity;
    linux.works(200);
    linux.real += 300;
    linux.works(500);
    expect(linux.asked().behind).toBeLessThan(50);
  });

  test('one whose program runs is right at once: the interrupt comes first', () => {
    const linux = new Busy();
    linux.works(200);
    linux.real += 859;
    linux.world.worldName = 'guest-user';
    expect(linux.asked()).toEqual({ behind: expect.closeTo(0, 0), took: 0 });
    linux.world.boot = { ...linux.world.boot, alone: false };
    linux.real += 859;
    expect(linux.asked().took).toBeGreaterThan(0);
  });

  test('whoever slept for an hour is right at once', () => {
    const linux = new Busy();
    linux.works(200);
    linux.real += 3_600_000;
    expect(linux.asked()).toEqual({ behind: expect.closeTo(0, 0), took: 0 });
  });
});
