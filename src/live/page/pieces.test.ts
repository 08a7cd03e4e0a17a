/** Consoles, watchers, and the pace that rises. */
import { describe, expect, it } from 'vitest';
import { Consoles } from './consoles.ts';
import { PACES, readPace, riseAt, writePace } from './pace.ts';
import { Watchers } from './watchers.ts';

describe('a terminal’s text', () => {
  function heard(): { consoles: Consoles; log: string[] } {
    const consoles = new Consoles();
    const log: string[] = [];
    consoles.hear(0, (text, fresh) => log.push(`${fresh ? '!' : '+'}${text}`));
    return { consoles, log };
  }

  it('comes as it is printed, and first all there was', () => {
    const { consoles, log } = heard();
    consoles.print(['one ', 'other']);
    consoles.print(['two']);
    consoles.hear(0, (text, fresh) => log.push(`late ${fresh ? '!' : '+'}${text}`));
    consoles.hear(1, (text) => log.push(text));
    expect(log).toEqual(['+one ', '+two', 'late !one two', 'other']);
  });

  it.each([
    ['the same', 'abc', []],
    ['more', 'abcdef', ['+def']],
    ['less', 'ab', ['!ab']],
    ['something else', 'xyz', ['!xyz']],
    ['nothing', '', ['!']],
  ])('that is told anew from the beginning and is %s: only what must change does', (_what, text, expected) => {
    const { consoles, log } = heard();
    consoles.print(['abc']);
    log.length = 0;
    consoles.print([text], true);
    expect(log).toEqual(expected);
  });

  it('can be cleared', () => {
    const { consoles, log } = heard();
    consoles.clear();
    consoles.print(['abc']);
    consoles.clear();
    expect(log).toEqual(['+abc', '!']);
  });
});

describe('watchers', () => {
  it('tell when the set of what is watched is another one', () => {
    const told: string[] = [];
    const watchers = new Watchers((at) => told.push(at.join(' ')));
    const one = watchers.watch(['registers', 'events']);
    const two = watchers.watch(['registers']);
    one();
    one();
    const three = watchers.watch(['next']);
    two();
    three();
    expect(told).toEqual(['events registers', 'registers', 'next registers', 'next', '']);
  });
});

describe('a pace', () => {
  it('rises from what the eye can follow to no bound at all, in some ten seconds', () => {
    let time = 0;
    let done = 0;
    let step = 0;
    for (; riseAt(step).rate !== null; step++) {
      const { rate, lasts } = riseAt(step);
      if (step > 0) expect(rate).toBe(2 * (riseAt(step - 1).rate ?? 0));
      time += lasts;
      done += ((rate ?? 0) * lasts) / 1000;
    }
    expect(riseAt(0).rate).toBeLessThan(10);
    expect(riseAt(step)).toEqual({ rate: null, lasts: Infinity });
    expect(time).toBeLessThan(10_000);
    expect(done).toBeGreaterThan(1e6);
  });

  it('is remembered in a word', () => {
    for (const [, pace] of PACES) expect(readPace(writePace(pace))).toBe(pace);
    expect(readPace('fast')).toBe('rising');
  });
});
