/** The seven parts of the tour, in its order, as `docs/parts.json` names them for the pages and for the tangler. */
import type { WorldName } from '#live';
import list from '../../docs/parts.json';

/** One part: its letter is the first character of its markers. */
export interface Part {
  readonly letter: string;
  /** Folder under `docs/`. */
  readonly folder: string;
  readonly title: string;
  /** What one learns there, in a few words. */
  readonly blurb: string;
  /** The world whose colour the part wears; null for the two that belong to no world. */
  readonly world: WorldName | null;
}

export const parts = list as readonly Part[];

/** The part that a chapter belongs to, by its path: `docs/host/segments.mdx`, `host/segments`. */
export function partOf(chapter: string): Part | undefined {
  const folder = chapter.replace(/^(@site\/)?docs\//, '').split('/')[0];
  return parts.find((part) => part.folder === folder);
}

/** The part that a marker or a chunk's id belongs to. */
export function partOfMarker(id: string): Part | undefined {
  return parts.find((part) => part.letter === id[0]);
}
