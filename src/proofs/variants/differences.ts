/** Where a patched lguest may differ from the book's, and why: everything else that holds of the one holds of the other. */
export const DIFFERENCES: readonly { readonly patch: string; readonly test: string; readonly because: string }[] = [
  {
    patch: 'M:013',
    test: 'news of one entry › is installed for reading if accessed …',
    because: 'a page that is only read has a frame of its own, where the book has the shared zeros',
  },
  { patch: 'M:013', test: 'news of one entry › is installed if accessed', because: 'the same' },
  {
    patch: 'M:014',
    test: 'the small flush forgets the user half of the current directory, the large one everything but the stack',
    because: 'when the stack comes back after the flush, used neighbours come with it',
  },
];
