/** Whom a Guest calls: a real peer, seen from the gateway. */
import type { Ipv4 } from '../packets.ts';

/** Calls real peers. What they tell comes later, never from within the call. */
export interface Dialer {
  /** Calls a port of an address. Returns at once; the events tell what becomes of it. */
  connect(address: Ipv4, port: number, events: PeerEvents): Peer;
}

/** What a peer tells. */
export interface PeerEvents {
  /** It answered: the connection stands. */
  opened(): void;
  /** It said something. */
  data(bytes: Uint8Array): void;
  /** It will say no more. */
  ended(): void;
  /** It is gone, or never came. */
  failed(): void;
  /** Some of what was written to it has gone out. */
  drained(): void;
}

/** A real peer. */
export interface Peer {
  /** Says something to it. What does not go out at once counts as its backlog. */
  write(bytes: Uint8Array): void;
  /** It has heard all there is to hear. */
  end(): void;
  /** Both sides have said all: lets go, once what was written has gone out. */
  close(): void;
  /** Breaks it off, so that the other side learns that something was amiss. */
  reset(): void;
  /** Stops its talking: no more data until it is resumed. */
  pause(): void;
  /** Lets it talk again. */
  resume(): void;
  /** Bytes written that have not gone out. */
  readonly backlog: number;
}
