/** Data that the tangler's plugin gives to pages which list the whole program. */
declare module '@generated/tangle/default/program.json' {
  import type { ProgramIndex } from '#tangle';

  const program: ProgramIndex;
  export default program;
}
