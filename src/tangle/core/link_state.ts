/** What is known while chunks are linked. */
import type { Chunk } from './chunks.ts';
import type { Problem } from './types.ts';

/** What linking knows of the chunks. */
export interface LinkState {
  byId: Map<string, Chunk>;
  /** Pieces by the id of the chunk that takes them. */
  pieces: Map<string, Chunk[]>;
  /** The applied patch of each replaced chunk. */
  patches: Map<string, Chunk>;
  /** Ids that a faulty info string names. */
  faulty: ReadonlySet<string>;
  /** Markers (or ids of patches) that make the variant; none for the program itself. */
  variant: readonly string[];
  problems: Problem[];
}

/** Adds to the list of a key. */
export function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The pieces for a slot: those into the chunk itself or, for a patch, else those into the chunk it replaces. */
export function piecesFor(chunk: Chunk, name: string, { byId, pieces }: Pick<LinkState, 'byId' | 'pieces'>): Chunk[] {
  for (let owner: Chunk | undefined = chunk, steps = 0; owner && steps < 50; steps++) {
    const found = (pieces.get(owner.id) ?? []).filter((piece) => piece.suffix === name);
    if (found.length > 0) return found;
    owner = owner.kind === 'patch' ? byId.get(owner.replaces!) : undefined;
  }
  return [];
}

/** Whether a chunk is in the variant: what belongs to none is in all. */
export function isIn(chunk: Chunk, variant: readonly string[]): boolean {
  return chunk.variant === null || variant.includes(chunk.variant) || variant.includes(chunk.id);
}
