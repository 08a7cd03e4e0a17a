/**
 * The shadow page tables against a reference that has none. A Guest edits its own tables at random, and tells the Host when the ABI asks for it, or does not;
 * then real instructions in ring 1 and ring 3 touch memory. For every page whose mapping has been announced the Guest must see what a processor without any
 * cache would show it, by walking the Guest's own tables: the same faults, the same bytes.
 */
import { expect, test } from 'vitest';
import { LHCALL } from '#tangled/host/lg.ts';
import { Dice, effort } from '#testing';
import { access, HANDLER_GATE, pokeAccessCode } from './access.ts';
import { checkGrants, checkInvariants, watch } from './invariants.ts';
import type { Watch } from './invariants.ts';
import { buildStage, closeGuest, hypercall, KERNEL, LAYOUT, openGuest, PAGE, peek, poke } from './stage.ts';
import type { Puppet, Stage } from './stage.ts';

const P = 1;
const RW = 2;
const USER = 4;
const A = 0x20;
const D = 0x40;
const GLOBAL = 0x100;

/** Six directories share four shadows. Each has two tables for the program's two regions, and a spare for each; all share one of the kernel's. */
const DIRECTORIES = [0x20, 0x21, 0x22, 0x23, 0x24, 0x25];
const KERNEL_TABLE = 0x26;
const FIRST_TABLE = 0x30;
/** The regions' indices in a directory, and that of the kernel's pages that change; the code and the stack are mapped beside them for good. */
const REGIONS = [1, 2];
const KERNEL_INDEX = (KERNEL >>> 22) + 1;
/** Pages looked at in each region. */
const SPAN = 6;
const DATA = 0x80;
const DATA_PAGES = 24;

interface Model {
  puppet: Puppet;
  dice: Dice;
  /** Directory page in use. */
  directory: number;
  /** Mappings changed behind the Host's back: `directory:page`, or `kernel:page`. */
  stale: Set<string>;
  /** Mappings whose Accessed and Dirty bits the Host need not keep, of page or directory: they were changed in silence. */
  unmarked: Set<string>;
}

interface Tally {
  accesses: number;
  faults: number;
  hidden: number;
  edits: number;
  calls: number;
}

const vaddrOf = (index: number, low: number): number => (index * 1024 + low) * PAGE;
const tableOf = (directory: number, region: number, spare: boolean): number =>
  FIRST_TABLE + DIRECTORIES.indexOf(directory) * 4 + region * 2 + (spare ? 1 : 0);
const name = (directory: number, vaddr: number): string => `${vaddr >= KERNEL ? 'kernel' : directory}:${vaddr >>> 12}`;

function open(dice: Dice): Model {
  const puppet = openGuest();
  hypercall(puppet, LHCALL.LGUEST_INIT, LAYOUT.data * PAGE);
  hypercall(puppet, LHCALL.LOAD_GDT, LAYOUT.gdt * PAGE, 32);
  // The handler is never run: what matters is that there is one.
  hypercall(puppet, LHCALL.LOAD_IDT_ENTRY, 14, ...HANDLER_GATE);
  for (const directory of DIRECTORIES) {
    poke(puppet, directory * PAGE + 4 * (KERNEL >>> 22), [(LAYOUT.kernel * PAGE) | 0x67]);
    poke(puppet, directory * PAGE + 4 * KERNEL_INDEX, [(KERNEL_TABLE * PAGE) | 0x67]);
    REGIONS.forEach((index, region) => poke(puppet, directory * PAGE + 4 * index, [(tableOf(directory, region, false) * PAGE) | 0x67]));
  }
  pokeAccessCode(puppet);
  for (let page = 0; page < DATA_PAGES; page++) poke(puppet, (DATA + page) * PAGE, [dice.word()]);
  hypercall(puppet, LHCALL.SET_STACK, 0x69, KERNEL + (LAYOUT.stack + 1) * PAGE, 1);
  const model = { puppet, dice, directory: DIRECTORIES[0], stale: new Set<string>(), unmarked: new Set<string>() };
  hypercall(puppet, LHCALL.NEW_PGTABLE, model.directory * PAGE);
  return model;
}

/**
 * What a processor without memory of its own would find. Rights: RW and USER of both levels; marks: what has been used and written. The kernel's half of the
 * shadows is common to all directories, so which of them has the mark there depends on which was in use.
 */
function walk({ puppet }: Model, directory: number, vaddr: number): { page: number; rights: number; used: boolean; dirty: boolean } | null {
  const upper = peek(puppet, directory * PAGE + 4 * (vaddr >>> 22));
  if ((upper & P) === 0) return null;
  const entry = peek(puppet, (upper & ~0xfff) + 4 * ((vaddr >>> 12) & 0x3ff));
  if ((entry & P) === 0) return null;
  return {
    page: entry >>> 12,
    rights: entry & upper & (RW | USER),
    used: (entry & (upper | (vaddr >= KERNEL ? A : 0)) & A) !== 0,
    dirty: (entry & D) !== 0,
  };
}

function randomEntry(dice: Dice): number {
  let entry = (DATA + dice.below(DATA_PAGES)) * PAGE;
  if (!dice.oneIn(5)) entry |= P;
  if (!dice.oneIn(3)) entry |= RW;
  if (!dice.oneIn(3)) entry |= USER;
  if (dice.oneIn(2)) entry |= A;
  if (dice.oneIn(3)) entry |= D;
  if (dice.oneIn(8)) entry |= GLOBAL;
  if (dice.oneIn(8)) entry |= 0xe00;
  return entry;
}

/** May this change go untold? The Host looks again whenever its own entry forbids an access, so what only allows more need not be announced. */
function onlyAllowsMore(old: number, entry: number): boolean {
  if ((old & P) === 0) return true;
  return (entry & P) !== 0 && old >>> 12 === entry >>> 12 && (old & (RW | USER) & ~entry) === 0;
}

/** One page entry, of the kernel's or of one of the programs', linked at present or not. */
function editPage({ puppet, dice, stale, unmarked }: Model): void {
  const ofKernel = dice.oneIn(4);
  const directory = dice.pick(DIRECTORIES);
  const region = dice.below(2);
  const low = dice.below(SPAN);
  const spare = dice.oneIn(4);
  const table = ofKernel ? KERNEL_TABLE : tableOf(directory, region, spare);
  const vaddr = vaddrOf(ofKernel ? KERNEL_INDEX : REGIONS[region], low);
  const linked = ofKernel || peek(puppet, directory * PAGE + 4 * REGIONS[region]) >>> 12 === table;
  const at = table * PAGE + 4 * low;
  const old = peek(puppet, at);
  const entry = randomEntry(dice);
  poke(puppet, at, [entry]);
  // An unlinked table is nobody's mapping, unless it was unlinked in silence: then every page of the region is stale anyhow.
  if (!linked) return;
  if (dice.oneIn(3)) {
    if (!onlyAllowsMore(old, entry)) stale.add(name(directory, vaddr));
    unmarked.add(name(directory, vaddr));
    return;
  }
  unmarked.delete(name(directory, vaddr));
  hypercall(puppet, LHCALL.SET_PTE, directory * PAGE, vaddr, entry);
  stale.delete(name(directory, vaddr));
}

/** Another page table for a region of a directory, or other rights to it, or none. The kernel's is the same in all directories, always. */
function editDirectory({ puppet, dice, stale, unmarked }: Model): void {
  const ofKernel = dice.oneIn(4);
  const directory = dice.pick(DIRECTORIES);
  const region = dice.below(2);
  const index = ofKernel ? KERNEL_INDEX : REGIONS[region];
  const table = ofKernel ? KERNEL_TABLE : tableOf(directory, region, dice.oneIn(2));
  const rights = dice.oneIn(2) ? RW | USER : dice.word() & (RW | USER);
  const entry = dice.oneIn(4) ? 0 : (table * PAGE) | P | rights | (dice.word() & (A | D));
  const old = peek(puppet, directory * PAGE + 4 * index);
  const tell = !dice.oneIn(4);
  for (const one of ofKernel ? DIRECTORIES : [directory]) {
    poke(puppet, one * PAGE + 4 * index, [entry]);
    if (tell) hypercall(puppet, LHCALL.SET_PMD, one * PAGE, index);
  }
  for (let low = 0; low < SPAN; low++) {
    const key = name(directory, vaddrOf(index, low));
    if (tell) stale.delete(key);
    else if (!onlyAllowsMore(old, entry)) stale.add(key);
    if (tell) unmarked.delete(key);
    else unmarked.add(key);
  }
}

function flush({ puppet, dice, stale, unmarked, directory }: Model): void {
  const all = dice.oneIn(4);
  hypercall(puppet, LHCALL.FLUSH_TLB, all ? 1 : 0);
  for (const keys of [stale, unmarked]) for (const key of keys) if (all || key.startsWith(`${directory}:`)) keys.delete(key);
}

function switchTo(model: Model): void {
  model.directory = model.dice.pick(DIRECTORIES);
  hypercall(model.puppet, LHCALL.NEW_PGTABLE, model.directory * PAGE);
}

function look(model: Model, tally: Tally): void {
  const { puppet, dice, directory, stale, unmarked } = model;
  const vaddr = vaddrOf(dice.pick([...REGIONS, KERNEL_INDEX]), dice.below(SPAN)) + 4 * dice.below(4);
  const user = dice.oneIn(2);
  const write = dice.oneIn(2) ? dice.word() : null;
  if (stale.has(name(directory, vaddr))) return;
  tally.accesses++;
  const own = walk(model, directory, vaddr);
  const allowed = own !== null && (write === null || (own.rights & RW) !== 0) && (!user || (own.rights & USER) !== 0);
  const before = own === null ? 0 : peek(puppet, own.page * PAGE + (vaddr % PAGE));
  const entryAt = own === null ? 0 : (peek(puppet, directory * PAGE + 4 * (vaddr >>> 22)) & ~0xfff) + 4 * ((vaddr >>> 12) & 0x3ff);
  const entryBefore = peek(puppet, entryAt);
  const seen = access(puppet, { vaddr, write, user }, () => tally.hidden++);
  const what = `${user ? 'ring 3' : 'ring 1'} ${write === null ? 'reads' : 'writes'} 0x${vaddr.toString(16)}, entry 0x${entryBefore.toString(16)}`;
  expect(seen.fault, what).toBe(!allowed);
  if (seen.fault) {
    tally.faults++;
    expect(seen.error, what).toBe((own === null ? 0 : P) | (write === null ? 0 : RW) | (user ? USER : 0));
  } else if (write === null) {
    expect(seen.value, what).toBe(before);
  }
  if (own !== null) {
    expect(peek(puppet, own.page * PAGE + (vaddr % PAGE)), what).toBe(seen.fault || write === null ? before : write);
    expect(peek(puppet, entryAt) & ~(A | D), `${what}: the entry itself`).toBe((entryBefore & ~(A | D)) >>> 0);
    const marks = seen.fault || unmarked.has(name(directory, vaddr)) ? 0 : write === null ? A : A | D;
    expect(peek(puppet, entryAt) & marks, `${what}: accessed, dirty`).toBe(marks);
    if (vaddr < KERNEL) expect(peek(puppet, directory * PAGE + 4 * (vaddr >>> 22)) & marks & A, `${what}: the directory's`).toBe(marks & A);
  }
}

function play(stage: Stage, seen: Watch, seed: number, steps: number, tally: Tally): void {
  const dice = new Dice(seed);
  const model = open(dice);
  for (let step = 0; step < steps; step++) {
    const action = dice.below(100);
    if (action < 50) look(model, tally);
    else if (action < 80) editPage(model);
    else if (action < 87) editDirectory(model);
    else if (action < 91) flush(model);
    else switchTo(model);
    if (action >= 50) tally.edits++;
    if (model.puppet.lg.dead !== null) throw new Error(`step ${step}: dead: ${model.puppet.lg.dead}`);
    checkInvariants(seen, model.puppet, step % 16 === 0);
    checkGrants(model.puppet, (gpgdir, vaddr) => {
      const key = name(gpgdir / PAGE, vaddr);
      if (model.stale.has(key)) return 'unannounced';
      const own = walk(model, gpgdir / PAGE, vaddr);
      if (own === null || model.unmarked.has(key)) return own;
      // What has no mark yet must not be in the shadow, and what is not dirty must not be writable there.
      return own.used ? { page: own.page, rights: own.dirty ? own.rights : own.rights & ~RW } : null;
    });
  }
  closeGuest(stage, model.puppet);
}

const SEEDS = Math.ceil(12 * effort());
const STEPS = 1500;

test(`${SEEDS} Guests, ${STEPS} steps each: what the Guest sees is what its own tables say`, {
  timeout: 300_000 * Math.max(1, effort()),
}, () => {
  const tally = { accesses: 0, faults: 0, hidden: 0, edits: 0, calls: 0 };
  const stage = buildStage({ seed: 5 });
  const seen = watch();
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      play(stage, seen, seed, STEPS, tally);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  tally.calls = stage.hypercalls;
  process.stdout.write(`page tables: ${JSON.stringify({ ...tally, checks: seen.checks, entries: seen.entries })}\n`);
  // The dice must have made something worth seeing.
  expect(tally.faults).toBeGreaterThan(tally.accesses / 10);
  expect(tally.accesses - tally.faults).toBeGreaterThan(tally.accesses / 10);
  expect(tally.hidden).toBeGreaterThan(tally.accesses / 10);
});
