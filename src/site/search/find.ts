/** Finds words in the book's prose, and markers and identifiers by what they are called. */
import MiniSearch from 'minisearch';

import type { Finding, Findings, FoundPage, Kind, SearchData } from './types.ts';

/** So many of a kind. */
const MOST: Readonly<Record<Kind, number>> = { markers: 5, identifiers: 8, chapters: 12 };
/** Letters of an excerpt before and behind the first word. */
const BEFORE = 50;
const BEHIND = 110;
/** Sections that are taken into the index at once, between two breaths. */
const BREATH = 40;

interface Section {
  readonly id: number;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** Looks things up in what the build wrote. */
export class Finder {
  readonly #data: SearchData;
  readonly #prose = new MiniSearch<Section>({
    fields: ['page', 'heading', 'text'],
    searchOptions: {
      boost: { page: 3, heading: 4 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
      weights: { prefix: 0.5, fuzzy: 0.15 },
    },
  });
  /** All prose can be found; resolves once it is in the index. */
  readonly ready: Promise<void>;

  constructor(data: SearchData) {
    this.#data = data;
    const sections = data.sections.map(([page, heading, , text], id) => ({ id, page: data.pages[page].title, heading, text }));
    this.ready = this.#prose.addAllAsync(sections, { chunkSize: BREATH });
  }

  /** What a reader's words lead to. */
  find(words: string): Findings {
    const wanted = words.trim();
    if (wanted === '') return { markers: [], identifiers: [], chapters: [] };
    return { markers: this.#markers(wanted), identifiers: this.#names(wanted), chapters: this.#sections(wanted) };
  }

  #markers(wanted: string): Finding[] {
    // `H:340`, `h340`, `H:34`, or a chunk's whole name: `H:350.batch`.
    const said = /^([a-z]):?(\d{1,3})(\.[\w-]*)?$/i.exec(wanted);
    if (said === null) return [];
    const [, letter, digits, suffix] = said;
    const begin = `${letter.toUpperCase()}:${digits}`;
    if (suffix !== undefined) {
      const seen = new Map(this.#data.names.map(([, chunk, page, file]) => [chunk, { page, file }]));
      return [...seen]
        .filter(([chunk]) => chunk.toLowerCase().startsWith(`${begin}${suffix}`.toLowerCase()))
        .slice(0, MOST.markers)
        .map(([chunk, { page, file }]) => this.#at(page, chunk, chunk, file));
    }
    return this.#data.markers
      .filter(([marker]) => marker.startsWith(begin))
      .slice(0, MOST.markers)
      .map(([marker, page, file]) => this.#at(page, marker, marker, file));
  }

  #names(wanted: string): Finding[] {
    if (/\s/.test(wanted)) return [];
    const program = this.#data.names.map(([name, chunk, page, file]) => ({ name, rank: rankOf(name, wanted), page, anchor: chunk, file }));
    const reference = this.#data.reference.map(([name, page, anchor]) => ({ name, rank: rankOf(name, wanted), page, anchor, file: '' }));
    return [...program, ...reference]
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank || a.name.length - b.name.length)
      .slice(0, MOST.identifiers)
      .map(({ name, page, anchor, file }) => this.#at(page, anchor, name, file === '' ? 'reference' : `${anchor}, ${file}`));
  }

  #sections(wanted: string): Finding[] {
    return this.#prose
      .search(wanted)
      .slice(0, MOST.chapters)
      .map(({ id, match }) => {
        const [page, heading, anchor, text] = this.#data.sections[id as number];
        return {
          ...this.#at(page, anchor, heading === '' ? this.#data.pages[page].title : heading),
          excerpt: excerptOf(text, Object.keys(match)),
        };
      });
  }

  #at(page: number, anchor: string, title: string, place = ''): Finding {
    const { path, part, title: holder }: FoundPage = this.#data.pages[page];
    const where = [place, holder === title ? '' : holder].filter((one) => one !== '').join(' · ');
    return { path: anchor === '' ? path : `${path}#${anchor}`, title, place: where, part, excerpt: [] };
  }
}

/** How well a name is what was asked for: 0 is not at all. `demandPage` is found by `demand`, `page`, `demandpage`, `demand_page` and `dp`. */
export function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 6;
  const [low, want] = [plain(name), plain(wanted)];
  if (want.length < 2) return 0;
  if (low === want) return 5;
  if (low.startsWith(want)) return 4;
  const initials = (name.match(/[A-Z]?[a-z0-9]+|[A-Z]+/g) ?? []).map(([first]) => first.toLowerCase()).join('');
  if (initials.length > 1 && initials === want) return 3;
  if (want.length > 2 && low.includes(want)) return 2;
  return 0;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The words around the first that was found, cut where the terms begin and end. */
export function excerptOf(text: string, terms: readonly string[]): string[] {
  const shownTerms = terms.filter((term) => term.length > 1);
  const found = shownTerms.map((term) => text.toLowerCase().indexOf(term)).filter((at) => at >= 0);
  const first = found.length === 0 ? 0 : Math.min(...found);
  const from = first <= BEFORE ? 0 : text.lastIndexOf(' ', first - BEFORE) + 1;
  const cut = text.slice(from, first + BEHIND);
  const whole = from + cut.length >= text.length ? cut : cut.slice(0, Math.max(cut.lastIndexOf(' '), 0));
  const shown = `${from > 0 ? '… ' : ''}${whole}${whole.length < text.length - from ? ' …' : ''}`;
  if (shownTerms.length === 0) return [shown];
  const any = [...shownTerms].sort((a, b) => b.length - a.length).map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return shown.split(new RegExp(`\\b(${any.join('|')})`, 'gi'));
}
