/** Data that the tangler's plugin gives to pages which list the whole program. */
declare module '@generated/tangle/default/program.json' {
  import type { ProgramIndex } from '#tangle';

  const program: ProgramIndex;
  export default program;
}

/** The exercises of all chapters. */
declare module '@generated/exercises/default/exercises.json' {
  const exercises: readonly { readonly id: string; readonly title: string; readonly kind: string; readonly chapter: string }[];
  export default exercises;
}

/** A typeface: the bundler gives its address. */
declare module '*.woff2' {
  const address: string;
  export default address;
}
