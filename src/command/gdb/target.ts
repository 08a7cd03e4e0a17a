/** What gdb looks at and drives: one Guest of a world that can be gone along both ways. */

/** Why it stands where it stands. */
export type Halt =
  | { readonly why: 'step' }
  | { readonly why: 'breakpoint' }
  /** Memory that was watched has been touched. */
  | { readonly why: 'watch'; readonly kind: WatchKind; readonly address: number }
  /** Somebody asked for it. */
  | { readonly why: 'interrupt' }
  /** The first instruction: there is nothing before. */
  | { readonly why: 'beginning' }
  /** The Guest has died, or shut itself down: there is nothing behind. */
  | { readonly why: 'end'; readonly status: number };

export type WatchKind = 'watch' | 'rwatch' | 'awatch';

/** Where to stop, besides the ends. Addresses are the Guest's own. */
export interface Points {
  readonly breakpoints: ReadonlySet<number>;
  readonly watchpoints: readonly { readonly kind: WatchKind; readonly address: number; readonly length: number }[];
}

export interface Target {
  /** The registers that {@link CORE_REGISTERS} names, in that order, little-endian. */
  registers(): Uint8Array;
  /** The Guest's memory, by its own page tables. Shorter than asked for where it ends; null where it does not even begin. */
  read(address: number, length: number): Uint8Array | null;
  /** One instruction of the Guest's. */
  step(back: boolean): Promise<Halt>;
  /** On, or back, until something stops it. */
  go(back: boolean, points: Points, interrupted: () => boolean): Promise<Halt>;
  /**
   * The words behind `monitor`; the answer is text with line ends.
   * @param tell says something on the way: who hears nothing for two seconds believes that nobody is there
   */
  monitor(command: string, tell: (text: string) => void): Promise<string>;
}
