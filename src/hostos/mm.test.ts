import { beforeEach, describe, expect, it } from 'vitest';
import {
  copyFromUser,
  copyMm,
  copyToUser,
  createMm,
  frameOwner,
  freePages,
  getUser32,
  getUserPage,
  getZeroedPage,
  mmapAnonymous,
  mmput,
  pageCount,
  PAGE_SIZE,
  putPage,
  putUser32,
} from './index.ts';
import { EFAULT, ENOMEM } from './errno.ts';
import { lookUp } from './mm.ts';
import { testKernel } from './testing/kernel.ts';
import type { Kernel } from './kernel.ts';
import type { Mm } from './data.ts';

let kernel: Kernel;
let mm: Mm;
let base: number;
beforeEach(() => {
  ({ kernel } = testKernel());
  mm = createMm();
  base = mmapAnonymous(mm, 4 * PAGE_SIZE);
});

const zeroPage = (): number => kernel.data.frames.zeroPage;

describe('page frames', () => {
  it('come back when the last reference goes', () => {
    const before = freePages();
    const page = getZeroedPage();
    expect(pageCount(page)).toBe(1);
    expect(freePages()).toBe(before - 1);
    putPage(page);
    expect(freePages()).toBe(before);
    expect(() => putPage(page)).toThrow('free already');
  });

  it('are zeroed again before they are given away again', () => {
    const page = getZeroedPage();
    kernel.machine.ram.write32(page, 0x12345678);
    putPage(page);
    expect(getZeroedPage()).toBe(page);
    expect(kernel.machine.ram.read32(page)).toBe(0);
  });

  it('run out: 0, and -ENOMEM for a program', () => {
    while (getZeroedPage() !== 0);
    expect(putUser32(mm, base, 1)).toBe(false);
    expect(getUserPage(mm, base, true)).toBe(-ENOMEM);
    expect(getUser32(mm, base), 'reading takes no frame').toBe(0);
  });
});

describe('untouched memory', () => {
  it('reads as zeros from one shared page', () => {
    const before = freePages();
    expect(copyFromUser(mm, base + 100, 2 * PAGE_SIZE)).toEqual(new Uint8Array(2 * PAGE_SIZE));
    expect(freePages()).toBe(before);
    expect([0, 1, 2, 3].map((n) => lookUp(mm, base + n * PAGE_SIZE))).toEqual([zeroPage(), zeroPage(), zeroPage(), 0]);
  });

  it('gets a page of its own with the first write', () => {
    getUser32(mm, base);
    expect(putUser32(mm, base + 4, 7)).toBe(true);
    expect(lookUp(mm, base)).not.toBe(zeroPage());
    expect(getUser32(mm, base)).toBe(0);
    expect(getUser32(mm, base + 4)).toBe(7);
    expect(kernel.machine.ram.readBytes(zeroPage(), PAGE_SIZE)).toEqual(new Uint8Array(PAGE_SIZE));
  });

  it('looks stale to whoever pinned it for reading before it was written', () => {
    const pinned = getUserPage(mm, base, false);
    putUser32(mm, base, 7);
    expect(pinned).toBe(zeroPage());
    expect(getUserPage(mm, base, false)).not.toBe(pinned);
  });
});

describe('getUserPage', () => {
  it('takes a reference of its own, which outlives the memory', () => {
    const page = getUserPage(mm, base, true);
    expect(pageCount(page)).toBe(2);
    mmput(mm);
    expect(pageCount(page)).toBe(1);
    putPage(page);
    expect(pageCount(page)).toBe(0);
  });

  it.each([
    ['below', -1],
    ['above', 4 * PAGE_SIZE],
  ])('refuses an address %s the map', (_, offset) => {
    expect(getUserPage(mm, base + offset, false)).toBe(-EFAULT);
  });

  it('pins do not make a write copy', () => {
    const page = getUserPage(mm, base, true);
    putUser32(mm, base, 1);
    expect(getUserPage(mm, base, true)).toBe(page);
  });
});

describe('a copied map', () => {
  it('shares pages until one side writes', () => {
    putUser32(mm, base, 1);
    const child = copyMm(mm);
    expect(lookUp(child, base)).toBe(lookUp(mm, base));
    putUser32(mm, base, 2);
    expect(lookUp(child, base)).not.toBe(lookUp(mm, base));
    expect([getUser32(mm, base), getUser32(child, base)]).toEqual([2, 1]);
    const own = lookUp(child, base);
    putUser32(child, base, 3);
    expect(lookUp(child, base), 'the last owner need not copy').toBe(own);
  });

  it('gives everything back in the end', () => {
    const before = freePages();
    putUser32(mm, base, 1);
    const child = copyMm(mm);
    putUser32(child, base, 2);
    mmput(mm);
    mmput(child);
    expect(freePages()).toBe(before);
  });
});

describe('copying', () => {
  it('crosses pages', () => {
    const bytes = Uint8Array.from({ length: 10 }, (_, i) => i + 1);
    expect(copyToUser(mm, base + PAGE_SIZE - 5, bytes)).toBe(true);
    expect(copyFromUser(mm, base + PAGE_SIZE - 5, 10)).toEqual(bytes);
    expect(getUser32(mm, base + PAGE_SIZE - 2)).toBe(0x07060504);
    expect(putUser32(mm, base + PAGE_SIZE - 2, 0xa1b2c3d4)).toBe(true);
    expect(getUser32(mm, base + PAGE_SIZE - 2)).toBe(0xa1b2c3d4);
  });

  it('fails at the end of the map', () => {
    expect(copyFromUser(mm, base + 4 * PAGE_SIZE - 2, 4)).toBeNull();
    expect(copyToUser(mm, base + 4 * PAGE_SIZE - 2, new Uint8Array(4))).toBe(false);
  });

  it('finds the owner of a frame', () => {
    const page = getUserPage(mm, base + PAGE_SIZE, true);
    expect(frameOwner([mm], page + 12)).toEqual({ mm, address: base + PAGE_SIZE + 12 });
    expect(frameOwner([mm], zeroPage())).toBeNull();
  });
});
