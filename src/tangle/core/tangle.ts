/** The literate compiler as one object: read the chapters, make the files, write what changed. */
import { ChapterReader } from './chapters.ts';
import { collectChunks } from './chunks.ts';
import type { Chapter } from './chunks.ts';
import { checkConfig } from './config.ts';
import { guarded, overlay } from './files.ts';
import { findJsonFaults, JsonText } from './json.ts';
import type { TextSpan } from './json.ts';
import { buildIndex, NameReader } from './index_build.ts';
import type { MappedOutput } from './index_build.ts';
import { link } from './link.ts';
import type { Linked, Output } from './link.ts';
import { extractedLines, lineMap, mapPosition, withSourceMap } from './maps.ts';
import { sortProblems } from './problems.ts';
import { printIndex } from './text.ts';
import type { ChunkIndex, FileSystem, LineRun, Problem, Span, TangleConfig } from './types.ts';

/** What the chapters give, before anything is written. */
export interface Woven {
  /** Empty when all is well; else nothing may be written. */
  problems: Problem[];
  index: ChunkIndex;
  chapters: readonly Chapter[];
  linked: Linked;
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

/** Tangles a project again and again, keeping what did not change. */
export class Tangler {
  readonly config: TangleConfig;
  readonly fs: FileSystem;
  readonly #reader: ChapterReader;
  #names = new NameReader();
  /** The last text with its map of each extracted file. */
  #mapped = new Map<string, { plain: string; sources: Chapter[]; text: string }>();
  /** The copies for the way back, by path, as this process knows them to be. */
  #bases = new Map<string, string>();

  /** @throws Error when the configuration cannot be right. */
  constructor(fs: FileSystem, config: TangleConfig) {
    checkConfig(config);
    this.fs = fs;
    this.config = config;
    this.#reader = new ChapterReader(config);
  }

  /**
   * Reads and parses what changed, and makes all files in memory.
   * @param texts Chapters that are to be taken as having another text.
   */
  async weave(options: TangleOptions = {}, texts: ReadonlyMap<string, string> = new Map()): Promise<Woven> {
    const out = options.out ?? this.config.out;
    const { chapters, problems } = await this.#reader.read(overlay(this.fs, texts));
    const tour = collectChunks(chapters, this.config);
    const linked = link(tour, options.with);
    problems.push(...linked.problems);
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
    return { problems: sortProblems(problems), index, chapters, linked, files, plain };
  }

  /** Makes all files and writes those that changed. With problems, nothing is written. */
  async tangle(options: TangleOptions = {}): Promise<TangleResult> {
    const out = options.out ?? this.config.out;
    const woven = await this.weave(options);
    const result: TangleResult = { ...woven, written: [], removed: [] };
    if (woven.problems.length > 0) return result;
    const manifest = this.readManifest(out);
    const stale = manifest.files.filter((path) => !woven.files.has(path));
    const { problems } = result;
    const before = new Map<string, string | undefined>();
    for (const path of [...woven.files.keys(), ...stale]) {
      // A folder of what no chunk gives any more will be gone.
      const isFolder = stale.some((other) => other.startsWith(`${path}/`));
      const text = isFolder ? undefined : guarded(problems, () => this.fs.read(`${out}/${path}`));
      before.set(path, text);
      if (options.force || text === undefined || text === woven.files.get(path) || path === 'chunks.json') continue;
      const problem = this.lostProblem(out, path, text, woven);
      if (problem) problems.push(problem);
    }
    if (problems.length > 0) return result;
    guarded(problems, () => this.#write(out, before, stale, result));
    const owned = problems.length > 0 ? new Set([...woven.files.keys(), ...manifest.files]) : woven.files.keys();
    guarded(problems, () =>
      writeIfChanged(this.fs, `${out}/cache/outputs.json`, `${JSON.stringify({ files: [...owned].sort() } satisfies Manifest, null, 1)}\n`),
    );
    return result;
  }

  /** Removes what no chunk owns any more (a file may stand where there is to be a folder), then writes what changed. */
  #write(out: string, before: ReadonlyMap<string, string | undefined>, stale: readonly string[], result: TangleResult): void {
    for (const path of stale) {
      this.fs.remove(`${out}/.base/${path}`);
      if (before.get(path) === undefined) continue;
      this.fs.remove(`${out}/${path}`);
      result.removed.push(path);
    }
    for (const [path, text] of result.files) {
      if (before.get(path) !== text) {
        this.fs.write(`${out}/${path}`, text);
        result.written.push(path);
      }
      // The index has no way back; everything else keeps a copy for untangle.
      const base = `${out}/.base/${path}`;
      if (path === 'chunks.json' || (before.get(path) === text && this.#bases.get(base) === text)) continue;
      writeIfChanged(this.fs, base, text);
      this.#bases.set(base, text);
    }
  }

  /**
   * The problem with a file in the output folder that would be lost if it were extracted anew: edited since it was written, or never written
   * by the tangler at all. Null when only its line ends are others, or its map.
   */
  lostProblem(out: string, path: string, text: string, woven: Woven): Problem | null {
    const base = this.fs.read(`${out}/.base/${path}`);
    const lines = extractedLines(text);
    const isSame = (other: string | undefined): boolean =>
      other !== undefined && (other === text || extractedLines(other).join('\n') === lines.join('\n'));
    if (isSame(base) || isSame(woven.plain.get(path))) return null;
    const file = `${out}/${path}`;
    const { force, untangle: back } = this.config.commands;
    if (base === undefined) {
      return {
        file,
        line: 1,
        column: 1,
        length: 0,
        code: 'unowned-output',
        message: 'this file was not extracted, but stands where one is to be',
        help: `Move it away, or drop it with "${force}".`,
      };
    }
    return {
      file,
      line: firstDifference(extractedLines(base), lines),
      column: 1,
      length: 0,
      code: 'edited-output',
      message: 'this extracted file was edited, and extracting again would lose the edit',
      help: `Carry it into the chapter with "${back}", or drop it with "${force}".`,
    };
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
      // A cut-off list is no list.
      return { files: [] };
    }
  }
}

function writeIfChanged(fs: FileSystem, path: string, text: string): void {
  if (fs.read(path) !== text) fs.write(path, text);
}

function firstDifference(a: readonly string[], b: readonly string[]): number {
  const index = b.findIndex((line, at) => line !== a[at]);
  return (index < 0 ? b.length : index) + 1;
}

function checkJson(output: Output, text: string, index: ChunkIndex, problems: Problem[]): void {
  if (output.lang !== 'json' || output.lines.length === 0) return;
  const json = new JsonText(text);
  const spanOf = ({ offset, length }: TextSpan): Span | undefined => {
    const { line, column } = json.lineOf(offset);
    const place = mapPosition(index, output.path, line, column);
    return place && { ...place, length };
  };
  for (const fault of findJsonFaults(text)) {
    const span = spanOf(fault);
    if (!span) continue;
    const other = fault.other && spanOf(fault.other);
    const isJson = fault.other !== undefined;
    problems.push({
      ...span,
      code: 'broken-json',
      message: isJson ? fault.message : `${output.path} is not JSON: ${fault.message}`,
      help: isJson
        ? 'Only one of them would be read: remove the other.'
        : 'The chunks of a JSON file, joined in tour order, must make one value.',
      ...(other && { notes: [{ ...other, message: fault.other!.message }] }),
    });
  }
}
