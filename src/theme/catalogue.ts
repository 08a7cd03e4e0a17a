/** The 128 markers of the original tour, in its order, each with what is told there: `docs/catalogue.json`. Whatever else has a marker is this book's own. */
import list from '../../docs/catalogue.json';

/** A milestone of the original. */
export interface Milestone {
  readonly marker: string;
  /** One sentence. */
  readonly says: string;
}

export const catalogue = list as readonly Milestone[];

const byMarker = new Map(catalogue.map((milestone) => [milestone.marker, milestone]));

/** The milestone of a marker; undefined for one of this book's own. */
export function milestoneOf(marker: string): Milestone | undefined {
  return byMarker.get(marker);
}
