/** The way of an address through a Guest's page tables and through their shadow, and the fault that an access would meet. From the folded tables of the view, which lose nothing. */
import type { DirectoryView, RunView, TreeView } from '../protocol.ts';

export const PAGE = 4096;
const WORD = 4;
const ENTRIES = 1024;
/** Flags of an entry (Intel SDM vol. 3, 4.3). */
export const PRESENT = 1;
const RW = 2;
const USER = 4;
/** In a directory: a page of 4 MB. */
export const LARGE = 0x80;
/** The flags that the Host takes in a directory entry: present, writable, for ring 3, accessed, dirty. */
const PLAIN = 0x67;
/** Bits of a page fault's error code (Intel SDM vol. 3, 4.7). */
const PROTECTION = 1;

/** What is tried. */
export interface Access {
  readonly write: boolean;
  /** In ring 3. */
  readonly user: boolean;
}

/** An entry met on the way. */
export interface Step {
  /** Its index. */
  readonly index: number;
  /** Where it stands: Guest-physical in the Guest's tables, else physical. */
  readonly at: number;
  /** Where that really is; null: nowhere. */
  readonly physical: number | null;
  readonly entry: number;
}

/** A way through one of the two. */
export interface Way {
  readonly steps: readonly Step[];
  /** Where it leads: Guest-physical by the Guest's tables, else physical; null where it leads nowhere. */
  readonly to: number | null;
  /** The error code of the page fault, as the processor would tell it; null where the access goes through. */
  readonly error: number | null;
}

/** The three parts of an address. */
export function partsOf(address: number): { readonly directory: number; readonly table: number; readonly offset: number } {
  return { directory: address >>> 22, table: (address >>> 12) & (ENTRIES - 1), offset: address & (PAGE - 1) };
}

/** Which side of a tree. */
export type Side = 'guest' | 'shadow';

/** The entry of a run that stands at an index of the table; both are words. */
export function entryOf(run: RunView, side: Side, index: number): number {
  const by = index - run.index;
  const first = run[side];
  if (!(first & PRESENT)) return first;
  if (side === 'shadow' && run.pages !== null) return (run.pages[by] | (first & (PAGE - 1))) >>> 0;
  return (first + by * PAGE) >>> 0;
}

/** The run that has an index, if any has. */
export function runAt(directory: DirectoryView | undefined, index: number): RunView | undefined {
  return directory?.runs.find((run) => index >= run.index && index < run.index + run.count);
}

/** Goes the way of an address, as the processor would with these tables. */
export function wayOf(tree: TreeView, side: Side, address: number, { write, user }: Access): Way {
  const { directory: index, table, offset } = partsOf(address);
  const code = (write ? RW : 0) | (user ? USER : 0);
  const directory = tree.directories.find((one) => one.index === index);
  const at = (side === 'guest' ? tree.gpgdir : tree.shadowDirectory) + index * WORD;
  const entry = directory?.[side] ?? 0;
  const physical = side === 'shadow' ? at : behind(tree.guestDirectory, index);
  const steps: Step[] = [{ index, at, physical, entry }];
  if (directory === undefined || !(entry & PRESENT)) return { steps, to: null, error: code };
  if (entry & LARGE) return { steps, to: ((entry & 0xffc00000) | (address & 0x3fffff)) >>> 0, error: denied(entry, code, tree) };
  const run = runAt(directory, table);
  const page = run === undefined ? 0 : entryOf(run, side, table);
  const tableAt = pageOf(entry) + table * WORD;
  steps.push({
    index: table,
    at: tableAt,
    physical: side === 'shadow' ? tableAt : behind(directory.guestTable, table),
    entry: page,
  });
  if (!(page & PRESENT)) return { steps, to: null, error: code };
  return { steps, to: pageOf(page) + offset, error: denied(entry & page, code, tree) };
}

function behind(table: number | null, index: number): number | null {
  return table === null ? null : table + index * WORD;
}

/** The page that an entry leads to. */
export function pageOf(entry: number): number {
  return (entry & ~(PAGE - 1)) >>> 0;
}

/** Both levels must allow it; what a kernel may write, CR0.WP decides. */
function denied(rights: number, code: number, { writeProtect }: TreeView): number | null {
  const mayWrite = (rights & RW) !== 0 || (!(code & USER) && !writeProtect);
  return (code & USER && !(rights & USER)) || (code & RW && !mayWrite) ? code | PROTECTION : null;
}

/** What becomes of an access. */
export type Verdict =
  /** It goes through. */
  | { readonly kind: 'through' }
  /** A page fault that the Host mends, of which the Guest never hears. */
  | { readonly kind: 'hidden'; readonly error: number }
  /** A page fault, which the Guest is told of with an error code of its own. */
  | { readonly kind: 'own'; readonly error: number; readonly told: number }
  /** A page fault for which the Host ends the Guest: it claims what no Guest may. */
  | { readonly kind: 'dies'; readonly error: number; readonly reason: string };

/** What becomes of an access to an address: the processor asks the shadow; the Host, where that faults, the Guest's tables, whose write protection binds every ring. */
export function verdictOf(tree: TreeView, address: number, access: Access): Verdict {
  const { error } = wayOf(tree, 'shadow', address, access);
  if (error === null) return { kind: 'through' };
  const { steps, to, error: own } = wayOf({ ...tree, writeProtect: true }, 'guest', address, access);
  const [directory, page] = steps;
  const isSwitcher = address >>> 22 === ENTRIES - 1;
  const told = isSwitcher ? error : (error & ~PROTECTION) | (to === null ? 0 : PROTECTION);
  if (!(directory.entry & PRESENT)) return { kind: 'own', error, told };
  if (directory.entry & (PAGE - 1) & ~PLAIN || pageOf(directory.entry) >= tree.limit)
    return { kind: 'dies', error, reason: 'a directory entry that no Guest may have' };
  if (isSwitcher) return { kind: 'dies', error, reason: 'the last 4 MB are the Switcher’s' };
  if (own !== null) return { kind: 'own', error, told };
  if (page.entry & LARGE || pageOf(page.entry) >= tree.limit) return { kind: 'dies', error, reason: 'a page entry that no Guest may have' };
  return { kind: 'hidden', error };
}
