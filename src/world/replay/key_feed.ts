/**
 * What is typed, or comes through a pipe, and has to wait until the Host's terminal has room: it is given in portions, the next when it is asked for, so that nothing of a
 * long paste is lost; and where in the run each portion comes hangs on the reader, not on the slices.
 */
import type { OutsideInput } from '#hostos';

/** Bytes of a portion: with what may be left in the terminal, less than it keeps. */
const PORTION = 2048;

interface Line {
  waiting: Uint8Array[];
  /** Nothing is wanted until the terminal asks. */
  held: boolean;
  ended: boolean;
}

/** Hands what is typed to a world’s terminals, as fast as they have room. */
export class KeyFeed {
  readonly #give: (input: OutsideInput) => void;
  readonly #lines = new Map<number, Line>();

  /** @param give takes what goes into the world, in order */
  constructor(give: (input: OutsideInput) => void) {
    this.#give = give;
  }

  /** Somebody types. */
  type(tty: number, bytes: Uint8Array): void {
    const line = this.#line(tty);
    if (bytes.length > 0) line.waiting.push(bytes);
    if (!line.held) this.#next(tty, line);
  }

  /** Nobody will type there any more. */
  end(tty: number): void {
    const line = this.#line(tty);
    line.ended = true;
    if (!line.held) this.#next(tty, line);
  }

  /** The terminal asks for more. */
  more(tty: number): void {
    const line = this.#line(tty);
    line.held = false;
    this.#next(tty, line);
  }

  /** What was held back is wanted no more. */
  clear(): void {
    this.#lines.clear();
  }

  #line(tty: number): Line {
    let line = this.#lines.get(tty);
    if (line === undefined) this.#lines.set(tty, (line = { waiting: [], held: false, ended: false }));
    return line;
  }

  #next(tty: number, line: Line): void {
    const bytes = new Uint8Array(
      Math.min(
        PORTION,
        line.waiting.reduce((sum, { length }) => sum + length, 0),
      ),
    );
    for (let done = 0; done < bytes.length; ) {
      const [first] = line.waiting;
      const part = first.subarray(0, bytes.length - done);
      bytes.set(part, done);
      done += part.length;
      if (part.length === first.length) line.waiting.shift();
      else line.waiting[0] = first.subarray(part.length);
    }
    line.held = line.waiting.length > 0;
    if (line.held) this.#give({ kind: 'keys', tty, bytes, more: true });
    else {
      if (bytes.length > 0) this.#give({ kind: 'keys', tty, bytes });
      if (line.ended) this.#give({ kind: 'end-of-keys', tty });
      line.ended = false;
    }
  }
}
