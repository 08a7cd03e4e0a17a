import { beforeEach, describe, expect, it } from 'vitest';
import { Machine } from '#machine';
import { createKernel, current, freePages, PAGE_OFFSET, switchKernel } from '#hostos';
import { fini, init, lgread32, lgreadBytes, lguestAddressOk, lgwrite32 } from '#tangled/host/core.ts';
import { lguestModule, lguestPages } from '#tangled/host/lg.ts';
import { install } from '#tangled/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';
import switcher from '#tangled/switcher/switcher.S';
import { GUEST_PAGES, testGuest } from './testing.ts';

const ramBytes = 2 ** 21;

/** A Host that has booted and not loaded the module yet. */
function host(ram = ramBytes): void {
  switchKernel(createKernel({ machine: new Machine({ ramBytes: ram }), ramBytes: ram, entry: hostEntry, emit: () => {} }));
  install(current);
}

const word = (physical: number): string => (current.machine.ram.read32(physical) >>> 0).toString(16);

describe('the Host, booted', () => {
  beforeEach(() => host());

  it('is in ring 0, paging, on its own tables', () => {
    const { cpu } = current.machine;
    expect({ cpl: cpu.cpl, cs: cpu.selector(1), ss: cpu.selector(2), tr: cpu.selector(7) }).toEqual({
      cpl: 0,
      cs: 0x60,
      ss: 0x68,
      tr: 0x80,
    });
    expect(cpu.cr0 >>> 0).toBe(0x80010033);
    expect(cpu.cr4).toBe(0x80);
    expect(cpu.eip).toBeGreaterThan(PAGE_OFFSET);
  });

  it('has nothing at address 0, where it stood while it booted', () => {
    expect(word(cpuCr3())).toBe('0');
  });
});

const cpuCr3 = (): number => current.machine.cpu.cr3;

describe('the module', () => {
  beforeEach(() => {
    host();
    expect(init()).toBe(0);
  });

  it('maps three pages at the top of the Host, and gives everything back when it goes', () => {
    const { switcherPages, sharedSwitcherPages } = lguestModule();
    expect(sharedSwitcherPages).toBe(1);
    const { moduleTable } = current.data.boot;
    expect([0, 1, 2, 3].map((i) => word(moduleTable + 4 * i))).toEqual([...switcherPages.map((page) => (page | 0x63).toString(16)), '0']);
    const before = freePages();
    fini();
    expect(freePages()).toBe(before + 4);
    expect(word(moduleTable)).toBe('0');
    expect(current.machine.cpu.cr4, 'global pages are back').toBe(0x80);
  });

  it('copies the Switcher there', () => {
    const { start_switcher_text: start, end_switcher_text: end } = switcher.symbols;
    const text = switcher.text.slice(start - switcher.base, end - switcher.base);
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(current.machine.ram.readBytes(lguestModule().switcherPages[0], text.length)).toEqual(text);
  });

  it("furnishes the processor's state page", () => {
    const { address, statePage } = lguestPages(0);
    const { gdt, idt } = current.data.boot;
    expect(address).toBe(0xffc01000);
    const { ram } = current.machine;
    const table = (at: number): [number, string] => [ram.read16(statePage + at), word(statePage + at + 2)];
    expect({ hostIdt: table(4), hostGdt: table(0xa), guestIdt: table(0x14), guestGdt: table(0x1a) }).toEqual({
      hostIdt: [0x7ff, idt.toString(16)],
      hostGdt: [0xff, gdt.toString(16)],
      guestIdt: [0x7ff, 'ffc02088'],
      guestGdt: [0xff, 'ffc02888'],
    });
    expect({ esp0: word(statePage + 0x24), ss0: word(statePage + 0x28), ioBase: ram.read16(statePage + 0x20 + 102) }).toEqual({
      esp0: 'ffc02000',
      ss0: '58',
      ioBase: 104,
    });
    expect([word(statePage + 0x888 + 0x80), word(statePage + 0x888 + 0x84)], 'TSS').toEqual(['20200067', 'ff0089c0']);
    for (const at of [0x50, 0x54, 0x58, 0x5c]) expect(word(gdt - PAGE_OFFSET + at), `Host GDT +${at}`).toBe(word(statePage + 0x888 + at));
  });

  it.each([0, 2, 8, 13, 14, 31, 32, 127, 128, 255])('leads vector %d to a stub that says so', (vector) => {
    const { statePage } = lguestPages(0);
    const { ram } = current.machine;
    const gate = statePage + 0x88 + 8 * vector;
    expect(ram.read16(gate + 2)).toBe(0x50);
    expect(ram.read16(gate + 4)).toBe(vector === 31 ? 0xae00 : 0x8e00);
    const offset = (((ram.read16(gate + 6) << 16) | ram.read16(gate)) - 0xffc00000) | 0;
    const bytes = [...ram.readBytes(lguestModule().switcherPages[0] + offset, 7)];
    const number = vector < 128 ? [0x6a, vector] : [0x68, vector, 0, 0, 0];
    const pushes = [8, 10, 11, 12, 13, 14, 17].includes(vector) ? number : [0x6a, 0, ...number];
    expect(bytes.slice(0, pushes.length)).toEqual(pushes);
  });

  it('points the far call at switch_to_guest', () => {
    const pointer = current.data.boot.entry.lguest_entry - PAGE_OFFSET;
    expect([word(pointer), current.machine.ram.read16(pointer + 4)]).toEqual(['ffc00000', 0x50]);
  });

  it('switches global pages off', () => expect(current.machine.cpu.cr4).toBe(0));
});

describe('loading the module without memory', () => {
  it.each([0, 1, 2, 3])('fails, and leaves nothing behind, with %d pages left', (left) => {
    host();
    const { frames } = current.data;
    frames.freeCount = left;
    expect(init()).toBe(-12);
    expect(freePages()).toBe(left);
  });

  it('is refused to a kernel that is not in ring 0', () => {
    host();
    current.machine.cpu.cpl = 1;
    expect(init()).toBe(-1);
  });
});

describe('reaching into the Guest', () => {
  const end = GUEST_PAGES * 4096;
  it.each([
    [0, 4, true],
    [end - 4096, 4095, true],
    [end - 4, 4, false],
    [end - 4096, 4096, false],
    [end, 1, false],
    [0xfffffffe, 4, false],
    [0x7fffffff, 1, false],
  ])('%d, %d bytes: %s', (address, length, ok) => {
    expect(lguestAddressOk(testGuest().lg, address, length)).toBe(ok);
  });

  it('reads and writes words', () => {
    const { cpu } = testGuest();
    lgwrite32(cpu, 0x1ffe, 0xdeadbeef);
    expect(lgread32(cpu, 0x1ffe)).toBe(0xdeadbeef);
    expect([...lgreadBytes(cpu, 0x1ffd, 4)]).toEqual([0, 0xef, 0xbe, 0xad]);
    expect(cpu.lg.dead).toBeNull();
  });

  it.each([
    ['reading a word', (cpu: Parameters<typeof lgread32>[0]) => lgread32(cpu, end), 'bad read address 0x80000 len 4'],
    ['writing a word', (cpu: Parameters<typeof lgread32>[0]) => lgwrite32(cpu, end, 1), 'bad write address 0x80000 len 4'],
    ['reading bytes', (cpu: Parameters<typeof lgread32>[0]) => lgreadBytes(cpu, 0, end).length, `bad read address 0x0 len ${end}`],
  ])('%s out of bounds kills, and goes on with zeros', (_, access, reason) => {
    const { cpu } = testGuest();
    expect(access(cpu)).toSatisfy((result) => result === undefined || result === 0 || result === end);
    expect(cpu.lg.dead).toBe(reason);
  });
});
