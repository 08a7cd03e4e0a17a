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

/** All names of the program, for the page that lists them. */
declare module '@generated/tangle/default/names.json' {
  import type { NameIndex } from '#tangle';

  const names: NameIndex;
  export default names;
}

/** A typeface: the bundler gives its address. */
declare module '*.woff2' {
  const address: string;
  export default address;
}

/** Code that pages show beside its chapter. */
declare module '@generated/site/default/excerpts.json' {
  const excerpts: readonly { id: string; chapter: string; line: number; lang: string; file: string; code: string }[];
  export default excerpts;
}
