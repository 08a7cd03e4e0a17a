import { describe, expect, test } from 'vitest';
import { current } from '#hostos';
import { lgwrite32 } from '#tangled/host/core.ts';
import { CHANGED_GDT, CHANGED_GDT_TLS, lguestPages, RO_STATE } from '#tangled/host/lg.ts';
import { copyGdt, copyGdtTls, guestLoadTls, loadGuestGdt, setupDefaultGdtEntries, setupGuestGdt } from '#tangled/host/segments.ts';
import { testGuest } from './testing.ts';
import type { TestGuest } from './testing.ts';

const TABLE = 0x3000;

/** Two words of the real table, in hexadecimal. */
function real(entry: number): string {
  const at = lguestPages(0).statePage + RO_STATE.guestGdt + 8 * entry;
  return [0, 4].map((offset) => (current.machine.ram.read32(at + offset) >>> 0).toString(16).padStart(8, '0')).join(' ');
}

function write({ cpu }: TestGuest, entry: number, low: number, high: number): void {
  lgwrite32(cpu, TABLE + 8 * entry, low);
  lgwrite32(cpu, TABLE + 8 * entry + 4, high);
}

test('the entries that never change: the Switcher’s code and data, and the TSS in its page', () => {
  testGuest();
  setupDefaultGdtEntries(lguestPages(0));
  expect([10, 11, 16, 31].map(real)).toEqual(['0000ffff 00cf9b00', '0000ffff 00cf9300', '20200067 ff0089c0', '00000000 00000000']);
});

test('a new Guest has flat code and data of ring 1', () => {
  const it = testGuest();
  setupGuestGdt(it.cpu);
  copyGdt(it.cpu, lguestPages(0));
  expect([12, 13].map(real)).toEqual(['0000ffff 00cfbb00', '0000ffff 00cfb300']);
});

describe('of what the Guest brings', () => {
  test.each([
    ['ring 0 becomes ring 1', 20, 0x00cf9300, '0000ffff 00cfb300'],
    ['accessed is set', 20, 0x00cff200, '0000ffff 00cff300'],
    ['ring 2 stays', 20, 0x00cfd300, '0000ffff 00cfd300'],
    ['ring 3 stays', 14, 0x00cffb00, '0000ffff 00cffb00'],
    ['the Switcher’s code is not copied', 10, 0x00cffb00, '0000ffff 00cf9b00'],
    ['its data neither', 11, 0x00cff300, '0000ffff 00cf9300'],
    ['nor the TSS', 16, 0x00cff300, '20200067 ff0089c0'],
    ['nor the one for double faults', 31, 0x00cff300, '00000000 00000000'],
  ])('%s', (_, entry, high, result) => {
    const it = testGuest();
    setupDefaultGdtEntries(lguestPages(0));
    write(it, entry, 0x0000ffff, high);
    loadGuestGdt(it.cpu, TABLE, 32);
    copyGdt(it.cpu, lguestPages(0));
    expect(real(entry)).toBe(result);
    expect(it.cpu.changed).toBe(CHANGED_GDT);
    expect(it.lg.dead).toBeNull();
  });

  test('a null entry stays not present', () => {
    const it = testGuest();
    loadGuestGdt(it.cpu, TABLE, 32);
    copyGdt(it.cpu, lguestPages(0));
    expect(real(5)).toBe('00000000 00002100');
  });

  test('thread-local entries change three places only', () => {
    const it = testGuest();
    for (let entry = 0; entry < 3; entry++) write(it, entry, entry, 0x00cff200);
    guestLoadTls(it.cpu, TABLE);
    expect(it.cpu.changed).toBe(CHANGED_GDT_TLS);
    copyGdtTls(it.cpu, lguestPages(0));
    expect([5, 6, 7, 8, 9].map(real)).toEqual([
      '00000000 00000000',
      '00000000 00cff300',
      '00000001 00cff300',
      '00000002 00cff300',
      '00000000 00000000',
    ]);
  });

  test.each([
    ['33 entries', TABLE, 33, 'too many gdt entries 33'],
    ['a table beyond the end of memory', 0x7ff80, 32, 'bad read'],
  ])('%s are deadly', (_, table, count, reason) => {
    const it = testGuest();
    loadGuestGdt(it.cpu, table, count);
    expect(it.lg.dead).toContain(reason);
  });
});
