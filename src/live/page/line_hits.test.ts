import { beforeEach, describe, expect, it } from 'vitest';
import { clearHits, currentPlace, heat, hitsOf, onCurrent, onHits, publishCurrent, publishHits, shortCount } from './line_hits.ts';
import type { LineNews } from './line_hits.ts';

const HOST = 'docs/host/core.mdx';
const GUEST = 'docs/guest/entry.mdx';

beforeEach(() => clearHits());

describe('line hits', () => {
  it('add up, chapter by chapter', () => {
    publishHits(
      [
        { source: HOST, line: 7, count: 2 },
        { source: GUEST, line: 7, count: 1 },
      ],
      false,
    );
    publishHits(
      [
        { source: HOST, line: 7, count: 3 },
        { source: HOST, line: 8, count: 1 },
      ],
      false,
    );
    expect([...hitsOf(HOST)]).toEqual([
      [7, 5],
      [8, 1],
    ]);
    expect([...hitsOf(GUEST)]).toEqual([[7, 1]]);
  });

  it('tell a chapter only of its own lines, and only of those that changed', () => {
    const heard: LineNews[] = [];
    publishHits([{ source: HOST, line: 1, count: 1 }], false);
    const off = onHits(HOST, (news) => heard.push(news));
    publishHits([{ source: GUEST, line: 2, count: 1 }], false);
    publishHits([{ source: HOST, line: 3, count: 4 }], true);
    off();
    publishHits([{ source: HOST, line: 4, count: 1 }], false);
    expect(heard.map(({ counts, fresh }) => ({ counts: [...counts], fresh }))).toEqual([{ counts: [[3, 4]], fresh: true }]);
  });

  it('go out when a world begins anew', () => {
    const heard: LineNews[] = [];
    publishHits([{ source: HOST, line: 3, count: 4 }], false);
    publishCurrent({ source: HOST, line: 3 });
    const off = onHits(HOST, (news) => heard.push(news));
    clearHits();
    off();
    expect([...heard[0].counts]).toEqual([[3, 0]]);
    expect(hitsOf(HOST).size).toBe(0);
    expect(currentPlace()).toBeNull();
  });

  it('say where the processor stands once, not again for the same line', () => {
    const heard: (number | null)[] = [];
    const off = onCurrent((place) => heard.push(place?.line ?? null));
    publishCurrent({ source: HOST, line: 3 });
    publishCurrent({ source: HOST, line: 3 });
    publishCurrent({ source: HOST, line: 4 });
    publishCurrent(null);
    off();
    expect(heard).toEqual([3, 4, null]);
  });

  it.each([
    [7, '7'],
    [1234, '1,234'],
    [9999, '9,999'],
    [10_000, '10k'],
    [999_999, '999k'],
    [1_250_000, '1.2M'],
    [9_999_999, '9.9M'],
    [12_345_678, '12M'],
    [3e9, '3G'],
  ])('write %i as %s', (count, text) => expect(shortCount(count)).toBe(text));

  it('glow by the logarithm, from nothing to a million', () => {
    const glow = [1, 10, 1000, 1e6, 1e9].map(heat);
    expect(glow).toEqual([...glow].sort((a, b) => a - b));
    expect(heat(0)).toBe(0);
    expect(heat(1e6)).toBe(1);
    expect(heat(1e9)).toBe(1);
  });
});
