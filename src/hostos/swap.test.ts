import { beforeEach, describe, expect, it } from 'vitest';
import { copyMm, createMm, freePages, getUser32, getUserPage, keepFrames, mmapAnonymous, PAGE_SIZE, putPage, putUser32 } from './index.ts';
import { registerFileOperations } from './files.ts';
import { mmuNotifierRegister, mmuNotifierUnregister } from './swap.ts';
import { createTask } from './tasks.ts';
import { testKernel } from './testing/kernel.ts';
import type { Mm } from './data.ts';

const PAGES = 6;

let mm: Mm;
let base: number;
/** Pages held by whoever is notified, by address; and what he was told. */
let held: Map<number, number>;
let told: number[];
const at = (n: number): number => base + n * PAGE_SIZE;

beforeEach(() => {
  const { kernel } = testKernel();
  held = new Map();
  told = [];
  registerFileOperations(kernel, 'holder', {
    invalidatePage(data, address) {
      told.push((address - base) / PAGE_SIZE);
      expect(data).toBe('mine');
      const page = held.get(address);
      held.delete(address);
      if (page !== undefined) putPage(page);
    },
  });
  mm = createMm();
  base = mmapAnonymous(mm, PAGES * PAGE_SIZE);
  createTask('sleeper', null, { mm });
});

const hold = (address: number, write: boolean): number => {
  const page = getUserPage(mm, address, write);
  if (page > 0) held.set(address, page);
  return page;
};

describe('memory of which somebody is notified', () => {
  it('is put away when there is none left, and comes back as it was', () => {
    mmuNotifierRegister(mm, 'holder', 'mine');
    keepFrames(3);
    for (let n = 0; n < PAGES; n++) expect(putUser32(mm, at(n), 100 + n), `page ${n}`).toBe(true);
    for (let round = 0; round < 2; round++) for (let n = 0; n < PAGES; n++) expect(getUser32(mm, at(n))).toBe(100 + n);
    expect(freePages()).toBe(0);
  });

  it('is taken from whoever holds it, who hears of it first', () => {
    mmuNotifierRegister(mm, 'holder', 'mine');
    keepFrames(2);
    for (let n = 0; n < 4; n++) expect(hold(at(n), true)).toBeGreaterThan(0);
    expect(told).toEqual([1, 2]);
    expect([...held.keys()]).toEqual([at(0), at(3)]);
  });

  it('tells of a page that moves because it is written', () => {
    mmuNotifierRegister(mm, 'holder', 'mine');
    hold(at(2), false);
    expect(putUser32(mm, at(2), 7)).toBe(true);
    expect(told).toEqual([2]);
    expect(held.size).toBe(0);
  });

  it('stays where it is held all the same, or shared, or where nobody is told any more', () => {
    keepFrames(2);
    mmuNotifierRegister(mm, 'holder', 'mine');
    const page = getUserPage(mm, at(0), true);
    putUser32(mm, at(1), 1);
    expect(putUser32(mm, at(2), 2), 'the other can go').toBe(true);
    putPage(page);
    mmuNotifierUnregister(mm);
    expect(putUser32(mm, at(3), 3)).toBe(false);
  });

  it('is copied by a fork, wherever it is', () => {
    mmuNotifierRegister(mm, 'holder', 'mine');
    keepFrames(3);
    for (let n = 0; n < 4; n++) putUser32(mm, at(n), 100 + n);
    const away = Object.keys(mm.areas[0].swapped ?? {}).map(Number);
    expect(away).toHaveLength(1);
    const child = copyMm(mm);
    expect(child.notifier).toBeUndefined();
    // All frames are shared now, so that none can go; but whoever writes nothing needs none.
    for (const n of [0, 1, 2, 3].filter((one) => !away.includes(one))) expect(getUser32(child, at(n))).toBe(100 + n);
    expect(child.areas[0].swapped).toEqual(mm.areas[0].swapped);
    expect(child.areas[0].swapped).not.toBe(mm.areas[0].swapped);
  });
});
