import { describe, expect, it } from 'vitest';
import { countersOf } from './counters.ts';
import type { LineCounters } from './counters.ts';

/** Counters of two files, the first with a number to spare, as instrumented code uses them, and what was taken out of them. */
function setUp(): { lines: LineCounters; hit: (n: number) => void; drained: () => string[] } {
  const { lines, hit: count } = countersOf();
  lines.register(4, ['docs/c.mdx'], [0, 3]);
  lines.register(0, ['docs/a.mdx', 'docs/b.mdx'], [0, 10, 1, 7, 0, 12]);
  lines.start(0);
  const hit = (n: number): void => count(n < 3 ? n : n + 1);
  const drained = (): string[] => {
    const out: string[] = [];
    lines.drain(({ source, line }, count) => out.push(`${source}:${line} ${count}`));
    return out;
  };
  return { lines, hit, drained };
}

describe('line counters', () => {
  it('know the places of all files, in the order of their numbers', () => {
    const { lines } = setUp();
    expect(lines.positions.map(({ source, line }) => `${source}:${line}`)).toEqual([
      'docs/a.mdx:10',
      'docs/b.mdx:7',
      'docs/a.mdx:12',
      'docs/c.mdx:3',
    ]);
  });

  it('hand over what was hit, in the order of the places, and begin anew', () => {
    const { hit, drained } = setUp();
    for (const n of [3, 1, 3, 1, 3]) hit(n);
    expect(drained()).toEqual(['docs/b.mdx:7 2', 'docs/c.mdx:3 3']);
    expect(drained()).toEqual([]);
    hit(1);
    expect(drained()).toEqual(['docs/b.mdx:7 1']);
  });

  it('count, and let time pass, only while somebody listens', () => {
    const { lines, hit, drained } = setUp();
    hit(0);
    expect(lines.stop()).toBe(1);
    for (let i = 0; i < 5; i++) hit(i % 4);
    lines.start(1);
    hit(2);
    hit(0);
    expect(lines.stop()).toBe(3);
    hit(1);
    expect(drained()).toEqual(['docs/a.mdx:10 2', 'docs/a.mdx:12 1']);
  });

  it('tell who wants to hear of a line that it is about to run: of these, of all, from a clock on, and only while somebody listens', () => {
    const { lines, hit, drained } = setUp();
    const heard: string[] = [];
    const hears = ({ source, line }: { source: string; line: number }): void => {
      heard.push(`${source}:${line} ${lines.clock}`);
      if (lines.clock === 6) throw new Error('enough');
    };
    lines.watch(hears, [
      { source: 'docs/c.mdx', line: 3 },
      { source: 'docs/a.mdx', line: 10 },
      { source: 'docs/nowhere.mdx', line: 1 },
    ]);
    for (const n of [0, 1, 2]) hit(n);
    const clock = lines.stop();
    hit(0);
    lines.start(clock);
    hit(3);
    lines.watch(hears, [], 0);
    hit(0);
    lines.watch(hears, null, 6);
    hit(1);
    expect(() => hit(2)).toThrow('enough');
    expect(lines.clock).toBe(6);
    lines.watch(null);
    hit(2);
    expect(heard).toEqual(['docs/a.mdx:10 0', 'docs/c.mdx:3 3', 'docs/a.mdx:12 6']);
    // What was ended did not run.
    expect(drained()).toEqual(['docs/a.mdx:10 2', 'docs/b.mdx:7 2', 'docs/a.mdx:12 2', 'docs/c.mdx:3 1']);
  });

  it('do without a clock until it is set again, where nobody looks at it', () => {
    const { lines, hit, drained } = setUp();
    lines.hurry();
    hit(0);
    expect(lines.clock).toBeNaN();
    lines.clock = 5;
    hit(1);
    expect(lines.clock).toBe(6);
    for (const looked of [{ exact: true }, { exact: false }]) {
      Object.assign(lines, looked);
      if (!looked.exact) lines.watch(() => {}, [{ source: 'docs/b.mdx', line: 7 }]);
      lines.hurry();
      for (const n of [1, 2, 1]) hit(n);
      expect(lines.clock).toBe(3);
    }
    expect(lines.stop()).toBe(3);
    expect(drained()).toEqual(['docs/a.mdx:10 1', 'docs/b.mdx:7 5', 'docs/a.mdx:12 2']);
  });

  it('refuse more places than they have room for', () => {
    expect(() => setUp().lines.register(8, ['docs/a.mdx'], Array<number>(40_000).fill(0))).toThrow(RangeError);
  });
});
