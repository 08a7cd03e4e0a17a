/** A worker that is stuck in edited code is noticed, before its Guest is there as well as after; one that only takes long is not. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Report } from '../protocol.ts';
import { Watchdog } from './watchdog.ts';

const edited = { edited: ['H:200'] };
const alive: Report = { type: 'alive' };
const refused: Report = { type: 'refused', problems: [] };
const isFresh: Report = { type: 'fresh' };

function setUp(): { dog: Watchdog; said: string[] } {
  const said: string[] = [];
  const dog = new Watchdog(
    () => said.push('barks'),
    () => said.push('asks'),
  );
  return { dog, said };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('while a Guest is made of edited code', () => {
  test('a worker that never came is waited for: its file may take any time', () => {
    const { dog, said } = setUp();
    dog.make();
    vi.advanceTimersByTime(120_000);
    expect(said).toEqual(['asks']);
  });

  test('one that answers may take as long as it wants', () => {
    const { dog, said } = setUp();
    dog.make();
    for (let second = 0; second < 60; second++) {
      dog.heard(alive, edited);
      vi.advanceTimersByTime(1000);
    }
    expect(said).not.toContain('barks');
    expect(said.length).toBeGreaterThan(50);
  });

  test('one that answered, and does no longer, is stuck', () => {
    const { dog, said } = setUp();
    dog.make();
    dog.heard(alive, edited);
    vi.advanceTimersByTime(20_000);
    expect(said).toEqual(['asks', 'asks', 'barks']);
  });

  test('what the Guest before it still says is no answer, and its silence is none either', () => {
    const { dog, said } = setUp();
    dog.wait();
    dog.make();
    dog.heard(alive, edited);
    dog.wait();
    dog.heard(isFresh, edited);
    vi.advanceTimersByTime(1500);
    dog.heard(alive, edited);
    expect(said).toEqual(['asks', 'asks']);
    vi.advanceTimersByTime(20_000);
    expect(said).toEqual(['asks', 'asks', 'asks', 'barks']);
  });

  test('it is over once it was refused, or the worker was dismissed', () => {
    for (const end of ['refused', 'rest'] as const) {
      const { dog, said } = setUp();
      dog.make();
      dog.heard(alive, edited);
      if (end === 'rest') dog.rest();
      else dog.heard(refused, edited);
      dog.heard(alive, edited);
      vi.advanceTimersByTime(60_000);
      expect(said).toEqual(['asks']);
    }
  });
});

test('a Guest on edited code that says nothing more is stuck; one on the book’s is not waited for', () => {
  const { dog, said } = setUp();
  dog.heard(isFresh, { edited: [] });
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual([]);
  dog.heard(isFresh, edited);
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['barks']);
});
