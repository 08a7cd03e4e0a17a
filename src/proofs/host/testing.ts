/**
 * For tests of the Host's chapters: a Host without a processor at work, and a Guest that is nothing but its memory, so
 * that its page tables can be written, and read back, as text.
 */
import { Machine } from '#machine';
import { createKernel, createMm, createTask, current, frameOwner, getZeroedPage, mmapAnonymous, switchKernel } from '#hostos';
import type { ToldEvent } from '#world';
import { ABI_2_6_25 } from '#tangled/host/abi.ts';
import { lgread32, lgwrite32 } from '#tangled/host/core.ts';
import { initGuestPagetable } from '#tangled/host/page_tables.ts';
import type { LgCpu, Lguest, LguestModule } from '#tangled/host/lg.ts';
import { install } from '#tangled/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';

const PAGE = 4096;
const LETTERS: readonly (readonly [string, number])[] = [
  ['r', 0x01],
  ['w', 0x02],
  ['u', 0x04],
  ['t', 0x08],
  ['c', 0x10],
  ['a', 0x20],
  ['d', 0x40],
  ['s', 0x80],
  ['g', 0x100],
];

/** Pages of the Guest; the first directory and, behind it, the page tables that {@link paint} makes. */
export const GUEST_PAGES = 0x80;
export const DIRECTORY = 0x40;
const TABLES = 0x50;

/** What a test has in hand. */
export interface TestGuest {
  cpu: LgCpu;
  lg: Lguest;
  events: ToldEvent[];
}

/** A Guest with {@link GUEST_PAGES} pages of untouched memory and an empty page directory at page {@link DIRECTORY}. */
export function testGuest({ ramBytes = 4 * 2 ** 20, seed = 1, kernelAddress = 0xc0000000 } = {}): TestGuest {
  const events: ToldEvent[] = [];
  switchKernel(
    createKernel({ machine: new Machine({ ramBytes }), ramBytes, entry: hostEntry, seed, emit: (event: ToldEvent) => events.push(event) }),
  );
  install(current);
  const lguest: LguestModule = {
    sharedSwitcherPages: 1,
    switcherPages: [1, 2, 3].map(getZeroedPage),
    switcherPtePages: [],
    defaultIdtEntries: Array.from({ length: 256 }, (_, vector) => 0xffc00100 + 4 * vector),
    lguestEntry: { offset: 0xffc00000, segment: 0x50 },
    lastCpu: [null],
    cpuHadPge: false,
    syscallVector: 0x80,
  };
  current.data.modules.lguest = lguest;
  const mm = createMm();
  const memBase = mmapAnonymous(mm, GUEST_PAGES * PAGE);
  const tsk = createTask('test', null, { mm });
  const lg: Lguest = {
    lguestData: 0,
    abi: ABI_2_6_25,
    cpus: [],
    nrCpus: 1,
    pfnLimit: GUEST_PAGES,
    memBase,
    kernelAddress,
    pgdirs: Array.from({ length: 4 }, () => ({ gpgdir: 0, pgdir: 0 })),
    noirqStart: 0,
    noirqEnd: 0,
    stackPages: 0,
    dead: null,
  };
  const cpu: LgCpu = {
    id: 0,
    lg,
    tsk,
    mm,
    ts: 0,
    esp1: 0,
    ss1: 0,
    changed: 0,
    pendingNotify: 0,
    regsPage: getZeroedPage(),
    lastPages: 0,
    cpuPgd: 0,
    hcall: false,
    nextHcall: 0,
    hrt: { expires: 0, active: false, handlerKey: '', data: null },
    breakOut: false,
    breakWq: [],
    halted: false,
    irqsPending: 0,
    entered: false,
    arch: { gdt: new Uint32Array(64), idt: new Uint32Array(512), lastPagefault: 0, lastDebug: 0 },
  };
  lg.cpus.push(cpu);
  initGuestPagetable(lg, DIRECTORY * PAGE);
  events.length = 0;
  return { cpu, lg, events };
}

/**
 * Writes page tables into the Guest. A line an entry, all numbers hexadecimal page numbers: `200 21 rwu` maps address
 * 0x200000 to the Guest's page 0x21; flags r(present) w u t c a d s(PSE) g, `-` for none. `dir 2 55 ru` writes entry 2
 * of the directory itself, which otherwise is made as needed, `rwu`.
 */
export function paint({ cpu }: TestGuest, picture: string, directory = DIRECTORY): void {
  for (const line of lines(picture)) {
    const [first, ...words] = line.split(/\s+/);
    if (first === 'dir') lgwrite32(cpu, directory * PAGE + 4 * hex(words[0]), entry(words[1], words[2]));
    else lgwrite32(cpu, tableFor(cpu, directory, hex(first)) + 4 * (hex(first) & 1023), entry(words[0], words[1]));
  }
}

/** The Guest's own entry of a page, as {@link paint} writes it. */
export function guestEntry({ cpu }: TestGuest, page: number, directory = DIRECTORY): string {
  const found = lgread32(cpu, tableFor(cpu, directory, page) + 4 * (page & 1023));
  return `${(found >>> 12).toString(16)} ${flags(found)}`;
}

/**
 * What is in a shadow directory, but for the Switcher: a line a page, in the language of {@link paint}. Real pages are named
 * by the Guest's page that lies in them; `zero` is the page of zeros that everybody shares.
 */
export function shadow({ cpu, lg }: TestGuest, slot = cpu.cpuPgd): string[] {
  const { ram } = current.machine;
  const seen: string[] = [];
  for (let high = 0; high < 1023; high++) {
    const table = ram.read32(lg.pgdirs[slot].pgdir + 4 * high) >>> 0;
    if (!(table & 1)) continue;
    for (let low = 0; low < 1024; low++) {
      const found = ram.read32((table & ~0xfff) + 4 * low) >>> 0;
      if (found & 1) seen.push(`${(high * 1024 + low).toString(16)} ${pageName(cpu, found)} ${flags(found)}`);
    }
  }
  return seen;
}

/** The lines of a picture, without indentation. */
export function lines(picture: string): string[] {
  return picture
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function pageName(cpu: LgCpu, found: number): string {
  const owner = frameOwner([cpu.mm], (found & ~0xfff) >>> 0);
  return owner === null ? 'zero' : ((owner.address - cpu.lg.memBase) / PAGE).toString(16);
}

function tableFor(cpu: LgCpu, directory: number, page: number): number {
  const at = directory * PAGE + 4 * (page >>> 10);
  const found = lgread32(cpu, at);
  if (found & 1) return (found & ~0xfff) >>> 0;
  let table = TABLES;
  for (let index = 0; index < 1024; index++) if (lgread32(cpu, directory * PAGE + 4 * index) & 1) table++;
  table += (directory - DIRECTORY) * 4;
  lgwrite32(cpu, at, table * PAGE + 7);
  return table * PAGE;
}

function entry(page: string, letters: string): number {
  return LETTERS.reduce((word, [letter, bit]) => (letters.includes(letter) ? word | bit : word), hex(page) * PAGE);
}

function flags(found: number): string {
  return (
    LETTERS.filter(([, bit]) => found & bit)
      .map(([letter]) => letter)
      .join('') || '-'
  );
}

function hex(text: string): number {
  return Number.parseInt(text, 16);
}
