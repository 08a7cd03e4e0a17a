/** What importing an assembly file of the tour gives, through the bundler's plugin. */
declare module '*.S' {
  const image: {
    /** Address of the first byte, as assembled. */
    base: number;
    /** Everything that takes up bytes, data included, from `base` on. */
    text: Uint8Array;
    /** Addresses by name. */
    symbols: Record<string, number>;
    /** Address of each instruction, as assembled, and the chapter and line it comes from. */
    lines: [address: number, source: string, line: number][];
  };
  export default image;
}
