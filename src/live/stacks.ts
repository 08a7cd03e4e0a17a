/** Guests under patches of a reader's own choice. No build has made them: the page's worker weaves them, as it weaves edits. */

/** The name of a scene under such patches, by their markers: `scene+M-003+M-014`. What the build has made has a full stop there. */
function stackedName(scene: string, patches: readonly string[]): string {
  return [scene, ...patches.map((patch) => patch.replace(':', '-'))].join('+');
}

/**
 * The name of a scene under some patches, none perhaps.
 * @param built those that the build has put into it, as the scene names them
 */
export function sceneUnder(scene: string, inside: readonly string[], built?: string): string {
  if (inside.length === 0) return scene;
  return inside.join('+') === built ? `${scene}.${built.replaceAll(':', '-')}` : stackedName(scene, inside);
}

/** A scene's title under them. */
export function titleUnder(title: string, inside: readonly string[]): string {
  return inside.length === 0 ? title : `${title}, with ${patchList(inside)}`;
}

/** More than so many are not listed where there is little room. */
const LISTED = 3;

/** Their list, as one says it: M:003, M:012 and M:014. */
export function patchList(patches: readonly string[]): string {
  if (patches.length > LISTED) return `${patches.length} patches`;
  return patches.join(', ').replace(/, (?=[^,]*$)/, ' and ');
}

/** What lies behind the address of such a scene: the scene's own, and the patches (`M:003+M:014`). Null: the build has made it. */
export function stackAt(url: string): { readonly url: string; readonly patches: string } | null {
  const found = /^(.*\/\w+)\+(M-\d{3}(?:\+M-\d{3})*)\.json$/.exec(url);
  return found && { url: `${found[1]}.json`, patches: found[2].replaceAll('-', ':') };
}
