import { describe, expect, test } from 'vitest';
import { PageMap } from './page_map.ts';
import { PageStore } from './page_store.ts';

const page = (value: number): Uint32Array => new Uint32Array(1024).fill(value);

describe('a store of pages', () => {
  test('keeps equal neighbours once, zeros for nothing, and frees what nobody holds', () => {
    const store = new PageStore();
    expect(store.add(page(0), 0, 0)).toBe(0);
    const first = store.add(page(7), 0, 0);
    expect(store.add(page(7), 0, first)).toBe(first);
    const changed = page(7);
    changed[1023] = 8;
    const second = store.add(changed, 0, first);
    expect(second).not.toBe(first);
    expect(store.bytes).toBe(2 * 4096);
    expect([...store.contents(second).subarray(1022)]).toEqual([7, 8]);
    for (const slot of [0, first, second]) store.release(slot);
    expect(store.bytes).toBe(4096);
    store.release(first);
    expect(store.bytes).toBe(0);
    expect(store.add(page(0), 0, second)).toBe(0);
  });

  test('grows beyond a slab', () => {
    const store = new PageStore();
    const slots = Array.from({ length: 600 }, (_, i) => store.add(page(i + 1), 0, 0));
    expect(new Set(slots).size).toBe(600);
    slots.forEach((slot, i) => expect(store.contents(slot)[500]).toBe(i + 1));
  });
});

describe('a map of pages', () => {
  test('shares with its copies what did not change, and nothing that did', () => {
    const store = new PageStore();
    const now = PageMap.zeros(store, 1000);
    now.put(3, page(1), 0);
    now.put(300, page(2), 0);
    const before = now.copy();
    now.put(3, page(3), 0);
    expect([0, 1, 2, 3].map((index) => now.shares(before, index))).toEqual([false, true, true, true]);
    const value = (map: PageMap, n: number): number => store.contents(map.slot(n))[0];
    expect([3, 300, 301].map((n) => [value(before, n), value(now, n)])).toEqual([
      [1, 3],
      [2, 2],
      [0, 0],
    ]);
    expect(store.bytes).toBe(3 * 4096);
    before.release();
    expect(store.bytes).toBe(2 * 4096);
    now.put(3, page(0), 0);
    now.put(300, page(2), 0);
    expect(store.bytes).toBe(4096);
    now.release();
    expect(store.bytes).toBe(0);
  });
});
