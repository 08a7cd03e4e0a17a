/**
 * Exception vectors (Intel SDM vol. 3, 6.3.1).
 */
export const DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10, NP = 11, SS = 12, GP = 13,
  PF = 14, MF = 16, AC = 17;

/**
 * What TypeScript helpers throw to raise an exception of the emulated CPU.
 *
 * Not an `Error`: no stack is collected, and there is only one object, so read its fields before anything else can
 * fault. The wrapper around every helper catches it; it never crosses a WebAssembly frame.
 */
export class Fault {
  vector = 0;
  /** Error code, or -1 for a vector without one. */
  error = -1;
}

const carrier = new Fault();

/** Prepares the one {@link Fault}: `throw fault(GP, selector)`. */
export function fault(vector: number, error = -1): Fault {
  carrier.vector = vector;
  carrier.error = error;
  return carrier;
}
