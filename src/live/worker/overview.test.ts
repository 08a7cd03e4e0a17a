/** The whole of a run: what is told of it is the same however often its parts were gone through again; and nothing of a future that never came. */
import { describe, expect, it } from 'vitest';
import { namesOf } from '#world';
import type { WorldEvent } from '#world';
import { program } from '../../../scripts/lib/bundles.mjs';
import { OverviewKeeper } from './overview.ts';

/** A run that crosses to the Guest and back every `each` instructions. */
function events(to: number, each: number): WorldEvent[] {
  const all: WorldEvent[] = [];
  for (let at = each; at <= to; at += each) {
    const side = (at / each) % 2 === 1 ? 'guest' : 'host';
    all.push({ kind: 'switch', to: side, seq: all.length, at });
  }
  return all;
}

function keeper(heard: readonly WorldEvent[], end: number): OverviewKeeper {
  const overview = new OverviewKeeper(namesOf(program));
  for (const event of heard) overview.hear(event);
  overview.reach(end);
  return overview;
}

const sum = (lane: Float32Array): number => lane.reduce((all, share) => all + share, 0);

describe('the overview', () => {
  it.each([100, 10_000, 1_000_000])('of %i instructions gives each its world, whatever the pieces are', (end) => {
    const { lanes, width, end: told } = keeper(events(end, end / 20), end).tell([]);
    expect(told).toBe(end);
    expect(lanes[0].length * width).toBeGreaterThanOrEqual(end);
    const [, kernel, , host] = lanes.map((lane) => (sum(lane) * width) / end);
    expect(kernel).toBeCloseTo(0.5, 1);
    expect(host).toBeCloseTo(0.45, 1);
  });

  it('is the same when a part was gone through again', () => {
    const all = events(10_000, 100);
    expect(keeper([...all, ...all.slice(20), ...all.slice(70)], 10_000).tell([])).toEqual(keeper(all, 10_000).tell([]));
  });

  it('loses what lies ahead when the run becomes another one, and goes on from there', () => {
    const all = events(10_000, 100);
    const overview = keeper(all, 10_000);
    overview.cut(5000);
    const before = overview.tell([]);
    expect(before.end).toBe(5000);
    expect(before.lanes[1].length).toBe(Math.ceil(5000 / before.width));
    for (const event of all) overview.hear(event);
    overview.reach(10_000);
    const after = overview.tell([7]);
    expect(after.rungs).toEqual([7]);
    const whole = keeper(all, 10_000).tell([]);
    expect(sum(after.lanes[1])).toBeGreaterThan(sum(whole.lanes[1]) * 0.95);
    expect(sum(after.lanes[1])).toBeLessThanOrEqual(sum(whole.lanes[1]) + 0.001);
  });
});
