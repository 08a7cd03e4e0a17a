/** Bytes that come in pieces at one end, and are looked at and dropped at the other. */
export class ByteQueue {
  #pieces: Uint8Array[] = [];
  /** Bytes of the first piece that are gone. */
  #gone = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Keeps the piece itself: nobody may change it any more. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** A copy of `count` bytes from `from` on; fewer where there are no more. */
  slice(from: number, count: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(count, this.#length - from)));
    let skip = from + this.#gone;
    let done = 0;
    for (const piece of this.#pieces) {
      if (done === bytes.length) break;
      const part = piece.subarray(skip, skip + bytes.length - done);
      bytes.set(part, done);
      done += part.length;
      skip = Math.max(0, skip - piece.length);
    }
    return bytes;
  }

  /** The first `count` bytes are not wanted any more. */
  drop(count: number): void {
    this.#length -= count;
    this.#gone += count;
    let pieces = 0;
    while (pieces < this.#pieces.length && this.#gone >= this.#pieces[pieces].length) this.#gone -= this.#pieces[pieces++].length;
    this.#pieces.splice(0, pieces);
  }

  clear(): void {
    this.#pieces = [];
    this.#gone = 0;
    this.#length = 0;
  }
}
