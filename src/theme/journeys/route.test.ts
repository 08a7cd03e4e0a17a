import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bend, laneOf, sketch } from './route.ts';

describe('the line of a journey', () => {
  test('goes in the lane of whoever is at work; the Launcher’s people go in its lane', () => {
    expect((['guest-user', 'switcher', 'launcher', 'waker', 'io-thread'] as const).map(laneOf)).toEqual([0, 2, 4, 4, 4]);
  });

  test('goes straight where it stays in its lane, and leaves and arrives downwards where it does not', () => {
    expect(bend(10, 10)).toBe('M10 0V100');
    expect(bend(10, 50)).toBe('M10 0C10 58 50 42 50 100');
  });

  test('is drawn small from left to right', () => {
    expect(sketch(['guest-kernel', 'host', 'host'], 100, 40)).toEqual({
      points: [
        [0, 10],
        [50, 30],
        [100, 30],
      ],
      path: 'M0 10C25 10 25 30 50 30H100',
    });
  });
});

describe('what a step tells its reader to look at', () => {
  /** What it may speak of, and the panel where that is seen. */
  const SEEN: readonly (readonly [spoken: RegExp, panel: string])[] = [
    [/\b(E[A-D]X|E[SD]I|E[SBI]P|CR[0-4])\b/, 'registers'],
    [/\blanes\b/, 'lanes'],
    [/\bterminal\b/, 'terminal'],
    [/\bring\b/, 'rings'],
  ];
  const text = readFileSync(new URL('../../../docs/journeys.mdx', import.meta.url), 'utf8');
  const journeys = [...text.matchAll(/<Journey name="(\w+)"[^>]*panels="([^"]*)">(.*?)<\/Journey>/gs)];

  test('all five are read', () => expect(journeys).toHaveLength(5));

  test.each(journeys.map(([, name, panels, steps]) => [name, panels.split(' '), steps] as const))('is open: %s', (_, panels, steps) => {
    const looks = [...steps.matchAll(/ look="([^"]*)"/g)].map(([, look]) => look);
    expect(looks).toHaveLength(10);
    expect(
      looks.flatMap((look) =>
        SEEN.filter(([spoken, panel]) => spoken.test(look) && !panels.includes(panel)).map(([, panel]) => `${panel}: ${look}`),
      ),
    ).toEqual([]);
  });
});
