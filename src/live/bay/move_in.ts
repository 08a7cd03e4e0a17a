/** A Guest moves into the bay with a session of its own, made for it. */
import { readPace } from '../page/pace.ts';
import type { Pace } from '../page/pace.ts';
import { recall } from '../page/remembered.ts';
import { Session } from '../page/session.ts';
import type { Order } from '../page/session.ts';
import type { Breakpoint, Edits, Notes } from '../protocol.ts';
import { house } from './housed.ts';
import type { Housed } from './housed.ts';

/** What it runs on: on edits that came from somebody else, on the book's own code, or else on the reader's edits. */
export interface Grounds {
  readonly foreign?: Edits;
  /** What has brought those. */
  readonly brought?: 'link' | 'file';
  readonly plain?: boolean;
}

/** What is known of a Guest that moves in. */
interface Arrival extends Omit<Housed, 'session'> {
  /** Address of the worker's script, and what it is to do first. */
  readonly worker: string;
  readonly order: Order;
  readonly on?: Grounds;
  /** As fast as this; else as the reader once chose. */
  readonly pace?: Pace;
  readonly breakpoints?: readonly Breakpoint[];
  /** Of the run that is to be had again: of another they are not true. */
  readonly notes?: readonly Notes[];
  /** The reader goes from line to line. */
  readonly byHand?: boolean;
  /** It is not only shown, but runs. */
  readonly runs?: boolean;
}

/** Has a Guest in the bay instead of the one that is there. Returns its session. */
export function moveIn(arrival: Arrival): Session {
  const { worker, order, on = {}, breakpoints = [], byHand = false, runs = false, ...guest } = arrival;
  const { pace = readPace(recall('pace', 'rising')) } = arrival;
  const notes = Object.fromEntries((arrival.notes ?? []).map((one) => [one.id, one]));
  const session = new Session(worker, order, { title: guest.title, pace, byHand, breakpoints, notes, ...on });
  session.boot(runs);
  house({ session, ...guest });
  return session;
}
