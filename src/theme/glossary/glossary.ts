/** The words of the trade that the tour uses, each with the page that introduces it: `docs/glossary.json`. */
import list from '../../../docs/glossary.json';

/** One term. */
export interface Term {
  /** `page table`; its anchor on the glossary's page is `anchorOf` it. */
  readonly term: string;
  /** The forms in which it is met in prose, the term's own among them, as they are written. */
  readonly words: readonly string[];
  /** One or two sentences. */
  readonly says: string;
  /** The page that introduces it: `before/addresses`. */
  readonly page: string;
}

export const glossary = list as readonly Term[];
