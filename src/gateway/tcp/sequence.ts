/** Sequence numbers go round: they are compared on a circle of 2^32 (RFC 9293, 3.4). */

/** How far `a` is ahead of `b`: negative where it is behind. */
export function ahead(a: number, b: number): number {
  return (a - b) | 0;
}

/** The sequence number so many further on. */
export function further(seq: number, count: number): number {
  return (seq + count) >>> 0;
}
