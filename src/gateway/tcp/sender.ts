/**
 * What the peer says, on its way to the Guest: sent as far as the Guest's window goes, again where it was lost, and with a knock now and then where the
 * window is shut (RFC 9293, 3.8). The way between is a ring and a queue, which lose a frame only when they overflow; so there is no congestion to control.
 */
import { ByteQueue } from './byte_queue.ts';
import { GIVE_UP } from './retransmission_timer.ts';
import type { RetransmissionTimer } from './retransmission_timer.ts';
import { ahead, further } from './sequence.ts';

/** Sends a segment with these bytes. */
export type Transmit = (seq: number, bytes: Uint8Array, flags: { push: boolean; ends: boolean }) => void;

/** What an acknowledgement says. */
export interface Acknowledgement {
  seq: number;
  ack: number;
  window: number;
  /** It comes with data, SYN or FIN. */
  occupies: boolean;
}

/** So many repeated acknowledgements say that something is missing (RFC 5681, 3.2). */
const REPEATS = 3;

export class Sender {
  readonly #transmit: Transmit;
  readonly #timer: RetransmissionTimer;
  readonly #mss: number;
  /** From `#oldest` on. Behind it, one more sequence number is the end. */
  readonly #queue = new ByteQueue();
  /** SND.UNA, SND.NXT, and behind the furthest that was ever sent. */
  #oldest: number;
  #next: number;
  #furthest: number;
  /** SND.WND, SND.WL1, SND.WL2: the Guest's window, and the segment that told it. */
  #window: number;
  #windowSeq: number;
  #windowAck: number;
  /** The widest window there ever was. */
  #widest: number;
  #ends = false;
  #endKnown = false;
  /** How often the Guest has said that it still waits for `#oldest`. */
  #repeats = 0;
  /** Where the repair of a loss ends; null: nothing is known to be lost. */
  #repairedAt: number | null = null;
  /** Something that was sent only once, and when. */
  #measured: { seq: number; since: number } | null = null;

  /**
   * @param first the sequence number of the first byte
   * @param opening the segment that answered our SYN
   */
  constructor(first: number, mss: number, opening: Acknowledgement, timer: RetransmissionTimer, transmit: Transmit) {
    this.#transmit = transmit;
    this.#timer = timer;
    this.#mss = mss;
    this.#oldest = first >>> 0;
    this.#next = this.#oldest;
    this.#furthest = this.#oldest;
    this.#window = opening.window;
    this.#windowSeq = opening.seq;
    this.#windowAck = opening.ack;
    this.#widest = opening.window;
  }

  /** The next sequence number that is free: what a segment without data carries. */
  get next(): number {
    return this.#furthest;
  }

  /** Bytes that the Guest has not acknowledged. */
  get queued(): number {
    return this.#queue.length;
  }

  /** The Guest has been told that there will be no more. */
  get endSent(): boolean {
    return this.#ends && ahead(this.#furthest, this.#oldest) === this.#total;
  }

  /** The Guest knows that there will be no more. */
  get endKnown(): boolean {
    return this.#endKnown;
  }

  /** More of the peer's. */
  push(bytes: Uint8Array, now: number): void {
    this.#queue.push(bytes);
    this.send(now);
  }

  /** The peer will say no more. */
  end(now: number): void {
    this.#ends = true;
    this.send(now);
  }

  stop(): void {
    this.#queue.clear();
    this.#timer.stop();
  }

  /** Could a Guest that is in its right mind acknowledge this? (RFC 5961, 5.2.) */
  isPlausible(ack: number): boolean {
    return ahead(ack, this.#furthest) <= 0 && ahead(ack, this.#oldest) >= -Math.max(this.#widest, this.#mss);
  }

  /** Takes a plausible acknowledgement. */
  acknowledge(said: Acknowledgement, now: number): void {
    const { seq, ack, window } = said;
    const fresh = ahead(ack, this.#oldest);
    const repeats = fresh === 0 && !said.occupies && window === this.#window && ahead(this.#furthest, this.#oldest) > 0;
    if (fresh >= 0) this.#takeWindow(seq, ack, window);
    if (fresh > 0) this.#advance(ack, fresh, now);
    else if (repeats && window > 0) this.#countRepeat();
    // Who keeps the window shut is there all the same (RFC 9293, 3.8.6.1).
    if (this.#window === 0) this.#timer.answered();
    this.send(now);
  }

  /** The timer has run out. False: nobody has answered for so long that nobody will. */
  expire(now: number): boolean {
    if (this.#window === 0) this.#timer.knock(now);
    else this.#timer.backOff(now);
    if (this.#timer.silence(now) >= GIVE_UP) return false;
    this.#measured = null;
    this.#repairedAt = null;
    this.#next = this.#oldest;
    this.send(now);
    // Nothing fits: a knock with what there is room for, or with one byte that there is none for.
    if (this.#next === this.#oldest) this.#put(0, Math.max(1, Math.min(this.#window, this.#mss)));
    return true;
  }

  /** Sends what may be sent. */
  send(now: number): void {
    for (;;) {
      const sent = ahead(this.#next, this.#oldest);
      const left = this.#total - sent;
      const room = this.#window - sent;
      const count = Math.min(left, room, this.#mss);
      // No crumbs (RFC 9293, 3.8.6.2.1): a whole segment, or all there is, or half of what the Guest ever had room for.
      if (count <= 0 || (count < this.#mss && count < left && count < this.#widest / 2)) break;
      if (this.#measured === null && this.#next === this.#furthest) this.#measured = { seq: this.#next, since: now };
      this.#next = further(this.#next, this.#put(sent, count));
    }
    if (this.#total === 0) this.#timer.stop();
    else if (!this.#timer.runs) this.#timer.start(now);
  }

  /** Everything that takes a sequence number and is not acknowledged, the end included. */
  get #total(): number {
    return this.#queue.length + (this.#ends && !this.#endKnown ? 1 : 0);
  }

  /** Sends so much, from so far behind the oldest. Returns how many sequence numbers that took. */
  #put(from: number, count: number): number {
    const bytes = this.#queue.slice(from, count);
    const ends = from + count > this.#queue.length;
    const length = bytes.length + (ends ? 1 : 0);
    const behind = further(this.#oldest, from + length);
    if (ahead(behind, this.#furthest) > 0) this.#furthest = behind;
    const push = bytes.length > 0 && from + bytes.length === this.#queue.length;
    this.#transmit(further(this.#oldest, from), bytes, { push, ends });
    return length;
  }

  #takeWindow(seq: number, ack: number, window: number): void {
    const order = ahead(seq, this.#windowSeq);
    if (order < 0 || (order === 0 && ahead(ack, this.#windowAck) < 0)) return;
    this.#window = window;
    this.#windowSeq = seq;
    this.#windowAck = ack;
    this.#widest = Math.max(this.#widest, window);
    if (window > 0) this.#timer.open();
  }

  /** Something that was sent has come. */
  #advance(ack: number, fresh: number, now: number): void {
    if (this.#measured !== null && ahead(ack, this.#measured.seq) > 0) {
      this.#timer.measure(now - this.#measured.since);
      this.#measured = null;
    }
    this.#repeats = 0;
    if (fresh > this.#queue.length) this.#endKnown = true;
    this.#queue.drop(Math.min(fresh, this.#queue.length));
    this.#oldest = ack;
    if (ahead(ack, this.#next) > 0) this.#next = ack;
    this.#timer.answered();
    if (this.#next === this.#oldest) this.#timer.stop();
    else this.#timer.start(now);
    if (this.#repairedAt === null) return;
    // More than one was lost: the next of them is sent at once (RFC 6582, 3.2).
    if (ahead(ack, this.#repairedAt) < 0) this.#repair();
    else this.#repairedAt = null;
  }

  /** The Guest hears of later segments, and one is missing: that one is sent at once. */
  #countRepeat(): void {
    if (++this.#repeats !== REPEATS || this.#repairedAt !== null) return;
    this.#repairedAt = this.#furthest;
    this.#repair();
  }

  #repair(): void {
    this.#measured = null;
    this.#put(0, Math.min(this.#total, this.#mss));
  }
}
