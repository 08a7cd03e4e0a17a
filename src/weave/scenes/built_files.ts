import type { ChunkIndex, JsonPath, JsonText } from '#tangle';
import { assembleChapters } from './assembled.ts';
import type { ReadText, SourceLine } from './assembled.ts';
import { ChapterJson } from './chapter_json.ts';
import { cpioArchive } from './cpio.ts';
import type { ArchiveEntry } from './cpio.ts';
import { listOf, mapOf, shown, text } from './json_check.ts';
import type { Check, Complain, Complaint } from './json_check.ts';

/** Where programs are linked: the address that i386 programs have always had. */
const PROGRAM_BASE = 0x08048000;

/** A program, with what a code map needs to know it by. */
export interface BuiltProgram {
  /** The file that it was assembled from. */
  readonly path: string;
  /** Address of the first byte of {@link BuiltProgram.text}. */
  readonly base: number;
  /** Headers, code and constants, as they lie in memory. */
  readonly text: Uint8Array;
  readonly lines: readonly SourceLine[];
}

/** A file made of what the chapters say. */
export interface BuiltFile {
  readonly bytes: Uint8Array;
  /** The programs that are in it. */
  readonly programs: readonly BuiltProgram[];
}

/** A file told in a chapter's JSON: the path of one to build, or its lines. */
export type ToldFile = string | readonly string[];

const BUILT = /\.(?:elf|cpio)$/;
const lines = listOf(text);

/** What a {@link ToldFile} may be. */
export const toldFile: Check = (value, path, complain) => {
  if (typeof value !== 'string') lines(value, path, complain);
  else if (!BUILT.test(value)) complain(path, `wants ${shown(value)}: what can be built are programs, .elf, and archives, .cpio`);
};

const archiveEntries = mapOf(toldFile);
/** A step of the way to an entry. */
const STEP = /^(?!\.{1,2}$)[\w.@+,[\]-]+$/;

function checkArchive(json: JsonText): Complaint[] {
  const complaints: Complaint[] = [];
  const complain: Complain = (path, sentence, part = 'value') => void complaints.push({ path, part, sentence });
  archiveEntries(json.value, [], complain);
  if (complaints.length > 0) return complaints;
  for (const [name, value] of Object.entries(json.value as Record<string, ToldFile>)) {
    if (
      !name
        .replace(/\/$/, '')
        .split('/')
        .every((step) => STEP.test(step))
    )
      complain([name], `has an entry “${name}”: that is no path inside of an archive`, 'name');
    else if (name.endsWith('/') && value.length > 0)
      complain([name], `has a folder “${name}” that is not empty: its files are entries of their own`);
  }
  return complaints;
}

/**
 * Builds files of the tangled tree by their names: `x.elf` is a program, assembled from `x.S`; `x.cpio` an archive of what `x.json` lists. Each is built once.
 */
export class BuiltFiles {
  readonly #read: ReadText;
  readonly #chunks: ChunkIndex;
  readonly #built = new Map<string, BuiltFile | null>();

  constructor(read: ReadText, chunks: ChunkIndex) {
    this.#read = read;
    this.#chunks = chunks;
  }

  /**
   * The file of a name; null when no chunk makes what it would be built from.
   * @throws SceneFault when that is wrong
   */
  file(path: string): BuiltFile | null {
    const known = this.#built.get(path);
    if (known !== undefined) return known;
    const built = path.endsWith('.elf') ? this.#program(path) : path.endsWith('.cpio') ? this.#archive(path) : null;
    this.#built.set(path, built);
    return built;
  }

  /** The file that a chapter's JSON tells of at a place. @throws SceneFault there, when it cannot be built */
  told(value: ToldFile, json: ChapterJson<unknown>, place: JsonPath): BuiltFile {
    if (typeof value !== 'string') return { bytes: new TextEncoder().encode(value.map((line) => `${line}\n`).join('')), programs: [] };
    const built = this.file(value);
    if (built === null) throw json.fault(place, `wants ${value}, and no chunk makes ${sourceOf(value)}`);
    return built;
  }

  #program(path: string): BuiltFile | null {
    const source = sourceOf(path);
    const code = this.#read(source);
    if (code === undefined) return null;
    const { done, lines: found } = assembleChapters(source, code, this.#read, this.#chunks, { base: PROGRAM_BASE, paged: true });
    const bytes = done.elf();
    const constant = done.sections.filter(({ writable }) => !writable);
    const end = Math.max(PROGRAM_BASE, ...constant.map(({ address, size }) => address + size));
    const program = { path: source, base: PROGRAM_BASE, text: bytes.slice(0, end - PROGRAM_BASE), lines: found };
    return { bytes, programs: [program] };
  }

  #archive(path: string): BuiltFile | null {
    const source = sourceOf(path);
    const list = this.#read(source);
    if (list === undefined) return null;
    const json = new ChapterJson<Record<string, ToldFile>>(`archive ${source}`, source, list, this.#chunks, checkArchive);
    const programs: BuiltProgram[] = [];
    const entries = Object.entries(json.value).map(([name, value]): ArchiveEntry => {
      if (name.endsWith('/')) return { name: name.slice(0, -1), bytes: null };
      const built = this.told(value, json, [name]);
      programs.push(...built.programs);
      return {
        name,
        bytes: built.bytes,
        executable: built.programs.length > 0 || (typeof value !== 'string' && /^(?:#!|\u007fELF)/.test(value[0] ?? '')),
      };
    });
    return { bytes: cpioArchive(entries), programs };
  }
}

/** What a file is built from. */
function sourceOf(path: string): string {
  return path.replace(/\.elf$/, '.S').replace(/\.cpio$/, '.json');
}
