/** What can be found on the site, as the build writes it and the page reads it. Rows are arrays, as there are some thousands of them. */

/** A page of the site. */
export interface FoundPage {
  readonly title: string;
  /** Address below the site's own: `host/page_tables/`. */
  readonly path: string;
  /** The part's letter; empty where it belongs to none. */
  readonly part: string;
}

/** A stretch of prose below one heading: which page, the heading (empty: the page's beginning), its anchor, the words. */
export type SectionRow = readonly [page: number, heading: string, anchor: string, text: string];

/** A marker: its name, its page, and the file that its first chunk goes to (empty: prose only). */
export type MarkerRow = readonly [marker: string, page: number, file: string];

/** A name of the program: the chunk that defines it, that chunk's page, and its file. */
export type NameRow = readonly [name: string, chunk: string, page: number, file: string];

/** A name of the reference: which page, and the anchor there. */
export type ReferenceRow = readonly [name: string, page: number, anchor: string];

/** All of it. */
export interface SearchData {
  readonly pages: readonly FoundPage[];
  readonly sections: readonly SectionRow[];
  readonly markers: readonly MarkerRow[];
  readonly names: readonly NameRow[];
  readonly reference: readonly ReferenceRow[];
}

/** Where the build puts it, below the site's address. */
export const SEARCH_FILE = 'search.json';

/** What was found. */
export interface Finding {
  /** Address below the site's own, fragment included. */
  readonly path: string;
  readonly title: string;
  /** Where that is. */
  readonly place: string;
  /** The part's letter; empty where it belongs to none. */
  readonly part: string;
  /** Words around what was looked for, for prose; pieces at odd places are the words themselves. */
  readonly excerpt: readonly string[];
}

/** Kinds of things that are found, in the order in which they are shown. */
export const KINDS = ['markers', 'identifiers', 'chapters'] as const;
export type Kind = (typeof KINDS)[number];

/** What was found, by kind; of each no more than are shown. */
export type Findings = Readonly<Record<Kind, readonly Finding[]>>;
