import { describe, expect, it } from 'vitest';
import { Ladder } from './ladder.ts';

interface Rung {
  readonly instructions: number;
}

function ladder(most: number): { rungs: Ladder<Rung>; dropped: number[] } {
  const dropped: number[] = [];
  return { rungs: new Ladder<Rung>(most, ({ instructions }) => dropped.push(instructions)), dropped };
}

describe('a ladder of checkpoints', () => {
  it('keeps its number, the first and the last, and hands back each that it gives up, once', () => {
    const { rungs, dropped } = ladder(10);
    for (let at = 100; at <= 10_000; at += 100) rungs.add({ instructions: at });
    expect(rungs.length).toBe(10);
    expect([rungs.places[0], rungs.places.at(-1)]).toEqual([100, 10_000]);
    expect([...dropped, ...rungs.places].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => 100 * (i + 1)));
  });

  it('is close near the present and wide in the past: no gap is much larger than a share of its age', () => {
    const { rungs } = ladder(24);
    const now = 100_000;
    for (let at = 0; at <= now; at += 100) rungs.add({ instructions: at });
    const { places } = rungs;
    expect(now - places[places.length - 2]).toBeLessThanOrEqual(200);
    for (let i = 1; i < places.length; i++)
      expect(places[i] - places[i - 1]).toBeLessThanOrEqual(Math.max(200, 0.6 * (now - places[i - 1])));
  });

  it('finds the highest rung at or below a place, and forgets a future', () => {
    const { rungs, dropped } = ladder(10);
    for (const at of [10, 20, 30]) rungs.add({ instructions: at });
    expect([5, 10, 29, 30, 99].map((at) => rungs.below(at)?.instructions)).toEqual([undefined, 10, 20, 30, 30]);
    rungs.cut(20);
    expect(rungs.places).toEqual([10, 20]);
    expect(dropped).toEqual([30]);
    rungs.clear();
    expect(rungs.last).toBeNull();
    expect(rungs.thin()).toBe(false);
  });
});
