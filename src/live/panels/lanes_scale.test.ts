/** Lanes true to scale: windows stay within the run, and everything lies where it ran. */
import { describe, expect, test } from 'vitest';
import type { Overview, Stretch } from '../protocol.ts';
import { barsIn, covers, knownOf, LEAST, moved, rulerStep, showing, whole, zoomed } from './lanes_scale.ts';

const stretch = (world: Stretch['world'], at: number, instructions: number): Stretch => ({ world, at, instructions, guest: 0, end: '' });

describe('a window', () => {
  test.each([
    ['closer, around its middle', { from: 0, to: 1000 }, 1000, 0.5, 500, { from: 250, to: 750 }],
    ['closer, around its beginning', { from: 0, to: 1000 }, 1000, 0.1, 0, { from: 0, to: 100 }],
    ['not closer than some instructions', { from: 0, to: 1000 }, 1000, 1e-9, 500, { from: 500 - LEAST / 2, to: 500 + LEAST / 2 }],
    ['farther, to the whole run and no more', { from: 400, to: 600 }, 1000, 100, 500, { from: 0, to: 1000 }],
    ['farther, at the end of the run', { from: 900, to: 1000 }, 1000, 2, 950, { from: 800, to: 1000 }],
  ])('%s', (_what, window, end, times, around, expected) => {
    const { from, to } = zoomed(window, end, times, around);
    expect([from, to].map(Math.round)).toEqual([expected.from, expected.to]);
  });

  test('an instruction stays where it is, however often one goes closer and farther', () => {
    let window = whole(1_000_000);
    for (let n = 0; n < 40; n++) window = zoomed(window, 1_000_000, n % 3 === 2 ? 1.2 : 0.8, 300_000);
    const part = (300_000 - window.from) / (window.to - window.from);
    expect(part).toBeCloseTo(0.3, 6);
  });

  test('moves within the run, and to where something is to be seen', () => {
    expect(moved({ from: 10, to: 110 }, 1000, -50)).toEqual({ from: 0, to: 100 });
    expect(moved({ from: 10, to: 110 }, 1000, 5000)).toEqual({ from: 900, to: 1000 });
    expect(showing({ from: 0, to: 100 }, 1000, 50)).toEqual({ from: 0, to: 100 });
    expect(showing({ from: 0, to: 100 }, 1000, 500)).toEqual({ from: 450, to: 550 });
    expect(whole(3)).toEqual({ from: 0, to: LEAST });
  });
});

const run = [
  stretch('launcher', 100, 0),
  stretch('host', 100, 0),
  stretch('guest-kernel', 100, 300),
  stretch('waker', 400, 0),
  stretch('guest-user', 400, 100),
];

describe('bars', () => {
  test('lie where their stretches ran, at least two pixels wide, cut at the edges', () => {
    const bars = barsIn(run, null, { from: 200, to: 450 }, 250);
    expect(bars.map(({ world, x, width }) => [world, x, width])).toEqual([
      ['guest-kernel', 0, 200],
      ['launcher', 200, 2],
      ['guest-user', 200, 50],
    ]);
  });

  test('of what is only known by shares, show these', () => {
    const lanes = [0, 0.25, 0.5, 0, 0.25].map((share) => Float32Array.from([share, share, share, share, share]));
    const overview: Overview = { end: 500, width: 100, lanes, rungs: [] };
    const bars = barsIn(run, overview, { from: 0, to: 500 }, 500).filter((bar) => bar.stretch === null);
    expect(bars.map(({ world, x, width, share }) => [world, x, width, share])).toEqual([
      ['guest-kernel', 0, 100, 0.25],
      ['switcher', 0, 100, 0.5],
      ['launcher', 0, 100, 0.25],
    ]);
  });

  test('are known from the first to the last', () => {
    expect(knownOf(run)).toEqual({ from: 100, to: 500 });
    expect(covers(knownOf(run), { from: 100, to: 500 }, 500)).toBe(true);
    expect(covers(knownOf(run), { from: 99, to: 200 }, 500)).toBe(false);
    expect(covers(null, { from: 0, to: 1 }, 500)).toBe(false);
  });
});

test.each([
  [{ from: 0, to: 16 }, 900, 2],
  [{ from: 0, to: 1000 }, 900, 100],
  [{ from: 0, to: 5_000_000 }, 900, 500_000],
])('a ruler has round numbers: %j on %i pixels every %i', (window, width, step) => expect(rulerStep(window, width)).toBe(step));
