/** A way to another place, as far as it is gone. */
import type { Footing, Journey, Standpoint } from '#world';
import type { Standing } from '../protocol.ts';
import type { Transcript } from './transcript.ts';

export interface Trip {
  readonly journey: Journey;
  /** Where it began, and how things stood there: who gives up, or finds nothing, is there again. Null: in the middle of what the Host does, whence one only goes on. */
  readonly from: { readonly point: Standpoint<Transcript>; readonly standing: Standing } | null;
  /** Is to be told when what was shown is void. */
  readonly fresh: () => void;
  /** What is said where it leads nowhere; empty: it leads to where it ended. Null: nobody is to see that it was gone at all, and it leads nowhere. */
  readonly vain: string | (() => string) | null;
  /** How much of it is done, from 0 to 1. */
  done: number;
}

/** Each line of TypeScript; and the processor, when it is its turn again. */
export const EACH_STEP: Footing = { where: () => true, handover: true };
/** A way along the timeline is gone in pieces of so many milliseconds. */
export const WAY_MS = 12;
/** What is over so soon is answered at once; what takes longer goes on in slices, so that it can be stopped. */
export const AT_ONCE_MS = 20;

/** Walks for so many milliseconds. Returns whether it came to where it was to go; null where it is still on its way. */
export function walkOn(trip: Trip, clock: () => number, milliseconds: number): boolean | null {
  for (const end = clock() + milliseconds; ; ) {
    const { done, value } = trip.journey.next();
    if (done === true) return value;
    trip.done = value;
    if (clock() >= end) return null;
  }
}
