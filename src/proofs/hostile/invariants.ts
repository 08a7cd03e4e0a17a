/** What must hold at every moment, whatever a Guest does. */
import { current } from '#hostos';
import { lguestModule, lguestPages, RO_STATE, SWITCHER_ADDR, TSS } from '#tangled/host/lg.ts';
import type { LgCpu } from '#tangled/host/lg.ts';
import { switcherText } from '#tangled/host/x86_core.ts';
import { PAGE } from './stage.ts';
import type { Puppet } from './stage.ts';

const PRESENT = 1;
const RW = 2;
const USER = 4;
const PSE = 0x80;
const GLOBAL = 0x100;
const SWITCHER_INDEX = 1023;
/** Kernel pages that nobody may touch after the start, in order; the stack lies between. */
const FIXED: readonly (readonly [number, number])[] = [
  [0x1000, 0x7000],
  [0x8000, 0xc000],
];
/** In the Host's GDT, where the TSS is marked busy or not. */
const HOST_TSS_TYPE = 0x5000 + 0x80 + 5;

/** What the Host's own memory looked like when nobody had had a chance to do anything to it. */
export interface Watch {
  fixed: Uint8Array[];
  /** How often everything was looked at. */
  checks: number;
  /** Shadow entries seen on the way. */
  entries: number;
}

export function watch(): Watch {
  return { fixed: FIXED.map(([from, to]) => hostBytes(from, to)), checks: 0, entries: 0 };
}

function hostBytes(from: number, to: number): Uint8Array {
  const bytes = current.machine.ram.readBytes(from, to - from);
  if (from <= HOST_TSS_TYPE && HOST_TSS_TYPE < to) bytes[HOST_TSS_TYPE - from] &= ~2;
  return bytes;
}

function must(holds: boolean, what: () => string): void {
  if (!holds) broken(what());
}

/** Where it is asked a million times, nobody can afford the sentence beforehand. */
function broken(what: string): never {
  throw new Error(`invariant: ${what}`);
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** All of them. With `host` false, without comparing the Host's own pages byte by byte. */
export function checkInvariants(seen: Watch, puppet: Puppet, host = true): void {
  seen.checks++;
  seen.entries += checkShadow(puppet);
  checkSwitcherTable(puppet.cpu);
  checkDescriptors(puppet.cpu);
  if (host) checkHost(seen);
}

/** Whose a frame is, for {@link checkShadow}; 0: neither's. */
const GUESTS = 1;
const LAUNCHERS = 2;

/**
 * No shadow entry leads out of the Guest's own memory, none makes the shared page of zeros writable, none is global or large (a bad entry kills, and what is
 * left in the tables of the dead is never loaded); the tables themselves are nobody else's; and each page is held exactly as often as it is mapped.
 */
function checkShadow({ lg, mm }: Puppet): number {
  const { frames } = current.data;
  const words = ramWords();
  const zero = frames.zeroPage / PAGE;
  const own = new Uint8Array(frames.refs.length);
  const pins = new Uint16Array(frames.refs.length);
  for (const { frames: mapped } of mm.areas)
    mapped.forEach((frame, page) => {
      own[frame] = page < lg.pfnLimit ? GUESTS : LAUNCHERS;
    });
  own[0] = own[zero] = 0;
  const forbidden = lg.dead === null ? PSE | GLOBAL : 0;
  const tables = new Set<number>();
  const addTable = (frame: number, what: string): void => {
    must(
      own[frame] === 0 && !tables.has(frame) && frames.refs[frame] === 1 && frames.maps[frame] === 0 && frame * PAGE >= 0xc000,
      () => `${what} at frame ${hex(frame)} is not the Host's alone`,
    );
    tables.add(frame);
  };
  let entries = 0;
  for (const { pgdir } of lg.pgdirs) {
    if (pgdir === 0) continue;
    addTable(pgdir / PAGE, 'a shadow directory');
    for (let index = 0; index < SWITCHER_INDEX; index++) {
      const directory = words[pgdir / 4 + index];
      if (directory === 0) continue;
      must((directory & PRESENT) !== 0 && (directory & forbidden) === 0, () => `shadow directory entry ${hex(directory)}`);
      addTable(directory >>> 12, 'a shadow page table');
      for (let at = (directory >>> 12) * 1024, end = at + 1024; at < end; at++) {
        const entry = words[at];
        if (entry === 0) continue;
        entries++;
        const frame = entry >>> 12;
        if ((entry & PRESENT) === 0 || (entry & forbidden) !== 0) broken(`shadow entry ${hex(entry)}`);
        const isOwn = own[frame] === GUESTS || (own[frame] === LAUNCHERS && lg.dead !== null) || (frame === zero && (entry & RW) === 0);
        if (!isOwn) broken(`shadow entry ${hex(entry)} at ${hex(index * 2 ** 22 + (at % 1024) * PAGE)} leads out of the Guest`);
        pins[frame]++;
      }
    }
  }
  for (let frame = 0; frame < own.length; frame++) {
    if (own[frame] !== 0 && frames.refs[frame] !== frames.maps[frame] + pins[frame])
      broken(`frame ${hex(frame)}: ${frames.refs[frame]} references, ${pins[frame]} shadow entries`);
  }
  return entries;
}

/** Of the last 4 MB a Guest sees text and state, read-only, and one writable page: its own registers. Nothing of it in ring 3. */
function checkSwitcherTable(cpu: LgCpu): void {
  const words = ramWords();
  const { switcherPages, switcherPtePages, sharedSwitcherPages } = lguestModule();
  const [table] = switcherPtePages;
  for (const { pgdir } of cpu.lg.pgdirs) {
    if (pgdir === 0) continue;
    const directory = words[pgdir / 4 + SWITCHER_INDEX];
    must(directory === 0 || (directory & ~0x60) === (table | PRESENT | RW), () => `directory entry of the Switcher ${hex(directory)}`);
  }
  const pages = lguestPages(0);
  const regsIndex = (pages.address - SWITCHER_ADDR) / PAGE;
  for (let index = 0; index < 1024; index++) {
    const entry = words[table / 4 + index];
    const flags = entry & 0xfff & ~0x60;
    const page = (entry & ~0xfff) >>> 0;
    if (index === regsIndex) {
      must(
        flags === (PRESENT | RW) && (page === cpu.regsPage || page === pages.regsPage || cpu.lastPages === 0),
        () => `registers page ${hex(entry)}`,
      );
    } else if (index < switcherPages.length) {
      must(
        flags === PRESENT && page === switcherPages[index],
        () => `page ${index} of the Switcher ${hex(entry)}, of ${sharedSwitcherPages} with text`,
      );
    } else if (WINDOWS && index >= 127) {
      must(
        entry === 0 || flags === PRESENT || (flags === (PRESENT | RW) && index >= 1022),
        () => `window ${index} of the Switcher's ${hex(entry)}`,
      );
    } else if (entry !== 0) broken(`page ${index} behind the Switcher ${hex(entry)}`);
  }
  const { cr0 } = current.machine.cpu;
  must((cr0 & 0x80010001) >>> 0 === 0x80010001, () => `CR0 ${hex(cr0)}: read-only must mean it in ring 1`);
}

/** With the patch M:012 the Switcher sees pages of the Guest's that runs: ring 3 does not, and two of them may be written. */
const WINDOWS = /M:012/.test(process.env.LGUEST_WITH ?? '');

const DIRECT_NEVER = new Set([2, 7, 8, 13, 14, 15, 31]);
const CODE_LIMIT = 0x0000ffff;
const FLAT_CODE = 0x00cf9b00;
const FLAT_DATA = 0x00cf9300;
/** The selector of a Guest's gates: its kernel's code, at ring 1. */
const RING1_GATE = 0x61;

/** In the tables the processor uses: ring 0 is the Switcher's alone, and every gate leads to one of its stubs or to ring 1. */
function checkDescriptors(cpu: LgCpu): void {
  const words = ramWords();
  const { statePage } = lguestPages(0);
  const { defaultIdtEntries } = lguestModule();
  const gdt = (statePage + RO_STATE.guestGdt) / 4;
  const tss = lguestPages(0).address + PAGE + RO_STATE.guestTss;
  for (let entry = 0; entry < 32; entry++) {
    const low = words[gdt + 2 * entry];
    const high = words[gdt + 2 * entry + 1];
    const wrong = (): string => `GDT entry ${entry}: ${hex(low)} ${hex(high)}`;
    if (entry === 10) must(low === CODE_LIMIT && high === FLAT_CODE, wrong);
    else if (entry === 11) must(low === CODE_LIMIT && high === FLAT_DATA, wrong);
    else if (entry === 16)
      must(
        low === (0x67 | (tss << 16)) >>> 0 && (high & ~0x200) >>> 0 === (0x8900 | (tss & 0xff000000) | ((tss >>> 16) & 0xff)) >>> 0,
        wrong,
      );
    else if (entry === 31) must(low === 0 && high === 0, wrong);
    else checkGuestDescriptor(high, wrong);
  }
  for (let entry = 0; entry < 32; entry++) {
    if ([10, 11, 16, 31].includes(entry)) continue;
    checkGuestDescriptor(cpu.arch.gdt[2 * entry + 1], () => `the Guest's entry ${entry}`);
  }
  const idt = (statePage + RO_STATE.guestIdt) / 4;
  for (let vector = 0; vector < 256; vector++) {
    const low = words[idt + 2 * vector];
    const high = words[idt + 2 * vector + 1];
    const stub = defaultIdtEntries[vector];
    const isDefault =
      low === ((0x50 << 16) | (stub & 0xffff)) >>> 0 && high === ((stub & 0xffff0000) | 0x8e00 | (vector === 31 ? 0x2000 : 0)) >>> 0;
    const mayBeDirect = (vector < 32 || vector === 0x80) && !DIRECT_NEVER.has(vector);
    const isDirect = mayBeDirect && low >>> 16 === RING1_GATE && (high & 0x9fff) === 0x8f00;
    if (!isDefault && !isDirect) broken(`gate ${vector}: ${hex(low)} ${hex(high)}`);
  }
}

/** A segment of ring 1 to 3, or a system descriptor that is no call gate; or nothing. */
function checkGuestDescriptor(high: number, wrong: () => string): void {
  if ((high & 0x8000) === 0) return;
  must((high & 0x6000) !== 0, wrong);
  const system = (high & 0x1000) === 0;
  const type = (high >>> 8) & 0xf;
  must(!system || (type !== 4 && type !== 0xc), wrong);
}

/** The Host's tables, code and descriptors, the Switcher's text and the fixed part of its state are as they were. */
function checkHost(seen: Watch): void {
  FIXED.forEach(([from, to], i) => {
    const at = firstDifference(hostBytes(from, to), seen.fixed[i]);
    must(at < 0, () => `the Host's memory changed at ${hex(from + at)}`);
  });
  const text = switcherText();
  const { switcherPages } = lguestModule();
  for (let at = 0; at < text.length; at += PAGE) {
    const piece = text.subarray(at, at + PAGE);
    const differs = firstDifference(current.machine.ram.readBytes(switcherPages[at / PAGE], piece.length), piece);
    must(differs < 0, () => `the Switcher's text changed at ${hex(at + differs)}`);
  }
  const { ram, cpu } = current.machine;
  const { statePage, address } = lguestPages(0);
  const { gdt, idt } = current.data.boot;
  const table = (at: number): string => `${ram.read16(statePage + at)} ${hex(ram.read32(statePage + at + 2))}`;
  const state = address + PAGE;
  must(
    table(RO_STATE.hostIdtDesc) === `2047 ${hex(idt)}` && table(RO_STATE.hostGdtDesc) === `255 ${hex(gdt)}`,
    () => 'the way back to the Host changed',
  );
  must(
    table(RO_STATE.guestIdtDesc) === `2047 ${hex(state + RO_STATE.guestIdt)}` &&
      table(RO_STATE.guestGdtDesc) === `255 ${hex(state + RO_STATE.guestGdt)}`,
    () => 'the tables moved',
  );
  const tss = statePage + RO_STATE.guestTss;
  must(
    ram.read32(tss + TSS.esp0) >>> 0 === state && ram.read16(tss + TSS.ss0) === 0x58 && ram.read16(tss + TSS.ioBitmapBase) === 104,
    () => 'the TSS changed',
  );
  must((ram.read16(tss + TSS.ss1) & 3) !== 0 || ram.read16(tss + TSS.ss1) === 0, () => 'ring 1 would get a stack of ring 0');
  if (!current.data.tasks.entered)
    must(cpu.cpl === 0 && cpu.cr3 === current.data.boot.pageDirectory, () => `the Host is in ring ${cpu.cpl} on ${hex(cpu.cr3)}`);
}

/** Does every shadow entry of a Guest give at most what `allowed` says? It names a directory and an address and gets Guest page and rights; null: nothing. */
export function checkGrants(
  { lg, mm }: Puppet,
  allowed: (gpgdir: number, vaddr: number) => { page: number; rights: number } | null | 'unannounced',
): void {
  const words = ramWords();
  const area = mm.areas.find(({ start }) => start === lg.memBase)!;
  for (const { gpgdir, pgdir } of lg.pgdirs) {
    if (pgdir === 0) continue;
    for (let index = 0; index < SWITCHER_INDEX; index++) {
      const directory = words[pgdir / 4 + index];
      if ((directory & PRESENT) === 0) continue;
      for (let low = 0; low < 1024; low++) {
        const entry = words[(directory >>> 12) * 1024 + low];
        if ((entry & PRESENT) === 0) continue;
        const vaddr = (index * 1024 + low) * PAGE;
        const own = allowed(gpgdir, vaddr);
        if (own === 'unannounced') continue;
        const given = entry & directory & (RW | USER);
        must(
          own !== null && area.frames[own.page] === entry >>> 12 && (given & ~own.rights) === 0,
          () =>
            `shadow ${hex(entry)} at ${hex(vaddr)} of directory ${hex(gpgdir)}, where the Guest has ${own === null ? 'nothing' : `page ${hex(own.page)} with ${own.rights}`}`,
        );
      }
    }
  }
}

let view: Uint32Array | null = null;

/** Physical memory as words. */
function ramWords(): Uint32Array {
  const { bytes } = current.machine.ram;
  if (view?.buffer !== bytes.buffer) view = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return view;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return a.length;
}
