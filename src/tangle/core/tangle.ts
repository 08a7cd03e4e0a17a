/** The literate compiler as one object: read the chapters, make the files, write what changed. */
import { collectChunks } from './chunks.ts';
import type { Chapter } from './chunks.ts';
import { findJsonFault } from './json.ts';
import { buildIndex, NameReader } from './index_build.ts';
import type { MappedOutput } from './index_build.ts';
import { link } from './link.ts';
import type { Output } from './link.ts';
import { lineMap, mapPosition, withSourceMap } from './maps.ts';
import { loadParser, splitLines } from './parse.ts';
import type { ChapterParser, ParsedChapter } from './parse.ts';
import { sortProblems } from './problems.ts';
import { contentHash, printIndex } from './text.ts';
import type { ChunkIndex, FileSystem, LineRun, Problem, TangleConfig } from './types.ts';

/** What the chapters give, before anything is written. */
export interface Woven {
  /** Empty when all is well; else nothing may be written. */
  problems: Problem[];
  index: ChunkIndex;
  /** Text of each extracted file, with its map, by path inside the output folder; `chunks.json` is one of them. */
  files: Map<string, string>;
  /** The same files without their maps. */
  plain: Map<string, string>;
}

/** What a run did. */
export interface TangleResult extends Woven {
  /** Paths inside the output folder. */
  written: string[];
  removed: string[];
}

/** How to run. */
export interface TangleOptions {
  /** Markers whose patches apply. */
  with?: readonly string[];
  /** Output folder instead of the configured one. */
  out?: string;
  /** Overwrite extracted files that were edited by hand. */
  force?: boolean;
}

/** The file that lists what a run wrote, so that the next one can remove what no chunk owns any more. */
interface Manifest {
  files: string[];
}

const CACHE_VERSION = 1;

interface CacheFile {
  version: number;
  chapters: Record<string, { hash: string; parsed: ParsedChapter }>;
}

/** Tangles a project again and again, keeping what did not change. */
export class Tangler {
  readonly config: TangleConfig;
  readonly fs: FileSystem;
  #parser: ChapterParser | null = null;
  #chapters = new Map<string, Chapter & { hash: string }>();
  #names = new NameReader();
  /** The last text with its map of each extracted file. */
  #mapped = new Map<string, { plain: string; sources: Chapter[]; text: string }>();
  /** The copies for the way back, by path, as this process knows them to be. */
  #bases = new Map<string, string>();

  constructor(fs: FileSystem, config: TangleConfig) {
    this.fs = fs;
    this.config = config;
  }

  /** Reads and parses what changed, and makes all files in memory. */
  async weave(options: TangleOptions = {}): Promise<Woven> {
    const out = options.out ?? this.config.out;
    const chapters = await this.#readChapters();
    const tour = collectChunks(chapters, this.config);
    const linked = link(tour, options.with);
    const problems = [...linked.problems];
    const numbers = new Map(tour.chunks.map((chunk, index) => [chunk, index]));
    const files = new Map<string, string>();
    const plain = new Map<string, string>();
    const mapped = linked.outputs.map((output): MappedOutput => {
      const { sources, runs } = lineMap(output, numbers);
      const text = output.lines.map((line) => `${line.text}\n`).join('');
      plain.set(output.path, text);
      files.set(output.path, output.lang === 'ts' ? this.#withMap(`${out}/${output.path}`, text, output, sources, runs) : text);
      return { output, sources, runs, names: this.#names.read(output, text) };
    });
    const index = buildIndex(tour, linked, mapped, options.with ?? [], this.config);
    for (const { output } of mapped) checkJson(output, plain.get(output.path)!, index, problems);
    const printed = printIndex(index);
    files.set('chunks.json', printed);
    plain.set('chunks.json', printed);
    return { problems: sortProblems(problems), index, files, plain };
  }

  /** Makes all files and writes those that changed. With problems, nothing is written. */
  async tangle(options: TangleOptions = {}): Promise<TangleResult> {
    const out = options.out ?? this.config.out;
    const woven = await this.weave(options);
    const result: TangleResult = { ...woven, written: [], removed: [] };
    if (woven.problems.length > 0) return result;
    const manifest = this.readManifest(out);
    const stale = manifest.files.filter((path) => !woven.files.has(path));
    const before = new Map([...woven.files.keys(), ...stale].map((path) => [path, this.fs.read(`${out}/${path}`)]));
    if (!options.force) {
      for (const [path, text] of before) {
        if (text === undefined || text === woven.files.get(path) || path === 'chunks.json') continue;
        const problem = editedProblem(this.fs, out, path, text, woven);
        if (problem) result.problems.push(problem);
      }
      if (result.problems.length > 0) return result;
    }
    for (const [path, text] of woven.files) {
      if (before.get(path) !== text) {
        this.fs.write(`${out}/${path}`, text);
        result.written.push(path);
      }
      // Examples and the index have no way back; everything else keeps a copy for untangle.
      const base = `${out}/.base/${path}`;
      if (path === 'chunks.json' || (before.get(path) === text && this.#bases.get(base) === text)) continue;
      writeIfChanged(this.fs, base, text);
      this.#bases.set(base, text);
    }
    for (const path of stale) {
      if (before.get(path) === undefined) continue;
      this.fs.remove(`${out}/${path}`);
      this.fs.remove(`${out}/.base/${path}`);
      result.removed.push(path);
    }
    writeIfChanged(
      this.fs,
      `${out}/cache/outputs.json`,
      `${JSON.stringify({ files: [...woven.files.keys()].sort() } satisfies Manifest, null, 1)}\n`,
    );
    return result;
  }

  /** The same text from the same chapters has the same map. */
  #withMap(path: string, plain: string, output: Output, sources: Chapter[], runs: LineRun[]): string {
    const known = this.#mapped.get(path);
    if (
      known?.plain === plain &&
      known.sources.length === sources.length &&
      sources.every((source, index) => source === known.sources[index])
    ) {
      return known.text;
    }
    const text = withSourceMap(plain, path, output, sources, runs);
    this.#mapped.set(path, { plain, sources, text });
    return text;
  }

  /** The files that the last run in this output folder wrote. */
  readManifest(out: string): Manifest {
    try {
      return JSON.parse(this.fs.read(`${out}/cache/outputs.json`) ?? '{"files":[]}') as Manifest;
    } catch {
      return { files: [] };
    }
  }

  async #readChapters(): Promise<Chapter[]> {
    const cachePath = `${this.config.out}/cache/chapters.json`;
    const chapters = new Map<string, Chapter & { hash: string }>();
    let cache: CacheFile['chapters'] | null = null;
    let parsedAny = false;
    for (const path of this.fs.list(this.config.docs)) {
      if (!path.endsWith('.mdx')) continue;
      const text = this.fs.read(path);
      if (text === undefined) continue;
      const known = this.#chapters.get(path);
      if (known?.text === text) {
        chapters.set(path, known);
        continue;
      }
      const hash = contentHash(text);
      // Another process that watches the chapters may have parsed this text already.
      cache ??= readCache(this.fs.read(cachePath));
      let parsed = cache[path]?.hash === hash ? cache[path].parsed : undefined;
      if (!parsed) {
        this.#parser ??= await loadParser();
        parsed = this.#parser(path, text);
        parsedAny = true;
      }
      chapters.set(path, { path, text, lines: splitLines(text), parsed, hash });
    }
    this.#chapters = chapters;
    if (parsedAny) {
      const kept = Object.fromEntries([...chapters].map(([path, { hash, parsed }]) => [path, { hash, parsed }]));
      this.fs.write(cachePath, JSON.stringify({ version: CACHE_VERSION, chapters: kept } satisfies CacheFile));
    }
    return [...chapters.values()];
  }
}

function readCache(text: string | undefined): CacheFile['chapters'] {
  if (text === undefined) return {};
  try {
    const cache = JSON.parse(text) as CacheFile;
    return cache.version === CACHE_VERSION ? cache.chapters : {};
  } catch {
    return {}; // a cut-off cache is no cache
  }
}

function writeIfChanged(fs: FileSystem, path: string, text: string): void {
  if (fs.read(path) !== text) fs.write(path, text);
}

/** An extracted file that was edited since it was written, and would be lost. */
function editedProblem(fs: FileSystem, out: string, path: string, text: string, woven: Woven): Problem | null {
  const base = fs.read(`${out}/.base/${path}`);
  if (base === undefined || base === text || woven.files.get(path) === text) return null;
  return {
    file: `${out}/${path}`,
    line: firstDifference(base, text),
    column: 1,
    code: 'edited-output',
    message: 'this extracted file was edited, and extracting again would lose the edit',
    help: 'Carry it into the chapter with "npm run untangle", or drop it with "npm run tangle -- --force".',
  };
}

function firstDifference(a: string, b: string): number {
  const linesA = a.split('\n');
  const linesB = b.split('\n');
  const index = linesB.findIndex((line, at) => line !== linesA[at]);
  return (index < 0 ? linesB.length : index) + 1;
}

function checkJson(output: Output, text: string, index: ChunkIndex, problems: Problem[]): void {
  if (output.lang !== 'json' || output.lines.length === 0) return;
  const fault = findJsonFault(text);
  if (!fault) return;
  const before = text.slice(0, fault.offset).split('\n');
  const place = mapPosition(index, output.path, before.length, before[before.length - 1].length + 1);
  if (!place) return;
  problems.push({
    ...place,
    code: 'broken-json',
    message: `${output.path} is not JSON: ${fault.message}`,
    help: 'The chunks of a JSON file, joined in tour order, must make one value.',
  });
}
