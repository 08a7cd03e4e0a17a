/** The 128 markers of the original tour, in its order, each with what is told there: `docs/catalogue.json`. Whatever else has a marker is this book's own. */
import list from '../../docs/catalogue.json';
import own from '../../docs/own_markers.json';

/** A marker, and what is told there. */
export interface Milestone {
  readonly marker: string;
  /** One sentence. */
  readonly says: string;
}

export const catalogue = list as readonly Milestone[];

/** The markers that this book has added, as the original's: `docs/own_markers.json`. */
export const ownMarkers = own as readonly Milestone[];

const ownByMarker = new Map(ownMarkers.map((one) => [one.marker, one]));

const byMarker = new Map(catalogue.map((milestone) => [milestone.marker, milestone]));

/** The milestone of a marker; undefined for one of this book's own. */
export function milestoneOf(marker: string): Milestone | undefined {
  return byMarker.get(marker);
}

/** What is told at a marker of this book's own; undefined for one of the original's. */
export function ownOf(marker: string): Milestone | undefined {
  return ownByMarker.get(marker);
}
