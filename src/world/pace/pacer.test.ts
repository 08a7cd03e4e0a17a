/** Two clocks in a play: the outside's, and a world's whose processor is now fast and now slow, now busy and now not. */
import { describe, expect, test } from 'vitest';
import { Dice, effort, seedOf } from '#testing';
import { Pacer } from './pacer.ts';
import { Counter } from './testing/counter.ts';
import { steadyClock } from './steady_clock.ts';

const SLICE_MS = 5;

class Play {
  readonly world = new Counter();
  real = 1000;
  readonly #pacer = new Pacer(this.world, () => this.real);
  readonly #start = this.real;
  #slice = 200_000;
  #before = 0;
  /** Milliseconds: how far the world's clock was from the outside's. */
  furthestAhead = 0;
  furthestBehind = 0;
  slept = 0;

  /** The processor is busy for so long, at so many instructions a millisecond. */
  busy(milliseconds: number, speed: number): this {
    for (const end = this.real + milliseconds; this.real < end; ) {
      const count = Math.min(this.#slice, this.#pacer.begin());
      this.world.instructions += count;
      this.real += count / speed;
      this.#look();
      if (count === this.#slice) this.#slice = Math.max(1000, Math.round(this.#slice * Math.min(4, SLICE_MS / (count / speed))));
      const wait = this.#pacer.end();
      this.#look();
      this.real += wait;
      this.slept += wait;
    }
    return this;
  }

  /** Nobody has anything to do for so long. */
  idle(milliseconds: number): this {
    this.real += milliseconds;
    this.#pacer.begin();
    this.world.wait(this.#pacer.until);
    this.#pacer.end();
    this.#look();
    return this;
  }

  /** Everybody waits for a time, and the computer wakes up when it is past. */
  late(milliseconds: number, lateness: number): this {
    const due = this.world.time + milliseconds * 1e6;
    this.real += milliseconds + lateness;
    this.#pacer.wake(due);
    this.world.wait(Math.min(this.#pacer.until, due));
    this.#look();
    return this;
  }

  /** The whole computer stands still. */
  sleep(milliseconds: number): this {
    this.real += milliseconds;
    return this;
  }

  forget(): this {
    this.furthestAhead = 0;
    this.furthestBehind = 0;
    return this;
  }

  #look(): void {
    const { time } = this.world;
    expect(time, 'the clock goes back').toBeGreaterThanOrEqual(this.#before);
    this.#before = time;
    const behind = this.real - this.#start - time / 1e6;
    this.furthestBehind = Math.max(this.furthestBehind, behind);
    this.furthestAhead = Math.max(this.furthestAhead, -behind);
  }
}

describe('a world’s clock goes with the outside’s', () => {
  // Instructions a millisecond: the world's own clock takes 100,000 for granted.
  test.each<[string, (play: Play) => Play]>([
    ['at its own speed', (play) => play.busy(3000, 100_000)],
    ['on a slow processor', (play) => play.busy(3000, 5000)],
    ['on a very slow one', (play) => play.busy(500, 500).forget().busy(3000, 500)],
    ['on a fast processor', (play) => play.busy(3000, 1_000_000)],
    ['on one that slows down', (play) => play.busy(1000, 500_000).busy(1000, 50_000).busy(1000, 5000)],
    ['on one that gets faster', (play) => play.busy(1000, 5000).busy(1000, 50_000).busy(1000, 500_000)],
    [
      'on one that cannot make up its mind',
      (play) => Array.from({ length: 100 }, (_, i) => i).reduce((on, i) => on.busy(7, i % 2 ? 60_000 : 400_000), play),
    ],
    ['while nobody has anything to do', (play) => play.idle(5000)],
    [
      'while there is something to do now and then',
      (play) => Array.from({ length: 100 }, (_, i) => i).reduce((on, i) => on.idle(13).busy(9, i % 3 ? 80_000 : 10_000), play),
    ],
  ])('%s', (_, act) => {
    const { furthestAhead, furthestBehind, world, real } = act(new Play());
    expect(furthestAhead).toBeLessThanOrEqual(10);
    expect(furthestBehind).toBeLessThanOrEqual(50);
    // An input now and then, not one a slice.
    expect(world.inputs.length).toBeLessThan(20 + (real - 1000) / 14);
  });

  test.each(Array.from({ length: 20 * effort() }, (_, i) => i))('whatever happens, run %i', (run) => {
    const dice = new Dice(seedOf(`pace ${run}`));
    const play = new Play();
    for (let n = 0; n < 100; n++) {
      if (dice.oneIn(3)) play.idle(dice.below(100));
      else play.busy(1 + dice.below(60), 1000 << dice.below(10));
    }
    expect(play.furthestAhead).toBeLessThanOrEqual(10);
  });

  test('a fast one is not held up: its clock goes more slowly', () => {
    const play = new Play().busy(1000, 100_000).busy(5000, 1_000_000);
    expect(play.slept).toBeLessThan(100);
    expect(play.world.instructions).toBeGreaterThan(4.8e9);
  });

  test('a steady one is left alone but for a step now and then', () => {
    const play = new Play().busy(2000, 80_000);
    const before = play.world.inputs.length;
    play.forget().busy(10_000, 80_000);
    expect(play.furthestBehind).toBeLessThan(15);
    expect(play.world.inputs.length - before).toBeLessThan(130);
  });

  test('a computer that slept wakes up late, and is right at once', () => {
    const play = new Play().busy(100, 100_000).sleep(3_600_000).busy(10, 100_000).forget().busy(1000, 100_000);
    expect(play.furthestBehind).toBeLessThan(15);
    expect(play.world.time / 1e6).toBeGreaterThan(3_600_000);
  });

  test.each([0, 1, 3, 5, 50, 3_000_000])(
    'a computer that wakes up %d ms too late: it is as late in the world when somebody looks',
    (lateness) => {
      const play = new Play().busy(100, 100_000).forget().late(1000, lateness);
      expect(play.furthestBehind).toBeLessThan(8);
      expect(play.world.inputs.filter(({ kind }) => kind === 'clock').length).toBeLessThan(10);
    },
  );

  test('while a past comes again, nothing is changed', () => {
    const play = new Play();
    play.world.inputsAhead = 1;
    play.busy(1000, 1000);
    expect(play.world.inputs).toEqual([]);
    play.world.inputsAhead = 0;
    play.busy(100, 1000).forget().busy(1000, 1000);
    expect(play.furthestBehind).toBeLessThan(50);
  });
});

test('the date is told to the nanosecond, in two whole numbers', () => {
  const world = new Counter();
  new Pacer(world, () => 1_777_636_800_123.5).setDate();
  expect(world.inputs).toEqual([{ kind: 'date', sec: 1_777_636_800, nsec: 123_500_000 }]);
});

describe('a clock made of two', () => {
  /** What it shows as both go on: [steady, wall] in ms. */
  const show = (...readings: [steady: number, wall: number][]): number[] => {
    let [steady, wall] = [0, 1e6];
    const clock = steadyClock(
      () => steady,
      () => wall,
    );
    return readings.map(([to, date]) => {
      [steady, wall] = [to, 1e6 + date];
      return Math.round(clock() - 1e6);
    });
  };

  test.each<[string, [number, number][], number[]]>([
    [
      'that agree',
      [
        [10, 10],
        [1000, 1000],
      ],
      [10, 1000],
    ],
    [
      'where the wall’s shows whole milliseconds late',
      [
        [10, 9],
        [20, 22],
      ],
      [10, 20],
    ],
    [
      'one of which stopped while the computer slept',
      [
        [10, 10],
        [20, 3_600_020],
        [30, 3_600_030],
      ],
      [10, 3_600_020, 3_600_030],
    ],
    [
      'one of which was set ahead',
      [
        [10, 60_000],
        [20, 60_010],
      ],
      [60_000, 60_010],
    ],
    [
      'one of which was set back a little: it goes more slowly',
      [
        [100, 0],
        [200, 100],
        [400, 300],
        [500, 400],
        [600, 500],
      ],
      [80, 160, 320, 400, 500],
    ],
    [
      'one of which was set back an hour: it is not followed',
      [
        [1000, -3_600_000],
        [2000, -3_599_000],
        [3000, -3_598_000],
      ],
      [1000, 2000, 3000],
    ],
  ])('%s', (_, readings, shown) => expect(show(...readings)).toEqual(shown));

  test('never goes back', () => {
    const dice = new Dice(seedOf('clocks'));
    let [steady, off] = [0, 0];
    const clock = steadyClock(
      () => steady,
      () => steady + off,
    );
    let before = clock();
    for (let n = 0; n < 10_000; n++) {
      steady += dice.below(50);
      if (dice.oneIn(20)) off += dice.below(2000) - 1000;
      const now = clock();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });
});
