import { describe, expect, test } from 'vitest';
import { current, freePages, getUserPage, putPage } from '#hostos';
import {
  demandPage,
  freeGuestPagetable,
  guestNewPagetable,
  guestPa,
  guestPagetableClearAll,
  guestPagetableFlushUser,
  guestSetPmd,
  guestSetPte,
  initPagetables,
  mapSwitcherInGuest,
  pinPage,
} from '#tangled/host/page_tables.ts';
import { lguestModule, lguestPages } from '#tangled/host/lg.ts';
import { DIRECTORY, guestEntry, lines, paint, shadow, testGuest } from './testing.ts';
import type { TestGuest } from './testing.ts';

const PAGE = 4096;

/** `user write 200`: the Guest faults so on page 0x200. Says what the Host made of it. */
function touch({ cpu }: TestGuest, access: string): string {
  const words = access.split(' ');
  const page = Number.parseInt(words.at(-1)!, 16);
  const error = (words.includes('write') ? 2 : 0) | (words.includes('user') ? 4 : 0);
  return demandPage(cpu, page * PAGE, error) ? 'hidden' : 'seen';
}

describe('a fault is', () => {
  test.each([
    {
      name: 'hidden: a read of a clean page gives a read-only shadow',
      guest: '200 21 rwu',
      touches: 'read 200: hidden',
      shadow: '200 zero rua',
      after: '21 rwua',
    },
    {
      name: 'hidden: a write gives a writable one',
      guest: '200 21 rwu',
      touches: 'write 200: hidden',
      shadow: '200 21 rwuad',
      after: '21 rwuad',
    },
    {
      name: 'hidden twice: read, then write',
      guest: '200 21 rwu',
      touches: 'read 200: hidden\nwrite 200: hidden',
      shadow: '200 21 rwuad',
      after: '21 rwuad',
    },
    {
      name: 'hidden: a read of a dirty page is writable at once',
      guest: '200 21 rwud',
      touches: 'read 200: hidden',
      shadow: '200 21 rwuad',
      after: '21 rwuad',
    },
    { name: 'seen: no page', guest: '200 21 wu', touches: 'read 200: seen', shadow: '', after: '21 wu' },
    { name: 'seen: no table', guest: 'dir 0 50 -', touches: 'read 200: seen', shadow: '', after: '0 -' },
    {
      name: 'seen: a write to a read-only page, even by the kernel',
      guest: '200 21 ru',
      touches: 'write 200: seen',
      shadow: '',
      after: '21 ru',
    },
    { name: 'hidden: a read of it', guest: '200 21 ru', touches: 'user read 200: hidden', shadow: '200 zero rua', after: '21 rua' },
    {
      name: 'seen: a program touches its kernel',
      guest: '200 21 rw',
      touches: 'user read 200: seen\nread 200: hidden',
      shadow: '200 zero ra',
      after: '21 rwa',
    },
    {
      name: 'hidden: a global page, whose bit is dropped',
      guest: '200 21 rwdg',
      touches: 'read 200: hidden',
      shadow: '200 21 rwad',
      after: '21 rwadg',
    },
  ])('$name', ({ guest, touches, shadow: picture, after }) => {
    const it = testGuest();
    paint(it, guest);
    for (const step of lines(touches)) {
      const [access, result] = step.split(': ');
      expect(touch(it, access), step).toBe(result);
    }
    expect(shadow(it)).toEqual(lines(picture));
    expect(guestEntry(it, 0x200)).toBe(after);
    expect(it.lg.dead).toBeNull();
  });
});

describe('the Guest dies of', () => {
  test.each([
    ['a page beyond the limit', '200 80 rwu', 'read 200', 'bad page table entry 0x80027'],
    ['bit 7 in a page entry', '200 21 rwus', 'read 200', 'bad page table entry 0x210'],
    ['a page table beyond the limit', 'dir 0 80 rwu', 'read 200', 'bad page directory entry 0x80007'],
    ['a 4 MB page', 'dir 0 20 rwus', 'read 200', 'bad page directory entry 0x20087'],
    ['a write-through directory entry', 'dir 0 20 rwut', 'read 200', 'bad page directory entry 0x2000f'],
    ['the last 4 MB', 'dir 3ff 20 rwu', 'read ffc00', "attempt to reach the Switcher's pages at 0xffc00000"],
  ])('%s', (_, guest, access, reason) => {
    const it = testGuest();
    paint(it, guest);
    touch(it, access);
    expect(it.lg.dead).toContain(reason.slice(0, 26));
    expect(it.events.filter(({ kind }) => kind === 'death')).toHaveLength(1);
  });

  test('a stack that cannot be written', () => {
    const it = testGuest();
    paint(it, '200 21 ru');
    pinPage(it.cpu, 0x200ffc);
    expect(it.lg.dead).toBe('bad stack page 0x200ffc');
  });

  test('an address without a page, where one is needed', () => {
    const it = testGuest();
    paint(it, '200 21 -');
    guestPa(it.cpu, 0x200000);
    expect(it.lg.dead).toBe('bad address 0x200000');
  });
});

test('a virtual address is looked up in the Guest’s own tables', () => {
  const it = testGuest();
  paint(it, 'c0100 21 rw');
  expect(guestPa(it.cpu, 0xc0100abc)).toBe(0x21abc);
});

test('a pinned page is writable without a fault, and is pinned once', () => {
  const it = testGuest();
  paint(it, '200 21 rwu');
  pinPage(it.cpu, 0x200ffc);
  pinPage(it.cpu, 0x200000);
  expect(shadow(it)).toEqual(['200 21 rwuad']);
});

describe('news of one entry', () => {
  test.each([
    { name: 'is kept for later if it was never used', entry: 0x22007, picture: '' },
    { name: 'is kept for later if it was written, but never used: the first use must mark it', entry: 0x22047, picture: '' },
    { name: 'is installed if accessed', entry: 0x22025, picture: '200 zero rua' },
    { name: 'is installed for reading if accessed and writable: the first write must mark it', entry: 0x22027, picture: '200 zero rua' },
    { name: 'is installed, and the page the Launcher’s own, if dirty, too', entry: 0x22067, picture: '200 22 rwuad' },
    { name: 'empties the shadow if not present, whatever else it says', entry: 0x220a0, picture: '' },
  ])('$name', ({ entry, picture }) => {
    const it = testGuest();
    paint(it, '200 21 rwu');
    touch(it, 'write 200');
    guestSetPte(it.cpu, DIRECTORY * PAGE, 0x200000, entry);
    expect(shadow(it)).toEqual(lines(picture));
    expect(it.lg.dead).toBeNull();
  });

  test.each([
    { name: 'never gives more than the directory: read-only', directory: 'ra', picture: '200 22 rad' },
    { name: 'never gives more than the directory: for ring 1', directory: 'rwa', picture: '200 22 rwad' },
    { name: 'is kept for later if the directory was never used', directory: 'rwu', picture: '' },
    { name: 'is kept for later if the directory has no table', directory: 'wua', picture: '' },
  ])('$name', ({ directory, picture }) => {
    const it = testGuest();
    paint(it, '200 21 rwu');
    touch(it, 'write 200');
    paint(it, `dir 0 50 ${directory}`);
    guestSetPte(it.cpu, DIRECTORY * PAGE, 0x200000, 0x22067);
    expect(shadow(it)).toEqual(lines(picture));
    expect(it.lg.dead).toBeNull();
  });

  test('goes to all shadows from the kernel’s address on, to one below', () => {
    const it = testGuest();
    paint(it, '200 21 rwu\nc0100 21 rw');
    paint(it, '200 21 rwu\nc0100 21 rw', DIRECTORY + 1);
    touch(it, 'write 200');
    touch(it, 'write c0100');
    const first = it.cpu.cpuPgd;
    while (it.cpu.cpuPgd === first) guestNewPagetable(it.cpu, (DIRECTORY + 1) * PAGE);
    touch(it, 'write 200');
    touch(it, 'write c0100');
    guestSetPte(it.cpu, DIRECTORY * PAGE, 0x200000, 0);
    guestSetPte(it.cpu, DIRECTORY * PAGE, 0xc0100000, 0x22067);
    expect(shadow(it, first)).toEqual(['c0100 22 rwuad']);
    expect(shadow(it)).toEqual(['200 21 rwuad', 'c0100 22 rwuad']);
  });

  test('of the Switcher’s 4 MB is deadly, of an unknown directory nothing', () => {
    const it = testGuest();
    guestSetPte(it.cpu, 0x1000, 0x200000, 0x22067);
    expect(it.lg.dead).toBeNull();
    guestSetPte(it.cpu, DIRECTORY * PAGE, 0xffc00000, 0x22067);
    expect(it.lg.dead).toContain('Switcher');
  });
});

test('news of a directory entry drops what was below it', () => {
  const it = testGuest();
  paint(it, '200 21 rwu\n400 22 rwu');
  touch(it, 'write 200');
  touch(it, 'write 400');
  guestSetPmd(it.cpu, DIRECTORY * PAGE, 0);
  guestSetPmd(it.cpu, DIRECTORY * PAGE, 1023);
  guestSetPmd(it.cpu, 0x1000, 1);
  expect(shadow(it)).toEqual(['400 22 rwuad']);
});

test('the small flush forgets the user half of the current directory, the large one everything but the stack', () => {
  const it = testGuest();
  paint(it, '200 21 rwu\nc0100 22 rw\nc0101 23 rw');
  for (const page of ['200', 'c0100', 'c0101']) touch(it, `write ${page}`);
  guestPagetableFlushUser(it.cpu);
  expect(shadow(it)).toEqual(['c0100 22 rwad', 'c0101 23 rwad']);
  it.cpu.esp1 = 0xc0102000;
  it.lg.stackPages = 1;
  guestPagetableClearAll(it.cpu);
  expect(shadow(it)).toEqual(['c0101 23 rwad']);
});

test('five directories share four slots, and the kernel half survives a change of hands', () => {
  const it = testGuest({ seed: 7 });
  for (let n = 0; n < 5; n++) paint(it, '200 21 rwu\nc0100 22 rw', DIRECTORY + n);
  for (let round = 0; round < 20; round++) {
    guestNewPagetable(it.cpu, (DIRECTORY + (round % 5)) * PAGE);
    expect(it.lg.pgdirs[it.cpu.cpuPgd].gpgdir).toBe((DIRECTORY + (round % 5)) * PAGE);
    touch(it, 'write 200');
    touch(it, 'write c0100');
  }
  const used = it.lg.pgdirs.filter(({ pgdir }) => pgdir !== 0);
  expect(used).toHaveLength(4);
  expect(new Set(used.map(({ gpgdir }) => gpgdir)).size).toBe(4);
  const missing = [0, 1, 2, 3, 4].find((n) => !used.some(({ gpgdir }) => gpgdir === (DIRECTORY + n) * PAGE))!;
  guestNewPagetable(it.cpu, (DIRECTORY + missing) * PAGE);
  expect(shadow(it)).toEqual(['c0100 22 rwad']);
});

test('a page stays where it is while a shadow entry names it, and everything comes back in the end', () => {
  const it = testGuest();
  paint(it, '200 21 rwu\n300 21 rwu\n400 23 rwu');
  for (let page = 0; page < 0x80; page++) putPage(getUserPage(it.cpu.mm, it.lg.memBase + page * PAGE, true));
  const before = freePages();
  for (const access of ['write 200', 'write 300', 'read 400', 'write 400']) touch(it, access);
  expect(freePages()).toBe(before - 2);
  freeGuestPagetable(it.lg);
  expect(freePages()).toBe(before + 1);
  expect(it.lg.pgdirs.every(({ pgdir }) => pgdir === 0)).toBe(true);
});

test('no memory: the Guest is killed, not the Host', () => {
  const it = testGuest({ ramBytes: 1024 * 1024 });
  paint(it, '0 21 rwu');
  current.data.frames.freeCount = 0;
  touch(it, 'write 0');
  expect(it.lg.dead).toBe('no memory for a shadow page table');
});

test('the Switcher’s 4 MB: code and tables read-only, one writable page, which becomes the Guest’s own', () => {
  const it = testGuest();
  const { switcherPages } = lguestModule();
  expect(initPagetables(switcherPages, 1)).toBe(0);
  const [table] = lguestModule().switcherPtePages;
  const entries = (): number[] => [0, 1, 2, 3].map((n) => current.machine.ram.read32(table + 4 * n) >>> 0);
  expect(entries()).toEqual([switcherPages[0] + 0x21, switcherPages[1] + 0x23, switcherPages[2] + 0x21, 0]);
  mapSwitcherInGuest(it.cpu, lguestPages(0));
  expect(entries()).toEqual([switcherPages[0] + 0x21, it.cpu.regsPage + 0x63, switcherPages[2] + 0x21, 0]);
  expect(current.machine.ram.read32(it.lg.pgdirs[0].pgdir + 4 * 1023) >>> 0).toBe(table + 0x63);
});
