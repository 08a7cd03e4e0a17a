import type { HostEvent } from '#hostos';
import type { LguestEvent } from '#tangled/host/events.ts';

/** What may be told of in a world: by the Host, and by lguest. */
export type ToldEvent = HostEvent | LguestEvent;

/** An event with its place in the run. */
export type WorldEvent = ToldEvent & {
  /** Serial number, from 0. */
  seq: number;
  /** Instructions retired when it happened. */
  at: number;
};
