/** Where a patched lguest may differ from the book's, and why: everything else that holds of the one holds of the other. Tests by their full names. */
export const DIFFERENCES: readonly { readonly patch: string; readonly test: string; readonly because: string }[] = [
  {
    patch: 'M:003',
    test: 'a virtual interrupt › arrives whatever bit of the flag’s word is set',
    because: 'bit 9 alone is the flag; another says that an interrupt waits',
  },
  {
    patch: 'M:013',
    test: 'news of one entry › is installed for reading if accessed and writable: the first write must mark it',
    because: 'a page that is only read has a frame of its own, where the book has the shared zeros',
  },
  { patch: 'M:013', test: 'news of one entry › is installed if accessed', because: 'the same' },
  { patch: 'M:013', test: 'a fault is › hidden: a read of a clean page gives a read-only shadow', because: 'the same' },
  { patch: 'M:013', test: 'a fault is › hidden: a read of it', because: 'the same' },
  { patch: 'M:013', test: 'a fault is › seen: a program touches its kernel', because: 'the same' },
  {
    patch: 'M:014',
    test: 'the small flush forgets the user half of the current directory, the large one everything but the stack',
    because: 'when the stack comes back after the flush, used neighbours come with it',
  },
  {
    patch: 'M:009',
    test: 'the small flush forgets the user half of the current directory, the large one everything but the stack',
    because: 'the large one keeps what the Guest’s tables still say',
  },
  {
    patch: 'M:002',
    test: 'the module › switches global pages off',
    because: 'it waits until there is a Guest’s task, and the scheduler gives it the processor',
  },
  {
    patch: 'M:999',
    test: 'of what the Guest brings › thread-local entries change three places only',
    because: 'all of them are copied, though three have changed',
  },
];

/** Patches that are not tried with the others. */
export const APART: readonly { readonly patch: string; readonly because: string }[] = [
  { patch: 'M:030', because: 'a Launcher that lies: it is to do harm' },
];
