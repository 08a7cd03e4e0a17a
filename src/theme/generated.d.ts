/** Data that the tangler's plugin gives to pages which list the whole program. */
declare module '@generated/tangle/default/program.json' {
  import type { ProgramIndex } from '#tangle';

  const program: ProgramIndex;
  export default program;
}

/** A typeface: the bundler gives its address. */
declare module '*.woff2' {
  const address: string;
  export default address;
}
