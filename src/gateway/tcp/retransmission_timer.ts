/** When what was sent must have been answered (RFC 6298), and when to give up (RFC 9293, 3.8.3). Milliseconds of any clock. */

/** Before anything is known of the way (2.1). */
const FIRST = 1000;
/** The RFC would have a whole second; this wire is in one computer. Linux has the same. */
const SHORTEST = 200;
const LONGEST = 60_000;
/** How often the clock is looked at. */
const GRANULARITY = 100;
/** R2: so long what was sent may remain without any answer, at least 100 s; a SYN at least 3 minutes. */
export const GIVE_UP = 120_000;
export const GIVE_UP_SYN = 180_000;

export class RetransmissionTimer {
  #smoothed: number | null = null;
  #variation = 0;
  #timeout = FIRST;
  /** The time between two knocks at a shut window; null: it is open. */
  #knocks: number | null = null;
  #due = Infinity;
  /** Since when there has been no answer; null: there has been one. */
  #silentSince: number | null = null;

  get runs(): boolean {
    return this.#due !== Infinity;
  }

  /** Begins anew. */
  start(now: number): void {
    this.#due = now + this.#timeout;
  }

  stop(): void {
    this.#due = Infinity;
    this.#silentSince = null;
  }

  isDue(now: number): boolean {
    return now >= this.#due;
  }

  /** It ran out: the next time it takes twice as long (5.5). */
  backOff(now: number): void {
    this.#silentSince ??= now;
    this.#timeout = Math.min(LONGEST, 2 * this.#timeout);
    this.start(now);
  }

  /** It ran out before a shut window: the next knock comes after twice as long (RFC 9293, 3.8.6.1). */
  knock(now: number): void {
    this.#silentSince ??= now;
    this.#knocks = Math.min(LONGEST, 2 * (this.#knocks ?? this.#timeout));
    this.#due = now + this.#knocks;
  }

  /** The window is open. */
  open(): void {
    this.#knocks = null;
  }

  /** Milliseconds since it first ran out without an answer. */
  silence(now: number): number {
    return this.#silentSince === null ? 0 : now - this.#silentSince;
  }

  /** There was an answer, though perhaps not the one that is hoped for. */
  answered(): void {
    this.#silentSince = null;
  }

  /** Something that was sent once, and only once, was answered after so many milliseconds (2.2, 2.3). Until then a timeout that was doubled stays so (5.7, and Karn). */
  measure(roundTrip: number): void {
    if (this.#smoothed === null) {
      this.#smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation += (Math.abs(this.#smoothed - roundTrip) - this.#variation) / 4;
      this.#smoothed += (roundTrip - this.#smoothed) / 8;
    }
    this.#timeout = Math.max(SHORTEST, Math.min(LONGEST, this.#smoothed + Math.max(GRANULARITY, 4 * this.#variation)));
  }
}
