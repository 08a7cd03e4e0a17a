/** A terminal's text for those who listen: in words, in pieces, at a pace that can be followed. */

/** A piece of text; a screen reader says what is new. */
export interface SpokenPiece {
  readonly id: number;
  readonly text: string;
}

/** Characters that are kept. */
const KEPT = 20_000;
/** Milliseconds from one piece to the next. */
const PATIENCE = 1500;

/** Gathers what a terminal prints, and hands it over piece by piece. */
export class SpokenText {
  readonly #show: (pieces: readonly SpokenPiece[]) => void;
  #pieces: readonly SpokenPiece[] = [];
  #decoder = new TextDecoder();
  #waiting = '';
  #nextId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param show hears of all pieces whenever there is another one */
  constructor(show: (pieces: readonly SpokenPiece[]) => void) {
    this.#show = show;
  }

  /** Takes what was printed, one character a byte. @param fresh the screen was cleared before */
  print(text: string, fresh: boolean): void {
    if (fresh) {
      this.#decoder = new TextDecoder();
      this.#waiting = '';
      this.#pieces = [];
    }
    // A letter may come in two halves.
    this.#waiting += this.#decoder.decode(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
      { stream: true },
    );
    if (fresh) this.flush();
    this.#timer ??= setTimeout(() => this.flush(), PATIENCE);
  }

  /** Hands over what waits, now. */
  flush(): void {
    this.stop();
    if (this.#waiting !== '') this.#pieces = shortened([...this.#pieces, { id: this.#nextId++, text: this.#waiting }]);
    this.#waiting = '';
    this.#show(this.#pieces);
  }

  /** Nobody listens any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The latest pieces, of the last one at least the end. */
function shortened(pieces: readonly SpokenPiece[]): readonly SpokenPiece[] {
  let length = 0;
  const kept: SpokenPiece[] = [];
  for (const piece of [...pieces].reverse()) {
    if (length >= KEPT) break;
    kept.unshift({ ...piece, text: piece.text.slice(-KEPT) });
    length += piece.text.length;
  }
  return kept;
}
