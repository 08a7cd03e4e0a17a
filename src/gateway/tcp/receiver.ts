/** What a Guest says, put in order again, and how much more it may say (RFC 9293, 3.4 and 3.8.6). */
import { ahead, further } from './sequence.ts';

/** Bytes of the Guest's that may be under way to us or wait for the peer. */
export const BUFFER = 65535;
/** The window opens by at least that much at once, so that the Guest is never asked for crumbs (RFC 9293, 3.8.6.2.2). */
const LEAST_OPENING = 1460;
/** Pieces kept that came before their turn. Who sends more, and smaller ones, must send the rest again. */
const PIECES = 128;

/** A piece that came before its turn. */
interface Piece {
  at: number;
  bytes: Uint8Array;
}

export class Receiver {
  readonly #deliver: (bytes: Uint8Array) => void;
  /** RCV.NXT: the next byte that is expected. */
  #expected: number;
  /** The first sequence number that the Guest may not use. It never moves back. */
  #edge: number;
  /** In their order; no two have a byte in common. */
  #early: Piece[] = [];
  /** The sequence number of the Guest's end, once that is known. */
  #end: number | null = null;
  #ended = false;

  /**
   * @param first the sequence number of the Guest's first byte
   * @param deliver takes its bytes, in order; they are its own
   */
  constructor(first: number, deliver: (bytes: Uint8Array) => void) {
    this.#deliver = deliver;
    this.#expected = first >>> 0;
    this.#edge = further(first, BUFFER);
  }

  get expected(): number {
    return this.#expected;
  }

  /** The Guest has said all. */
  get ended(): boolean {
    return this.#ended;
  }

  /** RCV.WND: how much the Guest may send from {@link expected} on, as it was last told. */
  get window(): number {
    return ahead(this.#edge, this.#expected);
  }

  /** Bytes that are kept because others before them are missing. */
  get held(): number {
    return this.#early.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Opens the window as far as there is room, and returns it. @param backlog bytes that wait for the peer */
  open(backlog: number): number {
    const edge = further(this.#expected, Math.max(0, BUFFER - backlog));
    if (ahead(edge, this.#edge) >= LEAST_OPENING) this.#edge = edge;
    return this.window;
  }

  /** How much {@link open} would open it. */
  opening(backlog: number): number {
    const gain = BUFFER - backlog - this.window;
    return gain >= LEAST_OPENING ? gain : 0;
  }

  /** Is this sequence number one that the Guest may use now? */
  isInWindow(seq: number): boolean {
    return ahead(seq, this.#expected) >= 0 && ahead(seq, this.#edge) < 0;
  }

  /** The first test of a segment (RFC 9293, 3.10.7.4). @param length its data, and one for its SYN or FIN */
  accepts(seq: number, length: number): boolean {
    if (length === 0) return this.window === 0 ? seq === this.#expected : this.isInWindow(seq);
    return this.window > 0 && (this.isInWindow(seq) || this.isInWindow(further(seq, length - 1)));
  }

  /** Takes an accepted segment's data, as much of it as is new and lies in the window. @param ends whether a FIN is behind it */
  take(seq: number, data: Uint8Array, ends: boolean): void {
    if (this.#ended) return;
    const end = further(seq, data.length);
    if (ends && this.#end === null && this.isInWindow(end)) this.#endAt(end);
    const from = Math.max(0, ahead(this.#expected, seq));
    const to = Math.min(data.length, ahead(this.#limit, seq));
    if (from < to && further(seq, from) === this.#expected) this.#pass(data.slice(from, to));
    else if (from < to) this.#keep(further(seq, from), data.subarray(from, to));
    if (this.#end !== this.#expected) return;
    this.#expected = further(this.#expected, 1);
    this.#ended = true;
  }

  /** Nothing comes from there on, whatever was said before. */
  #endAt(end: number): void {
    this.#end = end;
    this.#early = this.#early
      .filter(({ at }) => ahead(at, end) < 0)
      .map(({ at, bytes }) => ({ at, bytes: bytes.subarray(0, ahead(end, at)) }));
  }

  /** Behind the last byte that can still come. */
  get #limit(): number {
    return this.#end ?? this.#edge;
  }

  /** Delivers what is next, and what waited for it. */
  #pass(bytes: Uint8Array): void {
    this.#expected = further(this.#expected, bytes.length);
    this.#deliver(bytes);
    while (this.#early.length > 0 && ahead(this.#early[0].at, this.#expected) <= 0) {
      const piece = this.#early.shift()!;
      const fresh = piece.bytes.subarray(Math.max(0, ahead(this.#expected, piece.at)));
      this.#expected = further(this.#expected, fresh.length);
      if (fresh.length > 0) this.#deliver(fresh);
    }
  }

  /** Keeps those parts of a piece that are not there yet. */
  #keep(at: number, bytes: Uint8Array): void {
    const pieces: Piece[] = [];
    const end = further(at, bytes.length);
    let from = at;
    const add = (to: number): void => {
      if (ahead(to, from) > 0) pieces.push({ at: from, bytes: bytes.slice(ahead(from, at), ahead(to, at)) });
    };
    for (const piece of this.#early) {
      const behind = further(piece.at, piece.bytes.length);
      if (ahead(behind, from) > 0 && ahead(piece.at, end) < 0) {
        add(piece.at);
        from = behind;
      }
    }
    add(end);
    this.#early = [...this.#early, ...pieces].sort((a, b) => ahead(a.at, b.at)).slice(0, PIECES);
  }
}
