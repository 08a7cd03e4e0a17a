import { describe, expect, it } from 'vitest';
import { LineCounters } from './counters.ts';

/** Counters of two files, and what was taken out of them. */
function setUp(): { lines: LineCounters; first: number; second: number; drained: () => string[] } {
  const lines = new LineCounters();
  const first = lines.register(['docs/a.mdx', 'docs/b.mdx'], [0, 10, 1, 7, 0, 12]);
  const second = lines.register(['docs/c.mdx'], [0, 3]);
  lines.listening = true;
  const drained = (): string[] => {
    const out: string[] = [];
    lines.drain(({ source, line }, count) => out.push(`${source}:${line} ${count}`));
    return out;
  };
  return { lines, first, second, drained };
}

describe('line counters', () => {
  it('know the places of all files, in the order in which they were registered', () => {
    const { lines, first, second } = setUp();
    expect([first, second]).toEqual([0, 3]);
    expect(lines.positions.map(({ source, line }) => `${source}:${line}`)).toEqual([
      'docs/a.mdx:10',
      'docs/b.mdx:7',
      'docs/a.mdx:12',
      'docs/c.mdx:3',
    ]);
  });

  it('hand over what was hit, in the order of the first hits, and begin anew', () => {
    const { lines, second, drained } = setUp();
    for (const n of [second, 1, second, 1, second]) lines.hit(n);
    expect(drained()).toEqual(['docs/c.mdx:3 3', 'docs/b.mdx:7 2']);
    expect(drained()).toEqual([]);
    lines.hit(1);
    expect(drained()).toEqual(['docs/b.mdx:7 1']);
  });

  it('count only while somebody listens', () => {
    const { lines, drained } = setUp();
    lines.hit(0);
    lines.listening = false;
    for (let i = 0; i < 5; i++) lines.hit(i % 4);
    lines.listening = true;
    lines.hit(2);
    expect(drained()).toEqual(['docs/a.mdx:10 1', 'docs/a.mdx:12 1']);
  });

  it('refuse more places than they have room for', () => {
    expect(() => setUp().lines.register(['docs/a.mdx'], Array<number>(40_000).fill(0))).toThrow(RangeError);
  });
});
