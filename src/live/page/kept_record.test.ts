import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Edits from './edits.ts';
import { keptRecord } from './kept_record.ts';
import type { KeptRecord } from './kept_record.ts';

const NAME = 'lguest-live-words';
let stored: Map<string, string>;
let page: EventTarget;

beforeEach(() => {
  stored = new Map();
  page = new EventTarget();
  vi.stubGlobal('window', page);
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A tab's own, over the storage that all share. */
const tab = (): KeptRecord<string> => keptRecord('words', (told) => told as Record<string, string>);

/** What a browser tells the other tabs. */
const tell = (key: string | null): boolean => page.dispatchEvent(Object.assign(new Event('storage'), { key }));

const inStorage = (): unknown => JSON.parse(stored.get(NAME) ?? 'null');

test('two tabs change a name each, and neither takes what the other has kept', () => {
  tab().change({ a: '1', b: '2' });
  const [one, two] = [tab(), tab()];
  expect([one.all(), two.all()]).toEqual([
    { a: '1', b: '2' },
    { a: '1', b: '2' },
  ]);
  one.change({ c: '3' });
  two.change({ d: '4' });
  expect(inStorage()).toEqual({ a: '1', b: '2', c: '3', d: '4' });
  one.change({ a: null });
  two.change({ b: '5' });
  expect(inStorage()).toEqual({ b: '5', c: '3', d: '4' });
});

test('a tab follows what another changes, and is told only of what is another than before', () => {
  const [one, two] = [tab(), tab()];
  one.all();
  const told = vi.fn();
  const off = one.subscribe(told);
  two.change({ a: '1' });
  tell('lguest-live-other');
  expect([told.mock.calls.length, one.all()]).toEqual([0, {}]);
  tell(NAME);
  expect([told.mock.calls.length, one.all()]).toEqual([1, { a: '1' }]);
  const same = one.all();
  tell(NAME);
  expect(told).toHaveBeenCalledTimes(1);
  expect(one.all()).toBe(same);
  stored.clear();
  tell(null);
  expect([told.mock.calls.length, one.all()]).toEqual([2, {}]);
  off();
  one.change({ a: '2' });
  expect(told).toHaveBeenCalledTimes(2);
});

test('what cannot be read is nothing, and where nothing can be stored, the tab has its own all the same', () => {
  stored.set(NAME, '{"a":');
  expect(tab().all()).toEqual({});
  vi.stubGlobal('localStorage', undefined);
  const one = tab();
  one.change({ a: '1' });
  one.change({ b: '2' });
  expect(one.all()).toEqual({ a: '1', b: '2' });
});

test('of edits, resetting one or all of those that a tab knows leaves what another tab has edited since', async () => {
  const edit = (text: string) => ({ text, draft: null, book: 'book' });
  const open = async (): Promise<typeof Edits> => {
    vi.resetModules();
    return import('./edits.ts');
  };
  const [one, two] = [await open(), await open()];
  one.keepEdit('H:200', edit('a'));
  two.keepEdit('H:205', edit('b'));
  one.keepEdit('H:210', edit('c'));
  two.keepEdit('H:230.gates', edit('d'));
  expect(Object.keys(two.currentEdits())).toEqual(['H:200', 'H:205', 'H:210', 'H:230.gates']);
  two.keepEdit('H:205', null);
  expect(Object.keys(two.currentEdits())).toEqual(['H:200', 'H:210', 'H:230.gates']);
  one.forgetEdits();
  expect(Object.keys(two.currentEdits())).toHaveLength(3);
  two.keepEdit('H:240', edit('e'));
  expect(two.currentEdits()).toEqual({ 'H:230.gates': 'd', 'H:240': 'e' });
});
