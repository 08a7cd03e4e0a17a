/**
 * Exception vectors (Intel SDM vol. 3, 6.3.1).
 */
export const DE = 0;
export const DB = 1;
/** The vector of non-maskable interrupts. */
export const NMI = 2;
export const BP = 3;
export const OF = 4;
export const BR = 5;
export const UD = 6;
export const NM = 7;
export const DF = 8;
export const TS = 10;
export const NP = 11;
export const SS = 12;
export const GP = 13;
export const PF = 14;
export const MF = 16;
export const AC = 17;

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

/** One for all: what it carries is read before anything else can fault. */
const carrier = new Fault();

/** Prepares the one {@link Fault}: `throw fault(GP, selector)`. */
export function fault(vector: number, error = -1): Fault {
  carrier.vector = vector;
  carrier.error = error;
  return carrier;
}
