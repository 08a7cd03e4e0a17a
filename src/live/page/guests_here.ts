/** The places of live Guests on the page, in its order: whoever changes code can boot one. */

/** One for all: what the page shows. By scene. */
const places = new Map<string, () => void>();

/** A Guest stands on the page. @param boot boots it, and runs it. Returns the way out. */
export function standHere(scene: string, boot: () => void): () => void {
  places.set(scene, boot);
  if (wanted === scene) {
    wanted = null;
    boot();
  }
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

/** A Guest that the page can show in another's place, since it runs under a patch. */
interface Offer {
  readonly patches: readonly string[];
  readonly scene: string;
  readonly show: () => void;
}

/** One for all: what the page offers, in its order. */
const offers = new Set<Offer>();
/** One for all: the scene that is to be booted as soon as it is shown. */
let wanted: string | null = null;

/** The page could show a scene under patches. Returns the way out. */
export function offerHere(offer: Offer): () => void {
  offers.add(offer);
  return () => void offers.delete(offer);
}

/** Shows and boots the page's first Guest that runs under a patch. Returns whether there is one. */
export function bootUnder(patch: string): boolean {
  const all = [...offers].filter(({ patches }) => patches.includes(patch));
  const offer = all.find(({ patches }) => patches.length === 1) ?? all.at(0);
  if (offer === undefined) return false;
  if (bootHere(offer.scene)) return true;
  wanted = offer.scene;
  offer.show();
  return true;
}
