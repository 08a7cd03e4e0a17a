/**
 * The far end of a Guest's TCP connection (RFC 9293; against strangers and ghosts RFC 5961): whomever the Guest calls, it talks to us, and we to a real peer.
 * Urgent data is data like any other: it comes in its place, and no byte of it is missing.
 */
import { FLAG } from '../packets.ts';
import type { TcpPacket } from '../packets.ts';
import type { Dialer, Peer } from './peer.ts';
import { Receiver } from './receiver.ts';
import { GIVE_UP_SYN, RetransmissionTimer } from './retransmission_timer.ts';
import { Sender } from './sender.ts';
import { ahead, further } from './sequence.ts';

/** Ours, and what we take where the Guest does not say: Ethernet's 1500 bytes less two headers, and the least (RFC 9293, 3.7.1). */
const MSS = 1460;
const DEFAULT_MSS = 536;
const LEAST_MSS = 64;
/** Bytes of the peer's that wait for the Guest; more, and it must pause. */
const HIGH_WATER = 256 * 1024;
const LOW_WATER = 64 * 1024;
/** How long a connection that is over is still remembered, for a lost last word: the wire is short. */
const TIME_WAIT = 2000;
/** Acknowledgements that are sent unasked, to set somebody right, in so many milliseconds (RFC 5961, 7). */
const CHALLENGES = 10;
const CHALLENGE_TIME = 1000;

/** What a segment is sent with; the gateway knows the addresses. */
export type Segment = Pick<TcpPacket, 'seq' | 'ack' | 'flags' | 'window' | 'data'> & { mss?: number };

export interface ConnectionOptions {
  /** The Guest's first segment. */
  syn: TcpPacket;
  /** The sequence number of ours. */
  start: number;
  /** Milliseconds of any clock. */
  clock: () => number;
  dialer: Dialer;
  send: (segment: Segment) => void;
}

const NOTHING = new Uint8Array(0);

/**
 * `dialing`: the peer has not answered yet, and so we have not answered the Guest. `established`: and all that follows, while either side may still talk.
 * `closed`: to be forgotten.
 */
type State = 'dialing' | 'syn-received' | 'established' | 'time-wait' | 'closed';

export class TcpConnection {
  readonly #send: (segment: Segment) => void;
  readonly #peer: Peer;
  readonly #receiver: Receiver;
  readonly #timer = new RetransmissionTimer();
  readonly #mss: number;
  /** The sequence number of our SYN, and when it was sent last. */
  readonly #start: number;
  #sender: Sender | null = null;
  #state: State = 'dialing';
  /** What it said, and that it ended, before the Guest could hear it. */
  #peerEnded = false;
  #peerFailed = false;
  #early: Uint8Array[] = [];
  #paused = false;
  readonly #clock: () => number;
  #answeredAt: number | null = null;
  /** Our end went out before the Guest's came: so the last word of all is our acknowledgement, which may get lost. */
  #lastWordIsOurs = false;
  #forgetAt = Infinity;
  #challenges = 0;
  #challengedAt = -Infinity;

  constructor({ syn, start, clock, dialer, send }: ConnectionOptions) {
    this.#send = send;
    this.#clock = clock;
    this.#start = start >>> 0;
    this.#mss = Math.min(MSS, Math.max(syn.mss ?? DEFAULT_MSS, LEAST_MSS));
    this.#receiver = new Receiver(further(syn.seq, 1), (bytes) => this.#peer.write(bytes));
    this.#peer = dialer.connect(syn.destination, syn.destinationPort, {
      opened: () => this.#opened(),
      data: (bytes) => this.#heard(bytes),
      ended: () => this.#ended(),
      failed: () => this.#failed(),
      drained: () => this.#drained(),
    });
  }

  /** Whether it may be forgotten. */
  get isOver(): boolean {
    return this.#state === 'closed' || this.#clock() >= this.#forgetAt;
  }

  /** Whether nothing but a lost last word keeps it from being forgotten. */
  get isWaiting(): boolean {
    return this.#state === 'time-wait';
  }

  /** Whether a SYN begins a new connection in this one's place: where this one has said nothing yet, or all (RFC 9293, 3.10.7.4 and MAY-2). */
  isReplacedBy({ flags, seq }: TcpPacket): boolean {
    if ((flags & (FLAG.syn | FLAG.ack | FLAG.rst | FLAG.fin)) !== FLAG.syn) return false;
    const { expected } = this.#receiver;
    return this.#state === 'dialing' ? further(seq, 1) !== expected : this.#state === 'time-wait' && ahead(seq, expected) > 0;
  }

  /** A segment of the Guest's. */
  receive(packet: TcpPacket): void {
    const { flags, seq, ack, data } = packet;
    if (flags & FLAG.rst) this.#receiveReset(seq);
    else if (flags & FLAG.syn) this.#receiveSyn(seq);
    else if (this.#state === 'dialing') this.#refuse(ack, flags);
    else if (this.#state !== 'closed') {
      const length = data.length + (flags & FLAG.fin ? 1 : 0);
      const accepted = this.#receiver.accepts(seq, length);
      // Where our window is shut, what the Guest says of ours counts all the same.
      if (!accepted && !(this.#receiver.window === 0 && seq === this.#receiver.expected)) this.#receiveStray(flags);
      else if (flags & FLAG.ack) this.#receiveAck(packet, accepted);
    }
  }

  /** Time has passed. */
  tick(): void {
    const now = this.#clock();
    if (!this.#timer.isDue(now)) return;
    if (this.#state === 'syn-received') {
      this.#timer.backOff(now);
      if (this.#timer.silence(now) >= GIVE_UP_SYN) this.reset();
      else this.#answer();
    } else if (this.#state === 'established' && this.#sender?.expire(now) === false) {
      this.reset();
    }
  }

  /** Breaks it off, and tells both. */
  reset(): void {
    if (this.#state === 'closed') return;
    if (this.#state !== 'time-wait') {
      this.#transmit(FLAG.rst | FLAG.ack, this.#next, NOTHING);
      this.#peer.reset();
    }
    this.#finish('closed');
  }

  /** The Guest is gone, and is told nothing any more. A peer that has heard all the Guest had to say hears the rest of it; any other learns that there was more to come. */
  abandon(): void {
    if (this.#state !== 'closed' && this.#state !== 'time-wait') {
      if (this.#receiver.ended) this.#peer.close();
      else this.#peer.reset();
    }
    this.#finish('closed');
  }

  #finish(state: 'time-wait' | 'closed'): void {
    this.#state = state;
    this.#forgetAt = state === 'closed' ? -Infinity : this.#clock() + TIME_WAIT;
    this.#timer.stop();
    this.#sender?.stop();
    this.#early = [];
  }

  /** Old, or beyond the window: whoever sends it is told where we are. So are those who only want to know whether we are there. */
  #receiveStray(flags: number): void {
    if (this.#state === 'time-wait' && flags & FLAG.fin) this.#forgetAt = this.#clock() + TIME_WAIT;
    this.#challenge();
  }

  /** RFC 5961, 3.2: only the next sequence number is believed; a near miss is asked about. */
  #receiveReset(seq: number): void {
    if (seq === this.#receiver.expected) {
      if (this.#state !== 'closed' && this.#state !== 'time-wait') this.#peer.reset();
      this.#finish('closed');
    } else if (this.#state !== 'dialing' && this.#receiver.isInWindow(seq)) this.#challenge();
  }

  /** RFC 5961, 4.2: a new one, from a Guest that knows nothing of this connection, makes it say so. */
  #receiveSyn(seq: number): void {
    if (this.#state === 'dialing') return;
    if (this.#state === 'syn-received' && further(seq, 1) === this.#receiver.expected) this.#answer();
    else this.#challenge();
  }

  #receiveAck(packet: TcpPacket, accepted: boolean): void {
    const { seq, ack, window, data, flags } = packet;
    const said = { seq, ack, window, occupies: data.length > 0 || (flags & FLAG.fin) !== 0 };
    if (this.#state === 'syn-received') {
      if (ack !== further(this.#start, 1)) {
        this.#refuse(ack, flags);
        return;
      }
      this.#establish(said);
    }
    if (this.#sender === null) return;
    if (!this.#sender.isPlausible(ack)) {
      this.#challenge();
      return;
    }
    if (this.#state === 'time-wait') {
      if (said.occupies) this.#challenge();
      return;
    }
    this.#sender.acknowledge(said, this.#clock());
    if (accepted) this.#receiveData(packet);
    else this.#acknowledge();
    if (this.#receiver.ended && this.#sender.endKnown) this.#bothEnded();
    else this.#mindPeer();
  }

  #receiveData({ seq, data, flags }: TcpPacket): void {
    const ends = (flags & FLAG.fin) !== 0;
    if (data.length === 0 && !ends) return;
    // There is nobody left to tell it to.
    if (this.#peerFailed && data.length > 0) {
      this.reset();
      return;
    }
    const endedBefore = this.#receiver.ended;
    this.#receiver.take(seq, data, ends);
    if (this.#receiver.ended && !endedBefore) {
      this.#lastWordIsOurs = this.#sender?.endSent === true;
      this.#peer.end();
    }
    this.#acknowledge();
  }

  /** Both have said all, and know it of each other. */
  #bothEnded(): void {
    this.#finish(this.#lastWordIsOurs ? 'time-wait' : 'closed');
    this.#peer.close();
  }

  #establish(said: { seq: number; ack: number; window: number; occupies: boolean }): void {
    this.#state = 'established';
    if (this.#answeredAt !== null) this.#timer.measure(this.#clock() - this.#answeredAt);
    this.#timer.stop();
    const sender = new Sender(said.ack, this.#mss, said, this.#timer, (seq, bytes, { push, ends }) =>
      this.#transmit(FLAG.ack | (push ? FLAG.psh : 0) | (ends ? FLAG.fin : 0), seq, bytes),
    );
    this.#sender = sender;
    for (const bytes of this.#early) sender.push(bytes, this.#clock());
    this.#early = [];
    if (this.#peerEnded) sender.end(this.#clock());
  }

  #opened(): void {
    if (this.#state !== 'dialing') return;
    this.#state = 'syn-received';
    this.#answer();
    this.#answeredAt = this.#clock();
    this.#timer.start(this.#clock());
  }

  #answer(): void {
    this.#answeredAt = null;
    const window = this.#receiver.open(0);
    this.#send({ seq: this.#start, ack: this.#receiver.expected, flags: FLAG.syn | FLAG.ack, window, data: NOTHING, mss: MSS });
  }

  #heard(bytes: Uint8Array): void {
    if (this.#state === 'closed' || this.#state === 'time-wait') return;
    if (this.#sender === null) this.#early.push(bytes);
    else this.#sender.push(bytes, this.#clock());
    if (this.#queued <= HIGH_WATER || this.#paused) return;
    this.#paused = true;
    this.#peer.pause();
  }

  #ended(): void {
    this.#peerEnded = true;
    this.#sender?.end(this.#clock());
  }

  /** The peer is gone. What it said before still reaches the Guest. */
  #failed(): void {
    this.#peerFailed = true;
    this.#mindPeer();
  }

  /** Looks whether the peer may talk again, or is gone and all it said has come. */
  #mindPeer(): void {
    if (this.#state === 'closed' || this.#state === 'time-wait') return;
    if (this.#paused && this.#queued < LOW_WATER) {
      this.#paused = false;
      this.#peer.resume();
    }
    const allSaid = this.#peerEnded && this.#receiver.ended;
    if (this.#peerFailed && this.#queued === 0 && !allSaid) this.reset();
  }

  /** The Guest learns of room as soon as there is enough of it to be worth a word. */
  #drained(): void {
    if (this.#state === 'established' && !this.#receiver.ended && this.#receiver.opening(this.#peer.backlog) > 0) this.#acknowledge();
  }

  get #queued(): number {
    return this.#sender?.queued ?? this.#early.reduce((sum, { length }) => sum + length, 0);
  }

  get #next(): number {
    return this.#sender?.next ?? (this.#state === 'dialing' ? this.#start : further(this.#start, 1));
  }

  /** A reset for an acknowledgement of what was never said (RFC 9293, 3.10.7.4). */
  #refuse(ack: number, flags: number): void {
    if (flags & FLAG.ack) this.#send({ seq: ack, ack: 0, flags: FLAG.rst, window: 0, data: NOTHING });
  }

  #challenge(): void {
    if (this.#clock() - this.#challengedAt >= CHALLENGE_TIME) {
      this.#challengedAt = this.#clock();
      this.#challenges = 0;
    }
    if (this.#challenges++ < CHALLENGES) this.#acknowledge();
  }

  #acknowledge(): void {
    this.#transmit(FLAG.ack, this.#next, NOTHING);
  }

  #transmit(flags: number, seq: number, data: Uint8Array): void {
    const window = this.#receiver.open(this.#state === 'established' ? this.#peer.backlog : 0);
    this.#send({ seq, ack: this.#receiver.expected, flags, window, data });
  }
}
