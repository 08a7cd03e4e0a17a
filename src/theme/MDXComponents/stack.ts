/** The patches of the Mastery part that go together, any of them: `docs/patches.json`, in the order in which they are put in. */
import list from '../../../docs/patches.json';

/** A patch, what it is for in a few words, and the chapter that it stands in. */
interface Patch {
  readonly patch: string;
  readonly what: string;
  readonly chapter: string;
}

export const patches: readonly Patch[] = list;

/** Those that are chosen, in their order. */
export function inOrder(chosen: ReadonlySet<string>): string[] {
  return patches.map(({ patch }) => patch).filter((patch) => chosen.has(patch));
}
