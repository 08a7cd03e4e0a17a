import { describe, expect, it } from 'vitest';
import { namesOf } from '#world';
import type { ToldEvent } from '#world';
import { LaneKeeper } from './stretches.ts';

const names = namesOf({ hypercalls: { NOTIFY: 17 }, requests: {} });
const toGuest: ToldEvent = { kind: 'switch', to: 'guest' };
const toHost: ToldEvent = { kind: 'switch', to: 'host' };
const trap = (vector: number, cs: number): ToldEvent => ({ kind: 'trap', vector, error: 0, eip: 0xc0100000, cs });

/** Lanes of a story, `world instructions: end` a line. */
function lanes(story: readonly (readonly [at: number, event: ToldEvent])[]): string[] {
  const keeper = new LaneKeeper(names);
  story.forEach(([at, event], seq) => keeper.hear({ ...event, at, seq }));
  return keeper.take().map(({ world, instructions, end }) => `${world} ${instructions}: ${end}`);
}

describe('lanes', () => {
  it('name a stretch of the Guest by the ring it was in and by what ended it', () => {
    const out = lanes([
      [0, toGuest],
      [500, toHost],
      [500, trap(31, 0x61)],
      [500, { kind: 'hypercall', nr: 17, edx: 0, ebx: 0, ecx: 0, eip: 0 }],
      [500, toGuest],
    ]);
    expect(out).toContain('guest-kernel 500: NOTIFY');
  });

  it('tell the user’s ring from the kernel’s', () => {
    const out = lanes([
      [0, toGuest],
      [90, toHost],
      [90, trap(14, 0x73)],
      [90, toGuest],
    ]);
    expect(out).toContain('guest-user 90: page fault');
  });

  it('cross by the Switcher both ways', () => {
    const worlds = lanes([
      [0, toGuest],
      [10, toHost],
      [10, trap(31, 0x61)],
      [10, toGuest],
      [20, toHost],
    ]).map((line) => line.split(' ')[0]);
    expect(worlds.filter((world) => world === 'switcher').length).toBe(4);
  });

  it('say whose turn it was, where there are two Guests, and a copy goes on the same', () => {
    const task = (what: 'create' | 'run', id: number): ToldEvent => ({ kind: 'task', what, task: id, program: 'launcher' });
    const story: ToldEvent[] = [
      task('create', 3),
      task('create', 7),
      task('run', 3),
      toGuest,
      toHost,
      trap(31, 0x61),
      task('run', 7),
      toGuest,
      toHost,
      trap(31, 0x61),
      task('run', 3),
      toGuest,
      toHost,
    ];
    const keeper = new LaneKeeper(names);
    const guests = (one: LaneKeeper): string =>
      one
        .take()
        .filter(({ world }) => world.startsWith('guest'))
        .map(({ guest, at }) => `G${guest + 1} at ${at}`)
        .join(', ');
    let copy = keeper;
    story.forEach((event, seq) => {
      if (seq === 8) copy = keeper.copy(100);
      for (const one of new Set([keeper, copy])) one.hear({ ...event, at: 10 * seq, seq });
    });
    expect(guests(keeper)).toBe('G1 at 30, G2 at 70, G1 at 110');
    expect(guests(copy)).toBe('G1 at 30, G2 at 70, G1 at 110');
  });
});
