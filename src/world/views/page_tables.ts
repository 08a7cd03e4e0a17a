/** A Guest's page tables beside the shadow that the Host makes of them, entry by entry. Nothing is touched by looking. */
import { lookUp } from '#hostos';
import type { Kernel } from '#hostos';
import { pageBits } from '#machine';
import type { Machine, Ram } from '#machine';
import type { LguestProgram, ProgramGuest } from '../program.ts';
import { physicalOf } from './guest_memory.ts';

const PAGE = 4096;
const { PTE_P, PTE_RW, PTE_US, PTE_A, PTE_D, PTE_PS, PTE_G } = pageBits;
const ENTRIES = 1024;
/** Entries of directories and tables are words. */
const WORD = 4;
const FLAGS = 0xfff;
const CR0_WP = 0x10000;

/**
 * In what an entry of the shadow differs from the Guest's, beside its page number:
 * `unfilled`: the Guest has an entry, the shadow none yet; `left`: the shadow has one, the Guest none any more; `elsewhere`: it leads to another page than is behind the Guest's now;
 * `clean`: writing is withheld until the page is written to by this entry, and so becomes dirty; `directory`: the Guest's directory forbids what its entry allows; `rights`: they differ in another way; `marks`: accessed and
 * dirty differ; `global`: not kept over a change of tables; `flags`: others differ; `switcher`: the last 4 MB, which no Guest has.
 */
export type Difference = (typeof DIFFERENCES)[number];

const DIFFERENCES = ['unfilled', 'left', 'elsewhere', 'clean', 'directory', 'rights', 'marks', 'global', 'flags', 'switcher'] as const;
/** The same as bits of a number. */
const [UNFILLED, LEFT, ELSEWHERE, CLEAN, DIRECTORY, RIGHTS, MARKS, GLOBALS, OTHERS, SWITCHER] = DIFFERENCES.map((_, n) => 1 << n);

const named = (differences: number): readonly Difference[] => DIFFERENCES.filter((_, n) => (differences >> n) & 1);

/** Entries of a page table that follow each other: alike in everything, and each of the Guest's leads to the page behind the one before. */
export interface RunView {
  /** The first, of 1024, and how many. */
  readonly index: number;
  readonly count: number;
  /** The first of the Guest's, and of the shadow's: words. In those behind the page number is one more each, where the entry is present. */
  readonly guest: number;
  readonly shadow: number;
  /** The pages of the shadow's, where they do not lie one behind the other. */
  readonly pages: readonly number[] | null;
  readonly why: readonly Difference[];
}

/** An entry of a directory, and the page tables that it leads to. */
export interface DirectoryView {
  readonly index: number;
  readonly guest: number;
  readonly shadow: number;
  readonly why: readonly Difference[];
  /** Physical addresses of the two page tables; null: there is none. */
  readonly guestTable: number | null;
  readonly shadowTable: number | null;
  readonly runs: readonly RunView[];
}

/** A directory of the Guest's, and its shadow. */
export interface TreeView {
  /** Which Guest: 0, 1, … */
  readonly guest: number;
  /** Its Launcher is gone: so it was. */
  readonly ended: boolean;
  /** The Guest runs with it. */
  readonly current: boolean;
  /** Guest-physical address of the Guest's directory, and the physical one, if its page is there; physical address of the shadow's. */
  readonly gpgdir: number;
  readonly guestDirectory: number | null;
  readonly shadowDirectory: number;
  /** Pages that the shadow has. */
  readonly filled: number;
  /** First Guest-physical address that no entry of the Guest's may name. */
  readonly limit: number;
  /** Whether write protection binds ring 1, too: CR0.WP. */
  readonly writeProtect: boolean;
  readonly directories: readonly DirectoryView[];
}

/** What this view looks at. */
export interface PageTablesSight {
  readonly program: Pick<LguestProgram, 'guests'>;
  readonly machine: { readonly ram: Pick<Ram, 'readBytes' | 'size'>; readonly cpu: Pick<Machine['cpu'], 'cr0'> };
  readonly kernel: Kernel;
}

/** All directories that have a shadow, of all Guests whose Launchers live; the one in use first. */
export function viewPageTables({ program, machine: { ram, cpu }, kernel }: PageTablesSight): TreeView[] {
  const writeProtect = (cpu.cr0 & CR0_WP) !== 0;
  return program.guests(kernel).flatMap((guest) => {
    const { tables = 0, shadows = [] } = guest.cpu ?? {};
    return shadows
      .filter(({ pgdir }) => pgdir !== 0)
      .map(({ gpgdir, pgdir }) => treeOf(guest, ram, gpgdir, pgdir, pgdir === tables, writeProtect))
      .sort((a, b) => Number(b.current) - Number(a.current));
  });
}

function treeOf(
  guest: ProgramGuest,
  ram: PageTablesSight['machine']['ram'],
  gpgdir: number,
  pgdir: number,
  current: boolean,
  writeProtect: boolean,
): TreeView {
  const wish = guestWords(guest, ram, gpgdir);
  const truth = words(ram, pgdir);
  const directories: DirectoryView[] = [];
  let filled = 0;
  for (let index = 0; index < ENTRIES; index++) {
    const [wished, real] = [wish[index], truth[index]];
    if (!((wished | real) & PTE_P)) continue;
    const isSwitcher = index === ENTRIES - 1;
    const at = pageOf(wished);
    const hasTable = (wished & (PTE_P | PTE_PS)) === PTE_P;
    const wishes = hasTable ? guestWords(guest, ram, at) : NONE;
    const reals = real & PTE_P ? words(ram, pageOf(real)) : NONE;
    const runs = runsOf(wishes, reals, (entry, shadow) => (isSwitcher ? SWITCHER : differences(guest, wished, entry, shadow)));
    if (!isSwitcher) for (let i = 0; i < ENTRIES; i++) filled += reals[i] & PTE_P;
    directories.push({
      index,
      guest: wished,
      shadow: real,
      why: named(isSwitcher ? SWITCHER : !(real & PTE_P) ? UNFILLED : !(wished & PTE_P) ? LEFT : 0),
      guestTable: hasTable ? physicalPage(guest, at) : null,
      shadowTable: real & PTE_P ? pageOf(real) : null,
      runs,
    });
  }
  const guestDirectory = physicalPage(guest, gpgdir);
  return {
    guest: guest.tty,
    ended: false,
    current,
    gpgdir,
    guestDirectory,
    shadowDirectory: pgdir,
    filled,
    limit: guest.guestLimit,
    writeProtect,
    directories,
  };
}

const NONE = new Uint32Array(ENTRIES);

/** Entries that are there, in one or in both, folded. @param why in what two differ */
function runsOf(wishes: Uint32Array, reals: Uint32Array, why: (entry: number, shadow: number) => number): readonly RunView[] {
  const runs: RunView[] = [];
  for (let index = 0; index < ENTRIES; ) {
    const [guest, shadow] = [wishes[index], reals[index]];
    if (!((guest | shadow) & PTE_P)) {
      index++;
      continue;
    }
    const reasons = why(guest, shadow);
    let count = 1;
    let inOrder = true;
    while (index + count < ENTRIES) {
      const [next, nextShadow] = [wishes[index + count], reals[index + count]];
      if (!((next | nextShadow) & PTE_P) || next !== nextEntry(guest, count)) break;
      if ((nextShadow & FLAGS) !== (shadow & FLAGS) || (!(shadow & PTE_P) && nextShadow !== shadow)) break;
      if (why(next, nextShadow) !== reasons) break;
      inOrder &&= nextShadow === nextEntry(shadow, count);
      count++;
    }
    const pages = inOrder ? null : Array.from(reals.subarray(index, index + count), pageOf);
    runs.push({ index, count, guest, shadow, pages, why: named(reasons) });
    index += count;
  }
  return runs;
}

/** What stands so many entries behind one, if it is in order. */
function nextEntry(entry: number, by: number): number {
  return entry & PTE_P ? (entry + by * PAGE) >>> 0 : entry;
}

function differences(guest: ProgramGuest, directory: number, entry: number, shadow: number): number {
  if (!(shadow & PTE_P)) return UNFILLED;
  if (!(directory & entry & PTE_P)) return LEFT;
  const [withheld, given] = [entry & ~shadow & (PTE_RW | PTE_US), shadow & ~entry & (PTE_RW | PTE_US)];
  const isClean = (withheld & directory & PTE_RW) !== 0 && !(shadow & PTE_D);
  const differs = (entry ^ shadow) & FLAGS;
  const isElsewhere = lookUp(guest.mm, guest.guestBase + pageOf(entry)) !== pageOf(shadow);
  return (
    (isElsewhere ? ELSEWHERE : 0) |
    (isClean ? CLEAN : 0) |
    (withheld & ~directory ? DIRECTORY : 0) |
    (given || withheld & directory & ~(isClean ? PTE_RW : 0) ? RIGHTS : 0) |
    (differs & (PTE_A | PTE_D) ? MARKS : 0) |
    (differs & PTE_G ? GLOBALS : 0) |
    (differs & ~(PTE_RW | PTE_US | PTE_A | PTE_D | PTE_G) ? OTHERS : 0)
  );
}

function pageOf(entry: number): number {
  return (entry & ~FLAGS) >>> 0;
}

/** The physical address of a place in the Guest's memory, if there is a page. */
function physicalPage(guest: ProgramGuest, address: number): number | null {
  const physical = physicalOf(guest, address);
  return typeof physical === 'number' ? physical : null;
}

/** A page of real memory as words. */
function words(ram: PageTablesSight['machine']['ram'], page: number): Uint32Array {
  return page + PAGE > ram.size ? NONE : new Uint32Array(ram.readBytes(page, PAGE).buffer);
}

/** As many bytes of the Guest's memory, from wherever it says that a table begins: that need not be a page's beginning. What is not there is zero. */
function guestWords(guest: ProgramGuest, ram: PageTablesSight['machine']['ram'], address: number): Uint32Array {
  if (address % PAGE === 0) {
    const page = physicalPage(guest, address);
    return page === null ? NONE : words(ram, page);
  }
  const bytes = new Uint8Array(ENTRIES * WORD);
  for (let done = 0; done < bytes.length; ) {
    const at = (address + done) >>> 0;
    const count = Math.min(bytes.length - done, PAGE - (at % PAGE));
    const physical = physicalPage(guest, at);
    if (physical !== null) bytes.set(ram.readBytes(physical, count), done);
    done += count;
  }
  return new Uint32Array(bytes.buffer);
}
