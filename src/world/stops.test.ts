/**
 * Stops inside a run, each against a world that is looked at after every single instruction, or every few: they come where the condition is true, each time it is, and nowhere else.
 */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { TOP } from '../../scripts/lib/paths.mjs';
import { base, program } from '../../scripts/lib/bundles.mjs';
import { sceneBundles } from '../../scripts/lib/scenes.mjs';
import type { Hit, SceneBundle, Stops, World as AnyWorld } from './index.ts';

const { World } = base;
const bundles = sceneBundles().filter(({ name }) => ['interrupts', 'page_tables', 'virtio_console', 'switcher'].includes(name));
const make = (bundle: SceneBundle): AnyWorld => World.fromScene(bundle, { program, keepEvents: false });

/** Runs to so many instructions, from stop to stop; the counts of the stops. */
function stopsUpTo(world: AnyWorld, end: number, conditions: Omit<Stops, 'since'>): number[] {
  const counts: number[] = [];
  while (world.instructions < end) {
    const stop = world.run(end - world.instructions, Infinity, { stop: { ...conditions, since: world.place() } });
    if (stop.reason === 'stop') counts.push(stop.hit.place.at);
    else if (stop.reason !== 'limit') break;
  }
  return counts;
}

const STEPS = 1500;

test('while the Host is TypeScript, the processor stands at the HLT that it waits behind', () => {
  const world = make(bundles[0]);
  const texts = new Set<string>();
  const look = (): void => {
    const place = world.currentLine();
    if (world.worldName !== 'host' || place === null) return;
    const [before, text] = readFileSync(`${TOP}/${place.source}`, 'utf8')
      .split('\n')
      .slice(place.line - 2);
    texts.add(before === 'timer_interrupt:' ? before : text.trim());
  };
  look();
  expect([...texts]).toEqual(['hlt']);
  for (let n = 0; n < STEPS && world.run(1).reason === 'limit'; n++) look();
  expect([...texts].sort()).toEqual(['hlt', 'lcall	*(%ecx)']);
});

describe.each(bundles)('the Guest of $name', (bundle) => {
  test('stops at instructions of given addresses', () => {
    const slow = make(bundle);
    slow.run(300);
    const seen = new Map<number, number[]>();
    let last = -1;
    for (let n = 0; n < STEPS && slow.run(1).reason === 'limit'; n++) {
      if (!slow.worldName.startsWith('guest')) {
        last = -1;
        continue;
      }
      const { eip } = slow.look(['registers']).registers ?? { eip: 0 };
      // An instruction with a repeat prefix retires once for each time, and begins once.
      if (eip !== last) seen.set(eip, [...(seen.get(eip) ?? []), slow.instructions]);
      last = eip;
    }
    const often = [...seen].sort(([, a], [, b]) => b.length - a.length);
    for (const addresses of [[often[0][0]], [often[Math.floor(often.length / 2)][0]], often.slice(0, 3).map(([eip]) => eip)]) {
      const world = make(bundle);
      world.run(300);
      const expected = [...new Set(addresses.flatMap((eip) => seen.get(eip) ?? []))]
        .filter((at) => at < slow.instructions)
        .sort((a, b) => a - b);
      const met = [...new Set(stopsUpTo(world, slow.instructions, { addresses }))];
      expect(met).toEqual(expected);
    }
  });

  test('stops behind whoever writes to watched memory', () => {
    const slow = make(bundle);
    slow.run(300);
    const memories: { at: number; word: (physical: number) => number }[] = [];
    for (let n = 0; n < 25; n++) {
      const { pages, contents } = slow.snapshot().machine;
      const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
      const at = slow.instructions;
      memories.push({
        at,
        word(physical) {
          const index = pages.indexOf(physical >>> 12);
          return index < 0 ? 0 : view.getUint32(index * 4096 + (physical & 0xffc), true);
        },
      });
      slow.run(40);
    }
    // A word that changes, and not only once: looked for where anything does.
    const { pages } = slow.snapshot().machine;
    const changes = (physical: number): number[] =>
      memories.flatMap(({ at, word }, n) => (n > 0 && memories[n - 1].word(physical) !== word(physical) ? [at] : []));
    let watched = 0;
    for (const page of pages) {
      for (let offset = 0; offset < 4096 && watched === 0; offset += 4)
        if (memories[0].word(page * 4096 + offset) !== memories[24].word(page * 4096 + offset) && changes(page * 4096 + offset).length > 1)
          watched = page * 4096 + offset;
    }
    expect(watched).toBeGreaterThan(0);
    const data = [{ physical: watched, length: 4, reads: false, writes: true }];
    const world = make(bundle);
    world.run(300);
    const counts = stopsUpTo(world, memories[24].at, { data });
    for (const change of changes(watched)) expect(counts.some((at) => at >= change - 40 && at <= change)).toBe(true);
    // Whether one stops for it or only notes it, it is the same.
    const notes: Hit[] = [];
    const other = make(bundle);
    other.run(300);
    while (other.instructions < memories[24].at)
      other.run(memories[24].at - other.instructions, Infinity, { stop: { since: other.place(), data, notes: (hit) => notes.push(hit) } });
    expect([...new Set(notes.map(({ place }) => place.at))]).toEqual([...new Set(counts)]);
    expect(other.stateHash()).toBe(world.stateHash());
  });
});
