/**
 * The shapes of everything the tangler gives away. `.tangled/chunks.json` is one {@link ChunkIndex}.
 *
 * Lines and columns are 1-based everywhere in this folder, as compilers print them; a name that ends in `Offset`
 * or `Indent` counts characters from 0.
 */

/** The languages that are extracted. */
export type Lang = 'ts' | 'asm' | 'json';

/**
 * What a chunk is: part of a `file`, a `piece` that goes where another chunk has a slot, a `patch` that replaces
 * another chunk in a variant, or an `example`, type-checked but not part of the program.
 */
export type ChunkKind = 'file' | 'piece' | 'patch' | 'example';

/** A place in a file: the path from the project's root, line and column from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Some characters of a line; none for a place between two. */
export interface Span extends Position {
  length: number;
}

/** What is said of a place. */
export interface Note extends Span {
  message: string;
}

/** Something wrong in the chapters (or with the extracted files): where, what, and the way out. */
export interface Problem extends Note {
  /** A word for tests and tools that tells the kinds of problem apart. */
  code: ProblemCode;
  /** One sentence that says what to do about it. */
  help: string;
  /** Other places that have to do with it. */
  notes?: readonly Note[];
}

/** The kinds of {@link Problem}. */
export type ProblemCode =
  | 'unreadable-file'
  | 'odd-character'
  | 'broken-mdx'
  | 'unclosed-fence'
  | 'short-fence'
  | 'unknown-word'
  | 'bad-marker'
  | 'bad-language'
  | 'marker-out-of-part'
  | 'path-leaves-output'
  | 'file-defined-differently'
  | 'duplicate-chunk'
  | 'unknown-chunk'
  | 'unused-chunk'
  | 'circular-chunk'
  | 'piece-without-slot'
  | 'slot-without-piece'
  | 'patch-conflict'
  | 'import-conflict'
  | 'broken-json'
  | 'broken-code'
  | 'edited-output'
  | 'stale-output'
  | 'unowned-output'
  | 'both-changed'
  | 'not-a-chunk-line';

/** Lines `from` to `to`, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/** `count` consecutive lines of an extracted file that come from as many consecutive lines of a chapter. */
export interface LineRun {
  /** First line in the extracted file. */
  out: number;
  /** How many lines. */
  count: number;
  /** Which of {@link FileEntry.sources}. */
  source: number;
  /** First line in the chapter. */
  line: number;
  /** Characters before the text in the extracted file: the indentation of the slots that the line went through, or what is left of a tab. */
  outIndent: number;
  /** Characters before the text in the chapter: the indentation of the fence, or of the list that holds it. */
  indent: number;
  /** Index of the chunk in {@link ChunkIndex.chunks}. */
  chunk: number;
}

/** One extracted file. */
export interface FileEntry {
  /** Path inside the output folder. */
  path: string;
  lang: Lang;
  /** Whether it is part of the program (an example is not). */
  program: boolean;
  /** Ids of the chunks it is joined from, in tour order; pieces stand under the chunk that takes them. */
  chunks: string[];
  /** The chapters that it comes from. */
  sources: string[];
  /** Where each line comes from, ascending; lines in no run are the tangler's own (blank lines between chunks). */
  lineMap: LineRun[];
}

/** An identifier, or an assembler label, that a chunk uses and another one defines. */
export interface IdentifierUse {
  name: string;
  /** Id of the defining chunk. */
  chunk: string;
}

/** One chunk. */
export interface ChunkEntry {
  /** Marker and suffix, `H:350.batch`; of an example its path without extension, `examples/host/page_tables-1`. */
  id: string;
  /** The marker, `H:350`; null for an example. */
  marker: string | null;
  kind: ChunkKind;
  /** Letter of the marker's part; null for an example. */
  part: string | null;
  /** Path inside the output folder; null for a chunk that is not in this variant. */
  file: string | null;
  /** The chapter, `docs/host/page_tables.mdx`. */
  chapter: string;
  /** Lines of the code in the chapter, without the fences. An empty chunk has `to` one less than `from`. */
  lines: LineRange;
  /** Line of the opening fence. */
  fenceLine: number;
  /** Lines in the extracted file, in ascending order: more than one range when pieces stand in between. */
  output: LineRange[];
  lang: Lang;
  /** Folded in the page. */
  hidden: boolean;
  /** How many lines at its beginning are imports, which go to the top of the file. */
  imports: number;
  /** The chunk whose slot takes this piece. */
  into: string | null;
  /** The chunk that this patch replaces. */
  replaces: string | null;
  /** The variant that it is only in, `M:014`; null for what is in the program itself. */
  variant: string | null;
  /** Names of the slots (`// <<name>>`), in order. */
  slots: string[];
  /** Module-level identifiers, labels and macros declared here. */
  defines: string[];
  /** Identifiers used here that other chunks define. */
  uses: IdentifierUse[];
  /** The chunks before and after it in its file (for a piece: in its slot). */
  continues: { previous: string | null; next: string | null };
}

/** A marker and where it is. */
export interface MarkerEntry {
  marker: string;
  /** The chapter with its first chunk. */
  chapter: string;
  line: number;
  /** Ids of its chunks, in tour order. */
  chunks: string[];
}

/** A module-level identifier, a label or a macro of the program. */
export interface IdentifierEntry {
  name: string;
  file: string;
  /** Id of the chunk that defines it. */
  definedIn: string;
  /** Ids of the other chunks that use it, in tour order. */
  usedIn: string[];
}

/** Everything known about the chunks: the content of `.tangled/chunks.json`. */
export interface ChunkIndex {
  /** Version of this format. */
  version: 1;
  /** Markers of the variant's patches; empty for the program itself. */
  with: string[];
  /** All chunks in tour order, examples last. */
  chunks: ChunkEntry[];
  /** The marker index, in tour order. */
  markers: MarkerEntry[];
  /** By name. */
  identifiers: IdentifierEntry[];
  /** The program by file, and the examples. */
  files: FileEntry[];
}

/** A part of the tour: the letter of its markers and its folder under the chapters' folder. */
export interface PartConfig {
  letter: string;
  folder: string;
}

/** What a project tells the tangler about itself. */
export interface TangleConfig {
  /** Folder of the chapters, from the project's root. */
  docs: string;
  /** Output folder, from the project's root. */
  out: string;
  /** The parts in tour order. */
  parts: PartConfig[];
  /** Letters whose markers may stand in any chapter. */
  anywhere: string[];
  /** Prefix by which code imports an extracted file, `#tangled/`. */
  importPrefix: string;
  /** Names at the top of the output folder that other tools use: no chunk may be extracted there. */
  reserved: string[];
  /** Endings of files that other tools make beside what was extracted, `.elf`: they need no chunk. */
  built?: readonly string[];
  /** How the tangler's commands are called, for messages: extract, carry edits back, extract and drop edits. */
  commands: { tangle: string; untangle: string; force: string };
}

/**
 * The few things the tangler wants of a file system. Paths are relative to the project's root, with `/`.
 */
export interface FileSystem {
  /**
   * Text of a file, or undefined when there is none.
   * @throws FileFault when it cannot be read, or when its bytes are no text.
   */
  read(path: string): string | undefined;
  /**
   * Write a file and the folders it needs.
   * @throws FileFault when that is not possible; the file is as it was.
   */
  write(path: string, text: string): void;
  /** Remove a file, and the folders this empties. Nothing happens when there is none. */
  remove(path: string): void;
  /** Paths of all files in a folder and below, in order; empty when there is no such folder. */
  list(folder: string): string[];
}
