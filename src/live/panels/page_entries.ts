/** Entries of page tables in words, and which of them are not as they were. */
import type { Difference, DirectoryView, RunView, TreeView } from '../protocol.ts';
import { entryOf, LARGE, PRESENT, runAt } from './page_walk.ts';

/** Flags that are shown, by the letter of each (Intel SDM vol. 3, 4.3). */
const LETTERS: readonly (readonly [bit: number, letter: string, word: string])[] = [
  [0x002, 'w', 'writable'],
  [0x004, 'u', 'for ring 3'],
  [0x020, 'a', 'accessed'],
  [0x040, 'd', 'dirty'],
];
const RARE: readonly (readonly [bit: number, letter: string, word: string])[] = [
  [0x100, 'g', 'global'],
  [0x080, 'L', '4 MB'],
  [0x008, 't', 'write-through'],
  [0x010, 'n', 'not cached'],
];

/** What each letter means. */
export const LEGEND = LETTERS.map(([, letter, word]) => `${letter} ${word}`).join(', ');

/** The flags of an entry: `wu-d`, and the rare ones behind. */
export function flagsOf(entry: number): string {
  const usual = LETTERS.map(([bit, letter]) => (entry & bit ? letter : '-')).join('');
  return (
    usual +
    RARE.filter(([bit]) => entry & bit)
      .map(([, letter]) => letter)
      .join('')
  );
}

/** An entry for those who hear it. */
export function spokenEntry(entry: number): string {
  if (!(entry & PRESENT)) return 'nothing';
  const flags = [...LETTERS, ...RARE].filter(([bit]) => entry & bit).map(([, , word]) => word);
  return `page ${(entry >>> 12).toString(16)}${entry & LARGE ? ', of 4 MB' : ''}, ${flags.length === 0 ? 'no flags' : flags.join(', ')}`;
}

/** Differences, in a word or two, and in a sentence. */
export const DIFFERENCES: Readonly<Record<Difference, readonly [short: string, long: string]>> = {
  unfilled: ['not filled', 'Nothing has come by here since the shadow was last emptied. The next access faults, and the Host fills it in.'],
  left: ['left over', 'The Guest has no such entry any more, and the shadow has not heard of it.'],
  elsewhere: ['another page', 'The shadow leads to another page of real memory than is behind the Guest’s page now.'],
  clean: [
    'writes withheld',
    'Read-only until something is written here: that faults, and the Host marks the page dirty in the Guest’s entry.',
  ],
  directory: ['as its directory', 'The Guest’s directory forbids what its page entry allows. In the shadow, the page entry says so.'],
  rights: ['other rights', 'The two allow different things.'],
  marks: ['other marks', 'Accessed and dirty are not the same in both.'],
  global: ['not global', 'The shadow’s entries are forgotten whenever other tables are loaded.'],
  flags: ['other flags', 'Flags that are neither rights nor marks differ.'],
  switcher: ['the Switcher', 'The last 4 MB are the Switcher’s, in every address space. What the Guest has there counts for nothing.'],
};

/** What differs between a tree and what it was before: directory entries by index, page entries by run. */
export interface Changes {
  readonly directories: ReadonlySet<number>;
  readonly runs: ReadonlySet<RunView>;
}

const NONE: Changes = { directories: new Set(), runs: new Set() };

/** @param before the trees that were shown before; none: nothing is marked */
export function changesIn(tree: TreeView, before: readonly TreeView[] | null): Changes {
  const old = before?.find(({ guest, gpgdir, shadowDirectory }) => {
    return guest === tree.guest && gpgdir === tree.gpgdir && shadowDirectory === tree.shadowDirectory;
  });
  if (old === undefined) return NONE;
  const directories = new Set<number>();
  const runs = new Set<RunView>();
  for (const directory of tree.directories) {
    const was = old.directories.find(({ index }) => index === directory.index);
    const own = directory.runs.filter((run) => hasChanged(run, was));
    for (const run of own) runs.add(run);
    if (was?.guest !== directory.guest || was.shadow !== directory.shadow || own.length > 0 || countOf(was) !== countOf(directory))
      directories.add(directory.index);
  }
  return { directories, runs };
}

function hasChanged(run: RunView, was: DirectoryView | undefined): boolean {
  for (let index = run.index; index < run.index + run.count; index++) {
    const old = runAt(was, index);
    if (old === undefined || entryOf(old, 'guest', index) !== entryOf(run, 'guest', index)) return true;
    if (entryOf(old, 'shadow', index) !== entryOf(run, 'shadow', index)) return true;
  }
  return false;
}

/** How many entries of a directory's are there, in one or both. */
function countOf({ runs }: DirectoryView): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

/** How many pages one side of a directory has. */
export function pagesOf({ runs }: DirectoryView, side: 'guest' | 'shadow'): number {
  return runs.reduce((sum, run) => sum + (run[side] & PRESENT ? run.count : 0), 0);
}
