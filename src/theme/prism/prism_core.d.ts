/** Prism without languages: its own declarations speak of the whole only. */
declare module 'prismjs/components/prism-core' {
  import * as Prism from 'prismjs';

  export default Prism;
}
