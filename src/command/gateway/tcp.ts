/**
 * The far end of a Guest's TCP connections (RFC 793; timer RFC 6298 in spirit): whomever the Guest calls, it talks to us, and we to a real peer. The way between is a ring and a
 * queue, which lose a frame only when they overflow; so there is no congestion to control.
 */
import { FLAG } from './packets.ts';
import type { Ipv4, TcpPacket } from './packets.ts';

/** Calls real peers. What they tell comes later, never from within the call. */
export interface Dialer {
  connect(address: Ipv4, port: number, events: PeerEvents): Peer;
}

/** What a peer tells. */
export interface PeerEvents {
  opened(): void;
  data(bytes: Uint8Array): void;
  /** It will say no more. */
  ended(): void;
  /** It is gone, or never came. */
  failed(): void;
  /** What was written to it has gone out. */
  drained(): void;
}

/** A real peer. */
export interface Peer {
  write(bytes: Uint8Array): void;
  end(): void;
  destroy(): void;
  /** Stops and restarts its talking. */
  pause(): void;
  resume(): void;
  /** Bytes written that have not gone out. */
  readonly backlog: number;
}

/** Ours, and what we take where the Guest does not say: Ethernet's 1500 bytes less two headers, and the least (RFC 1122, 4.2.2.6). */
const MSS = 1460;
const LEAST_MSS = 536;
const WINDOW = 65535;
/** Bytes of the peer's that wait for the Guest; more, and it must pause. */
const HIGH_WATER = 256 * 1024;
const LOW_WATER = 64 * 1024;
const FIRST_TIMEOUT = 250;
const LONGEST_TIMEOUT = 8000;
const TRIES = 10;
/** Segments kept that came before their turn. */
const EARLY = 128;
/** So many repeated acknowledgements say that something is missing (RFC 5681, 3.2). */
const REPEATS = 3;
/** How long a connection that is over is still remembered, for a lost last word. */
const LINGER = 2000;

/** What a segment is sent with; the gateway knows the addresses. */
export type Segment = Pick<TcpPacket, 'seq' | 'ack' | 'flags' | 'window' | 'data'> & { mss?: number };

const NOTHING = new Uint8Array(0);

/** How far `a` is behind `b` in the circle of sequence numbers: negative if it is before. */
function ahead(a: number, b: number): number {
  return (a - b) | 0;
}

export class TcpConnection {
  readonly #send: (segment: Segment) => void;
  readonly #peer: Peer;
  #state: 'calling' | 'answered' | 'open' | 'over' = 'calling';
  /** Next byte that we expect of the Guest. */
  #expected: number;
  /** Oldest of ours that the Guest has not acknowledged, and the next to send. */
  #oldest: number;
  #next: number;
  /** Behind the furthest that was ever sent. */
  #furthest: number;
  /** From `#oldest` on. */
  #out: Uint8Array = NOTHING;
  #window: number;
  readonly #mss: number;
  /** What came before its turn, by sequence number. */
  readonly #early = new Map<number, { data: Uint8Array; ends: boolean }>();
  /** How often the Guest has said that it still waits for `#oldest`. */
  #repeats = 0;
  /** The Guest will say no more. */
  #guestEnded = false;
  /** The peer will say no more; the Guest has been told; it knows. */
  #peerEnded = false;
  #endSent = false;
  #endKnown = false;
  #paused = false;
  #advertised = WINDOW;
  #timeout = FIRST_TIMEOUT;
  #due = Infinity;
  #tries = 0;
  #now = 0;
  #overAt = Infinity;

  /** @param syn the Guest's first segment */
  constructor(syn: TcpPacket, start: number, dialer: Dialer, send: (segment: Segment) => void) {
    this.#send = send;
    this.#expected = (syn.seq + 1) >>> 0;
    this.#oldest = start >>> 0;
    this.#next = this.#oldest;
    this.#furthest = this.#oldest;
    this.#window = syn.window;
    this.#mss = Math.min(MSS, Math.max(syn.mss ?? LEAST_MSS, 64));
    this.#peer = dialer.connect(syn.destination, syn.destinationPort, {
      opened: () => this.#opened(),
      data: (bytes) => this.#heard(bytes),
      ended: () => {
        this.#peerEnded = true;
        this.#sendMore();
      },
      failed: () => this.reset(),
      drained: () => this.#tellWindow(),
    });
  }

  /** Whether it may be forgotten. */
  isOver(now: number): boolean {
    return this.#state === 'over' && now >= this.#overAt;
  }

  /** A segment of the Guest's. */
  receive(packet: TcpPacket, now: number): void {
    this.#now = now;
    const { flags, seq, ack } = packet;
    if (flags & FLAG.rst) {
      if (ahead(seq, this.#expected) >= 0 && ahead(seq, this.#expected) <= WINDOW) this.#finish(now);
      return;
    }
    if (this.#state === 'over') {
      if (packet.data.length > 0 || flags & FLAG.fin) this.#acknowledge();
      return;
    }
    if (flags & FLAG.syn) {
      if (this.#state === 'answered') this.#answer();
      return;
    }
    if (!(flags & FLAG.ack) || this.#state === 'calling') return;
    if (this.#state === 'answered' && ahead(ack, this.#oldest) !== 1) return;
    this.#countRepeats(packet);
    this.#takeAck(ack, packet.window);
    this.#takeData(packet);
    this.#sendMore();
    if (this.#guestEnded && this.#endKnown) this.#finish(now + LINGER);
  }

  /** Time has passed. */
  tick(now: number): void {
    this.#now = now;
    if (now < this.#due || this.#state === 'over' || this.#state === 'calling') return;
    if (++this.#tries > TRIES) {
      this.reset();
      return;
    }
    this.#timeout = Math.min(LONGEST_TIMEOUT, this.#timeout * 2);
    this.#due = now + this.#timeout;
    if (this.#state === 'answered') {
      this.#answer();
      return;
    }
    this.#next = this.#oldest;
    this.#endSent = false;
    // A window of 0 is knocked at, with one byte.
    this.#sendMore(Math.max(this.#window, 1));
  }

  /** Breaks it off. */
  reset(): void {
    if (this.#state === 'over') return;
    this.#transmit(FLAG.rst | FLAG.ack, this.#next, NOTHING);
    this.#finish(this.#now);
  }

  #finish(forgetAt: number): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#overAt = forgetAt;
    this.#due = Infinity;
    this.#out = NOTHING;
    this.#peer.destroy();
  }

  #opened(): void {
    if (this.#state !== 'calling') return;
    this.#state = 'answered';
    this.#answer();
    this.#due = this.#now + this.#timeout;
  }

  #answer(): void {
    this.#next = (this.#oldest + 1) >>> 0;
    this.#furthest = this.#next;
    this.#send({ seq: this.#oldest, ack: this.#expected, flags: FLAG.syn | FLAG.ack, window: this.#advertise(), data: NOTHING, mss: MSS });
  }

  #heard(bytes: Uint8Array): void {
    if (this.#state === 'over') return;
    const all = new Uint8Array(this.#out.length + bytes.length);
    all.set(this.#out);
    all.set(bytes, this.#out.length);
    this.#out = all;
    if (all.length > HIGH_WATER && !this.#paused) {
      this.#paused = true;
      this.#peer.pause();
    }
    this.#sendMore();
  }

  #takeAck(ack: number, window: number): void {
    this.#window = window;
    const acknowledged = ahead(ack, this.#oldest);
    if (acknowledged <= 0 || ahead(ack, this.#furthest) > 0) return;
    this.#tries = 0;
    this.#timeout = FIRST_TIMEOUT;
    this.#oldest = ack;
    if (ahead(ack, this.#next) > 0) this.#next = ack;
    this.#due = ack === this.#next ? Infinity : this.#now + this.#timeout;
    if (this.#state === 'answered') {
      this.#state = 'open';
      return;
    }
    if (acknowledged > this.#out.length) {
      this.#endSent = true;
      this.#endKnown = true;
    }
    this.#out = this.#out.subarray(Math.min(acknowledged, this.#out.length));
    if (this.#paused && this.#out.length < LOW_WATER) {
      this.#paused = false;
      this.#peer.resume();
    }
  }

  /** The Guest hears of later segments, and one is missing: that one is sent at once. */
  #countRepeats({ ack, window, data }: TcpPacket): void {
    const repeats =
      ack === this.#oldest && this.#next !== this.#oldest && window === this.#window && data.length === 0 && this.#state === 'open';
    this.#repeats = repeats ? this.#repeats + 1 : 0;
    if (this.#repeats !== REPEATS) return;
    const missing = this.#out.subarray(0, this.#mss);
    if (missing.length > 0) this.#transmit(FLAG.ack, this.#oldest, missing);
  }

  #takeData({ seq, data, flags }: TcpPacket): void {
    const ends = (flags & FLAG.fin) !== 0;
    if (data.length === 0 && !ends) return;
    this.#takeInTurn(seq, data, ends);
    for (const [at, early] of [...this.#early].sort(([a], [b]) => ahead(a, b))) {
      if (ahead(at, this.#expected) > 0) continue;
      this.#early.delete(at);
      this.#takeInTurn(at, early.data, early.ends);
    }
    this.#acknowledge();
  }

  #takeInTurn(seq: number, data: Uint8Array, ends: boolean): void {
    const known = ahead(this.#expected, seq);
    if (known < 0) {
      if (known > -WINDOW && this.#early.size < EARLY) this.#early.set(seq, { data: data.slice(), ends });
      return;
    }
    if (known >= data.length + (ends ? 1 : 0) || this.#guestEnded) return;
    const fresh = data.subarray(known);
    if (fresh.length > 0) this.#peer.write(fresh.slice());
    this.#expected = (this.#expected + fresh.length + (ends ? 1 : 0)) >>> 0;
    if (!ends) return;
    this.#guestEnded = true;
    this.#peer.end();
  }

  /** Sends what the window lets through. */
  #sendMore(window = this.#window): void {
    if (this.#state !== 'open') return;
    for (;;) {
      const sent = ahead(this.#next, this.#oldest);
      const count = Math.min(this.#mss, this.#out.length - sent, window - sent);
      if (this.#endSent || count <= 0) break;
      this.#transmit(FLAG.ack | (sent + count === this.#out.length ? FLAG.psh : 0), this.#next, this.#out.subarray(sent, sent + count));
      this.#next = (this.#next + count) >>> 0;
    }
    if (this.#peerEnded && !this.#endSent && !this.#endKnown && ahead(this.#next, this.#oldest) === this.#out.length) {
      this.#transmit(FLAG.ack | FLAG.fin, this.#next, NOTHING);
      this.#next = (this.#next + 1) >>> 0;
      this.#endSent = true;
    }
    if (this.#due === Infinity && (this.#next !== this.#oldest || this.#out.length > 0)) this.#due = this.#now + this.#timeout;
  }

  #acknowledge(): void {
    this.#transmit(FLAG.ack, this.#next, NOTHING);
  }

  #transmit(flags: number, seq: number, data: Uint8Array): void {
    const behind = (seq + data.length + (flags & FLAG.fin ? 1 : 0)) >>> 0;
    if (ahead(behind, this.#furthest) > 0) this.#furthest = behind;
    this.#send({ seq, ack: this.#expected, flags, window: this.#advertise(), data });
  }

  #advertise(): number {
    return (this.#advertised = Math.max(0, WINDOW - (this.#state === 'open' ? this.#peer.backlog : 0)));
  }

  #tellWindow(): void {
    if (this.#state === 'open' && this.#advertised < WINDOW / 2) this.#acknowledge();
  }
}
