import { formatMessage, mapPosition } from '#tangle';
import type { ChunkIndex, Note, Position } from '#tangle';

/** A scene, its files, or the assembly of its Guests is wrong: each fault with its place in the chapter. */
export class SceneFault extends Error {
  readonly notes: readonly Note[];

  constructor(notes: readonly Note[]) {
    super(notes.map((note) => formatMessage(note)).join('\n'));
    this.notes = notes;
  }
}

/** The place in a chapter; where no chunk has it, the place as it is. */
export function origin(chunks: ChunkIndex, file: string, line: number, column = 1): Position {
  return mapPosition(chunks, file, line, column) ?? { file, line, column };
}
