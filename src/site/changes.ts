/** What is new in the book, the latest first: the page of changes and its feed read it. */

/** Something that a reader will notice. */
export interface Change {
  /** `2026-11-30` */
  readonly date: string;
  readonly title: string;
  readonly text: string;
  /** Where it is to be seen, below the site's address. */
  readonly path: string;
}

export const changes: readonly Change[] = [
  {
    date: '2026-11-30',
    title: 'Search, names, and a Guest on the first page',
    text: 'Press / anywhere to find words, markers and names. The first page boots a Guest before your eyes. The whole program can be downloaded, and builds and tests itself.',
    path: '',
  },
  {
    date: '2026-11-29',
    title: 'Breakpoints, both ways',
    text: 'A run stops at lines, addresses, events and data, forwards and backwards; a line can be asked what it saw in the whole run; and a moment is an address that you can send to somebody.',
    path: 'host/traps/',
  },
  {
    date: '2026-11-29',
    title: 'Puppy',
    text: 'A kernel whose every line stands in the book, with a shell, some thirty commands, a disk and a network. Two of them talk over a wire.',
    path: 'guest/puppy_kernel/',
  },
  {
    date: '2026-11-28',
    title: 'Change any block, and run it',
    text: 'Every block of the book can be edited in the page; its Guest is built anew on what you wrote, and the tests of the chapter say what broke.',
    path: 'mastery/patches/',
  },
];
