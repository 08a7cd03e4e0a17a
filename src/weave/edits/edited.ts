/** Edited chunks in the tour: whose line is whose. */
import { diffLines, findSlots } from '#tangle';
import type { Chunk, Tour } from '#tangle';

/** What a reader made of chunks: their new texts by id. */
export type Edits = Readonly<Record<string, string>>;

/** A place in the book, or in what a reader made of it. */
export interface EditedPlace {
  /** Path of the chapter. */
  readonly chapter: string;
  /** In the chapter as it is in the book: of a line that is only in the edited text, the one before it. */
  readonly line: number;
  /** The edited chunk in which it is; null in what nobody edited. */
  readonly chunk: string | null;
  /** The line of that chunk's edited text, from 1; of what nobody edited 0. */
  readonly at: number;
}

/** Edited chunks stand at lines that no chapter has, so that a place tells whose it is. */
const FAR = 1_000_000;

/** A tour with some chunks edited. */
export class EditedTour {
  readonly tour: Tour;
  /** Ids of edits whose chunk the book does not have. */
  readonly unknown: readonly string[];
  readonly #edited: { readonly chunk: Chunk; readonly lines: readonly number[] }[] = [];

  constructor(book: Tour, edits: Edits) {
    const byId = new Map(Object.entries(edits));
    const chunks = book.chunks.map((chunk) => {
      const text = byId.get(chunk.id);
      byId.delete(chunk.id);
      return text === undefined || text === chunk.lines.join('\n') ? chunk : this.#edit(chunk, text);
    });
    this.tour = { ...book, chunks };
    this.unknown = [...byId.keys()];
  }

  /** Whether nothing differs from the book. */
  get isBook(): boolean {
    return this.#edited.length === 0;
  }

  /** The chunks that differ, as they are now. */
  get chunks(): readonly Chunk[] {
    return this.#edited.map(({ chunk }) => chunk);
  }

  #edit(original: Chunk, text: string): Chunk {
    const lines = text.split('\n');
    const first = FAR * (this.#edited.length + 1);
    const chunk: Chunk = {
      ...original,
      lines,
      slots: original.kind === 'example' ? [] : findSlots(lines, original.lang),
      fence: { ...original.fence, first, count: lines.length, indents: null, pads: null },
    };
    this.#edited.push({ chunk, lines: originalLines(original, lines) });
    return chunk;
  }

  /** What the tangler calls a line of a chapter. */
  place(chapter: string, line: number): EditedPlace {
    const edited = line < FAR ? undefined : this.#edited[Math.floor(line / FAR) - 1];
    if (edited === undefined) return { chapter, line, chunk: null, at: 0 };
    const index = line % FAR;
    const known = edited.lines[Math.min(index, edited.lines.length - 1)];
    return { chapter, line: known, chunk: edited.chunk.id, at: index + 1 };
  }
}

/** Of each line of an edited text the line of the chapter that it was, or the one that stands before it there. */
function originalLines(original: Chunk, lines: readonly string[]): number[] {
  const { first, count } = original.fence;
  const last = first + Math.max(0, count - 1);
  const found: number[] = [];
  let before = 0;
  for (const { aFrom, aTo, bFrom, bTo } of [
    ...diffLines(original.lines, lines),
    { aFrom: count, aTo: count, bFrom: lines.length, bTo: lines.length },
  ]) {
    while (found.length < bFrom) found.push(first + before++);
    // What was changed line for line stays where it was.
    for (let at = bFrom; at < bTo; at++) {
      found.push(at - bFrom < aTo - aFrom ? first + aFrom + at - bFrom : Math.max(first, first + Math.max(aFrom, aTo) - 1));
    }
    before = aTo;
  }
  return found.map((line) => Math.min(last, line));
}
