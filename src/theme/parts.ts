/** The seven parts of the tour, in its order. */
import type { WorldName } from '#live';

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

export const parts: readonly Part[] = [
  { letter: 'P', folder: 'preparation', title: 'Preparation', blurb: 'what to pack: who is who, and what an x86 gives us', world: null },
  { letter: 'G', folder: 'guest', title: 'Guest', blurb: 'a kernel that knows it is not alone', world: 'guest-kernel' },
  { letter: 'D', folder: 'drivers', title: 'Drivers', blurb: 'devices made of shared memory and good manners', world: 'guest-user' },
  { letter: 'L', folder: 'launcher', title: 'Launcher', blurb: 'an ordinary program that builds a machine', world: 'launcher' },
  { letter: 'H', folder: 'host', title: 'Host', blurb: 'where the Guest’s wishes are weighed', world: 'host' },
  { letter: 'S', folder: 'switcher', title: 'Switcher', blurb: 'the narrow bridge between two worlds', world: 'switcher' },
  { letter: 'M', folder: 'mastery', title: 'Mastery', blurb: 'now change it', world: null },
];

/** The part that a chapter belongs to, by its path: `docs/host/segments.mdx`, `host/segments`. */
export function partOf(chapter: string): Part | undefined {
  const folder = chapter.replace(/^(@site\/)?docs\//, '').split('/')[0];
  return parts.find((part) => part.folder === folder);
}
