import { describe, expect, it } from 'vitest';
import type { Stretch } from '../protocol.ts';
import { LANES } from '../worlds.ts';
import { GAP, laneHeight, layOut, lengthOf, startOf, widthOf } from './lanes_geometry.ts';

const stretch = (world: Stretch['world'], instructions: number, guest = 0): Stretch => ({ world, guest, at: 0, instructions, end: '' });

describe('lanes', () => {
  it('grow with the logarithm: four times as long is ten pixels more, a crossing is always three', () => {
    expect([4, 16, 64, 256].map((n) => widthOf(stretch('host', n * 1e6)))).toEqual([105, 115, 125, 135]);
    expect(widthOf(stretch('host', 0))).toBe(5);
    expect(widthOf(stretch('switcher', 26))).toBe(3);
  });

  it('end at the right when they are full, and begin at the left until then', () => {
    const short = layOut([stretch('host', 0), stretch('launcher', 0)], 100, 1);
    expect(short.map(({ x, width }) => [x, width])).toEqual([
      [5, 5],
      [0, 5],
    ]);
    const many = layOut(
      Array.from({ length: 50 }, () => stretch('host', 0)),
      100,
      1,
    );
    expect([many.length, many[0].x + many[0].width, many.at(-1)?.x]).toEqual([20, 100, 0]);
  });

  it('show any part of the run: what is seen is where it was, moved by as much as is out of sight', () => {
    const all = Array.from({ length: 60 }, (_, at) => ({ ...stretch('host', 0), at }));
    expect([lengthOf(all), startOf(all, 0), startOf(all, 31)]).toEqual([300, 0, 155]);
    for (const left of [0, 3, 155, 200]) {
      const seen = layOut(all, 100, 1, left);
      expect(seen.map(({ x }) => x)).toEqual(seen.map(({ stretch: { at } }) => startOf(all, at) - left));
      expect([Math.min(...seen.map(({ x }) => x)) <= 0, Math.max(...seen.map(({ x }) => x)) >= 95]).toEqual([true, true]);
    }
  });

  it('are in the order of the worlds; Waker and I/O thread share the Launcher’s', () => {
    const [waker, io, ...rest] = layOut([...LANES.map((world) => stretch(world, 0)), stretch('io-thread', 0), stretch('waker', 0)], 500, 1);
    expect(rest.map(({ y }) => y)).toEqual(LANES.map((_, n) => n * (laneHeight(1) + GAP)).reverse());
    expect([waker.y, io.y]).toEqual([rest[0].y, rest[0].y]);
  });

  it.each([1, 2, 6])('give each of %i Guests a track that can be seen, and none runs into another', (guests) => {
    const boxes = layOut(
      LANES.flatMap((world) => Array.from({ length: guests }, (_, guest) => stretch(world, 100, guest))),
      5000,
      guests,
    );
    const tracks = boxes.map(({ y, height }) => [y, y + height]).sort(([a], [b]) => a - b);
    for (const [top, bottom] of tracks) expect(bottom - top).toBeGreaterThanOrEqual(8);
    for (let i = 1; i < tracks.length; i++) expect(tracks[i][0]).toBeGreaterThanOrEqual(tracks[i - 1][1]);
  });
});
