import { afterEach, expect, test, vi } from 'vitest';
import type * as Progress from './progress.ts';

afterEach(() => vi.unstubAllGlobals());

test('two exercises solved in two tabs are both solved, and so is what a file brings', async () => {
  const stored = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
  const open = async (): Promise<typeof Progress> => {
    vi.resetModules();
    return import('./progress.ts');
  };
  const [one, two] = [await open(), await open()];
  one.keepSolved('first', { answer: '1' });
  two.keepSolved('second', { answer: '2' });
  one.takeInProgress({ third: { at: '2000-01-01T00:00:00Z' }, first: { at: '2000-01-02T00:00:00Z', answer: 'earlier' } });
  two.keepSolved('fourth', {});
  expect(JSON.parse(stored.get('lguest-live-solved') ?? '')).toMatchObject({
    first: { answer: 'earlier' },
    second: { answer: '2' },
    third: {},
    fourth: {},
  });
});
