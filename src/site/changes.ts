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
    date: '2026-12-01',
    title: 'Doors that open at a click',
    text: 'Three doors on the first page lead to a Guest that runs: a shadow that fills, a burglar whom you can help by one bit, and two kernels on a wire.',
    path: '',
  },
  {
    date: '2026-12-01',
    title: 'Exercises, and what you have solved',
    text: 'Chapters end with something to change, to find out or to think about. The page checks it on the Guest itself, keeps what you have solved, and opens the files of a whole class side by side.',
    path: 'progress/',
  },
  {
    date: '2026-12-01',
    title: 'Thirteen patches, alone or together',
    text: 'Mastery’s improvements are code: each can be switched on below its Guest and compared with the book to the last instruction, and any of them can be put together into an lguest that nobody has built before.',
    path: 'mastery/patches/',
  },
  {
    date: '2026-12-01',
    title: 'Five journeys through five worlds',
    text: 'One hypercall, one page fault, one tick, one key and one sector, ten steps each, with a Guest that stops at every one.',
    path: 'journeys/',
  },
  {
    date: '2026-11-30',
    title: 'A run as a file',
    text: 'A run can be saved, and goes on where it stood, in another browser or by npx lguest --open; and backwards, to long before it was saved.',
    path: 'boot/',
  },
  {
    date: '2026-11-30',
    title: 'How fast it all is, in figures',
    text: 'The emulated processor against others, what a hypercall and a page fault cost, and how long you wait for a press of a button: measured, with the day and the machine.',
    path: 'appendix/speed/',
  },
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
