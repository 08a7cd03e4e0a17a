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

/** Pages that belong to no part; their code has markers of Preparation's. */
export interface Outside {
  /** Folder under `docs/`. */
  readonly folder: string;
  readonly title: string;
}

/** What to read before the first part, for whoever has never met this processor. */
export const wayIn: Outside = { folder: 'before', title: 'Before you set out' };

/** What is kept after the last part, to be looked up. */
export const appendix: Outside = { folder: 'appendix', title: 'To look things up' };

/** What a chapter outside all parts belongs to: `docs/before/rings.mdx`, `before/rings`. */
export function outsideOf(chapter: string): Outside | undefined {
  const folder = folderOf(chapter);
  return [wayIn, appendix].find((outside) => outside.folder === folder);
}

/** The part that a chapter belongs to, by its path: `docs/host/segments.mdx`, `host/segments`. */
export function partOf(chapter: string): Part | undefined {
  const folder = folderOf(chapter);
  return parts.find((part) => part.folder === folder);
}

function folderOf(chapter: string): string {
  return chapter.replace(/^(@site\/)?docs\//, '').split('/')[0];
}

/** The part that a marker or a chunk's id belongs to. */
export function partOfMarker(id: string): Part | undefined {
  return parts.find((part) => part.letter === id[0]);
}
