import { describe, expect, it } from 'vitest';
import { Ladder } from './ladder.ts';
import type { Place } from './place.ts';

interface Rung {
  readonly place: Place;
}

const rung = (at: number, line = 0): Rung => ({ place: { at, step: 0, time: 0, line } });
const placesOf = (rungs: Ladder<Rung>): number[] => rungs.rungs.map(({ place }) => place.at);

function ladder(most: number): { rungs: Ladder<Rung>; dropped: number[] } {
  const dropped: number[] = [];
  return { rungs: new Ladder<Rung>(most, ({ place }) => dropped.push(place.at)), dropped };
}

describe('a ladder of checkpoints', () => {
  it('keeps its number, the first and the last, and hands back each that it gives up, once', () => {
    const { rungs, dropped } = ladder(10);
    for (let at = 100; at <= 10_000; at += 100) rungs.add(rung(at));
    expect(rungs.length).toBe(10);
    expect([rungs.rungs[0].place.at, rungs.last?.place.at]).toEqual([100, 10_000]);
    expect([...dropped, ...placesOf(rungs)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => 100 * (i + 1)));
  });

  it('is close near the present and wide in the past: no gap is much larger than a share of its age', () => {
    const { rungs } = ladder(24);
    const now = 100_000;
    for (let at = 0; at <= now; at += 100) rungs.add(rung(at));
    const places = placesOf(rungs);
    expect(now - places[places.length - 2]).toBeLessThanOrEqual(200);
    for (let i = 1; i < places.length; i++)
      expect(places[i] - places[i - 1]).toBeLessThanOrEqual(Math.max(200, 0.6 * (now - places[i - 1])));
  });

  it('finds the furthest rung at or before a place, and forgets a future', () => {
    const { rungs, dropped } = ladder(10);
    for (const at of [10, 20, 30]) rungs.add(rung(at, 5));
    expect([5, 10, 29, 30, 99].map((at) => rungs.belowCount(at)?.place.at)).toEqual([undefined, 10, 20, 30, 30]);
    expect([rung(10, 4), rung(10, 5), rung(30, 4), rung(30, 6)].map(({ place }) => rungs.below(place)?.place.at)).toEqual([
      undefined,
      10,
      20,
      30,
    ]);
    rungs.cut(rung(20, 5).place);
    expect(placesOf(rungs)).toEqual([10, 20]);
    expect(dropped).toEqual([30]);
    rungs.clear();
    expect(rungs.last).toBeNull();
    expect(rungs.thin()).toBe(false);
  });

  it('takes rungs in any order, and of two at one place the later', () => {
    const { rungs, dropped } = ladder(10);
    for (const at of [30, 10, 20, 10]) rungs.add(rung(at));
    expect(placesOf(rungs)).toEqual([10, 20, 30]);
    expect(dropped).toEqual([10]);
  });
});
