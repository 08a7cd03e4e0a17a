/** The chunk index as the site's pages need it: each chapter knows its own chunks and where they lead; two pages list the whole program. */
import { mapToOutput } from '../core/maps.ts';
import type { ChunkEntry, ChunkIndex } from '../core/types.ts';

/** A chunk as its own page shows it; what is null or empty is left out. */
export interface PageChunk {
  /** Path inside the output folder; an example has none. */
  file?: string;
  /** First line in that file. */
  line?: number;
  /** It carries its marker's own anchor. */
  first?: true;
  into?: string;
  replaces?: string;
  /** The marker of the patch that brings it: it is in that variant only, and takes nobody’s place. */
  only?: string;
  previous?: string;
  next?: string;
  /** Pieces, when it has slots: name of the slot -> the first piece that goes there. */
  slots?: Record<string, string>;
  /** Name and defining chunk. */
  uses?: [name: string, chunk: string][];
  /** Chunks that use what this one defines: id -> names. */
  usedIn?: Record<string, string[]>;
}

/** What a chapter's page knows of the program. */
export interface PageIndex {
  /** The chapter's chunks by id. */
  chunks: Record<string, PageChunk>;
  /** The chapter that holds a chunk or a marker, for each that the page names: `docs/host/page_tables.mdx`. */
  places: Record<string, string>;
}

/** A chunk as the lists of the whole program have it. */
export interface ListedChunk {
  id: string;
  chapter: string;
  /** First and last line of each stretch in the extracted file. */
  output: [from: number, to: number][];
  defines: string[];
}

/** The whole program: by file, and by marker. */
export interface ProgramIndex {
  /** Extracted files in tour order, without examples, each with its chunks. */
  files: { path: string; chunks: ListedChunk[] }[];
  /** In tour order. */
  markers: ListedMarker[];
  /** The title of each chapter that is named here. */
  titles: Record<string, string>;
}

/** Every name that the program defines; chunks by their index in `chunks`. */
export interface NameIndex {
  /** Each chunk that is named, and its chapter. */
  chunks: [id: string, chapter: string][];
  /** In the alphabet's order. */
  names: [name: string, file: string, definedIn: number, usedIn: number[]][];
}

/** A marker: `file` is that of the first chunk, `more` are the chunks beside it. One that owns prose only has no file, and is itself the anchor. */
export interface ListedMarker {
  marker: string;
  chapter: string;
  file: string | null;
  first: string;
  more: ListedPiece[];
}

/** A chapter and its source. */
export type ChapterText = readonly [path: string, text: string];

/** A further chunk of a marker. */
export interface ListedPiece {
  id: string;
  chapter: string;
}

/** What is written like a marker or a chunk's id in a chapter's text. */
const NAMED = /\b[A-Z]:\d{3}(?:\.[A-Za-z0-9-]+)?/g;

/** How a chapter sets down a marker: where no chunk has it, that is its place. */
const SET_DOWN = /<Marker\s+id="([A-Z]:\d{3})"/g;

const TITLE = /^---\n(?:.*\n)*?title: *(['"]?)(.+?)\1 *\n(?:.*\n)*?---\n/;

/** Makes the indexes of the chapters' pages. */
export class PageIndexes {
  readonly #byId: ReadonlyMap<string, ChunkEntry>;
  /** Marker -> the chunk that carries its anchor. */
  readonly #first = new Map<string, string>();
  readonly #pieces = new Map<string, Record<string, string>>();
  readonly #usedIn = new Map<string, Record<string, string[]>>();
  readonly #index: ChunkIndex;

  constructor(index: ChunkIndex) {
    this.#index = index;
    this.#byId = new Map(index.chunks.map((entry) => [entry.id, entry]));
    for (const { marker, chunks } of index.markers) this.#first.set(marker, this.#byId.has(marker) ? marker : chunks[0]);
    for (const { id, into, uses } of index.chunks) {
      if (into !== null) {
        const slots = this.#pieces.get(into) ?? {};
        slots[id.split('.')[1]] ??= id;
        this.#pieces.set(into, slots);
      }
      for (const { name, chunk } of uses) {
        const users = this.#usedIn.get(chunk) ?? {};
        (users[id] ??= []).push(name);
        this.#usedIn.set(chunk, users);
      }
    }
  }

  /** Of one chapter. @param text the chapter's source: what it names in its prose, its page can lead to */
  ofChapter(chapter: string, text: string): PageIndex {
    const chunks: Record<string, PageChunk> = {};
    const named = new Set<string>([...text.matchAll(NAMED)].map(([id]) => id));
    for (const entry of this.#index.chunks) {
      if (entry.chapter !== chapter) continue;
      const chunk = this.#pageChunk(entry);
      chunks[entry.id] = chunk;
      named.add(entry.id);
      if (entry.marker !== null) named.add(entry.marker);
      for (const id of [chunk.into, chunk.replaces, chunk.previous, chunk.next]) if (id !== undefined) named.add(id);
      for (const id of Object.values(chunk.slots ?? {})) named.add(id);
      for (const [, id] of chunk.uses ?? []) named.add(id);
      for (const id of Object.keys(chunk.usedIn ?? {})) named.add(id);
    }
    const places: Record<string, string> = {};
    for (const id of [...named].sort()) {
      const holder = this.#byId.get(id) ?? this.#byId.get(this.#first.get(id) ?? '');
      if (holder !== undefined) places[id] = holder.chapter;
    }
    return { chunks, places };
  }

  /** Every name that the program defines: where, and which other chunks use it. */
  ofNames(): NameIndex {
    const numbers = new Map<string, number>();
    const chunks: [string, string][] = [];
    const numberOf = (id: string): number => {
      const known = numbers.get(id);
      if (known !== undefined) return known;
      numbers.set(id, chunks.length);
      return chunks.push([id, this.#byId.get(id)?.chapter ?? '']) - 1;
    };
    const names = [...this.#index.identifiers]
      .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.file.localeCompare(b.file, 'en'))
      .map(({ name, file, definedIn, usedIn }): NameIndex['names'][number] => [name, file, numberOf(definedIn), usedIn.map(numberOf)]);
    return { chunks, names };
  }

  #pageChunk(entry: ChunkEntry): PageChunk {
    const chunk: PageChunk = {};
    const { previous, next } = entry.continues;
    if (entry.file !== null && entry.kind !== 'example') chunk.file = entry.file;
    if (chunk.file !== undefined && entry.output.length > 0) {
      // Where its code begins: its imports are at the top of the file, an empty line may follow them.
      const { lines, imports } = entry;
      const code = [0, 1].flatMap((more) => mapToOutput(this.#index, entry.chapter, lines.from + imports + more) ?? []);
      chunk.line = code.at(imports > 0 ? -1 : 0)?.line ?? entry.output[0].from;
    }
    if (entry.marker !== null && this.#first.get(entry.marker) === entry.id) chunk.first = true;
    if (entry.into !== null) chunk.into = entry.into;
    if (entry.replaces !== null) chunk.replaces = entry.replaces;
    else if (entry.variant !== null && entry.into === null) chunk.only = entry.variant;
    if (previous !== null) chunk.previous = previous;
    if (next !== null) chunk.next = next;
    if (entry.slots.length > 0) chunk.slots = this.#pieces.get(entry.id) ?? {};
    if (entry.uses.length > 0) chunk.uses = entry.uses.map(({ name, chunk }) => [name, chunk]);
    const usedIn = this.#usedIn.get(entry.id);
    if (usedIn !== undefined) chunk.usedIn = usedIn;
    return chunk;
  }

  /** The markers that no chunk has, each where a chapter first sets it down. */
  #proseMarkers(chapters: readonly ChapterText[]): ListedMarker[] {
    const found = new Map<string, ListedMarker>();
    for (const [chapter, text] of chapters) {
      for (const [, marker] of text.matchAll(SET_DOWN)) {
        if (!this.#first.has(marker) && !found.has(marker)) found.set(marker, { marker, chapter, file: null, first: marker, more: [] });
      }
    }
    return [...found.values()];
  }

  /**
   * Of the whole program.
   * @param chapters all chapters: their titles, and the markers that own prose only, stand in their texts
   * @param letters those of the parts, in tour order
   */
  ofProgram(chapters: readonly ChapterText[], letters: readonly string[]): ProgramIndex {
    const { chunks, files, markers } = this.#index;
    const titles = Object.fromEntries(chapters.map(([chapter, text]) => [chapter, TITLE.exec(text)?.[2] ?? chapter]));
    const place = ({ marker }: ListedMarker): number => letters.indexOf(marker[0]) * 1000 + Number(marker.slice(2));
    const listed = (path: string): ListedChunk[] =>
      chunks
        .filter((entry) => entry.file === path && entry.output.length > 0)
        .map(({ id, chapter, output, defines }) => ({ id, chapter, output: output.map(({ from, to }) => [from, to]), defines }));
    return {
      files: files.filter(({ program }) => program).map(({ path }) => ({ path, chunks: listed(path) })),
      markers: [
        ...markers.map(({ marker, chunks: ids }): ListedMarker => {
          const first = this.#first.get(marker) ?? marker;
          const more = ids.filter((id) => id !== first).map((id) => ({ id, chapter: this.#byId.get(id)?.chapter ?? '' }));
          const holder = this.#byId.get(first);
          return { marker, chapter: holder?.chapter ?? '', file: holder?.file ?? null, first, more };
        }),
        ...this.#proseMarkers(chapters),
      ].sort((a, b) => place(a) - place(b)),
      titles,
    };
  }
}
