/** The places of live Guests on the page, in its order: whoever changes code can boot one. */

/** One for all: what the page shows. By scene. */
const places = new Map<string, () => void>();

/** A Guest stands on the page. @param boot boots it, and runs it. Returns the way out. */
export function standHere(scene: string, boot: () => void): () => void {
  places.set(scene, boot);
  return () => {
    if (places.get(scene) === boot) places.delete(scene);
  };
}

/** Boots a scene's Guest, or the page's first. Returns whether there is one. */
export function bootHere(scene?: string): boolean {
  const boot = scene === undefined ? [...places.values()].at(0) : places.get(scene);
  boot?.();
  return boot !== undefined;
}
