/** What came of a weave. */
import type { ChunkIndex } from '#tangle';
import { wordsOfThrown } from '#world';
import type { LguestProgram, SceneBundle } from '#world';
import { assembleChapters } from '../scenes/assembled.ts';
import { BuiltFiles, buildScene, SceneFault } from '../scenes/build_scene.ts';
import type { EditedPlace, EditedTour } from './edited.ts';
import type { CodeGuard } from './code_guard.ts';
import { TRACE_PREFIX } from './module.ts';
import type { CompiledModule } from './module.ts';
import { LinkFault, linkModules } from './registry.ts';
import type { ModuleExports } from './registry.ts';

/** What the weave put into the code. */
const OURS = /\$(?:hit|lap)\b/;

/** Something wrong with edited code: where, and what. */
export interface WovenProblem extends EditedPlace {
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

/** The extracted files of a weave. */
export interface WovenFiles {
  readonly read: (path: string) => string | undefined;
  /** Where a line of a file was written; null for a line that no chunk has. */
  readonly place: (path: string, line: number) => EditedPlace | null;
  /** The file that a chunk is in. */
  readonly fileOf: (chunk: string) => string | undefined;
  readonly paths: readonly string[];
  /** @param own lines of edited chunks keep the places that only they have */
  readonly index: (own: boolean) => ChunkIndex;
}

/** What is to be linked. */
export interface Linking {
  readonly entry: string;
  readonly get: (name: string) => CompiledModule | undefined;
  readonly outside: (name: string) => ModuleExports | undefined;
  readonly guard: CodeGuard;
}

/** A scene, or a program, that edits have made impossible. */
export class WeaveFault extends Error {
  readonly problems: readonly WovenProblem[];

  constructor(problems: readonly WovenProblem[]) {
    super(problems.map(({ chapter, line, message }) => `${chapter}:${line}: ${message}`).join('\n'));
    this.problems = problems;
  }
}

/** The book with edits, woven. */
export class Woven {
  /** What is wrong; none: it can run. */
  readonly problems: readonly WovenProblem[];
  readonly #edited: EditedTour;
  readonly #files: WovenFiles;
  readonly #linking: Linking | null;

  constructor(edited: EditedTour, files: WovenFiles, problems: readonly WovenProblem[], linking: Linking | null) {
    this.#edited = edited;
    this.#files = files;
    this.problems = problems;
    this.#linking = linking;
  }

  /** Ids of the chunks that differ from the book. */
  get edited(): readonly string[] {
    return this.#edited.chunks.map(({ id }) => id);
  }

  /** An extracted file's text; undefined: there is none. */
  read(path: string): string | undefined {
    return this.#files.read(path);
  }

  /** The extracted file that a chunk is in. */
  fileOf(chunk: string): string | undefined {
    return this.#files.fileOf(chunk);
  }

  /** Where a line of an extracted file was written; null for one that no chunk has. */
  place(path: string, line: number): EditedPlace | null {
    return this.#files.place(path, line);
  }

  /** A program of it; each is another one, with counters of its own. @throws WeaveFault */
  program(): LguestProgram {
    if (this.#linking === null) throw new WeaveFault(this.problems);
    const { entry, get, outside, guard } = this.#linking;
    try {
      const linked = linkModules(entry, get, outside, guard);
      return { ...(linked.entry as unknown as Omit<LguestProgram, 'lines'>), lines: linked.lines };
    } catch (error) {
      throw new WeaveFault([this.problemOf(error)]);
    }
  }

  /** Whether edits can have changed what Guests are made of. */
  get changesScenes(): boolean {
    return this.#edited.chunks.some(({ lang }) => lang !== 'ts');
  }

  /** A scene, built anew. @param built as the build made it @throws WeaveFault */
  scene({ name, patches }: Pick<SceneBundle, 'name' | 'patches'>): SceneBundle {
    const plain = patches === undefined ? name : name.slice(0, -patches.length - 1);
    const build = (index: ChunkIndex): SceneBundle => {
      const { read } = this.#files;
      const files = new BuiltFiles(read, index);
      const variant = patches === undefined ? undefined : { patches, read, chunks: index, files };
      return buildScene(plain, read, index, () => true, files, variant).bundle;
    };
    try {
      return build(this.#files.index(false));
    } catch (error) {
      if (!(error instanceof SceneFault)) throw error;
    }
    try {
      return build(this.#files.index(true));
    } catch (error) {
      if (!(error instanceof SceneFault)) throw error;
      throw this.#faultOf(error);
    }
  }

  /**
   * Assembles what a chunk of assembly is part of: its own file, or one that includes it.
   * @throws WeaveFault
   */
  assemble(chunk: string): void {
    const file = this.#files.fileOf(chunk);
    if (file === undefined || !file.endsWith('.S')) return;
    const { read } = this.#files;
    const root = rootOf(file, this.#files.paths, read);
    const index = this.#files.index(true);
    const files = new BuiltFiles(read, index);
    try {
      assembleChapters(root, read(root) ?? '', read, index, { base: 0, includeBytes: (path) => files.file(path)?.bytes ?? null });
    } catch (error) {
      if (!(error instanceof SceneFault)) throw error;
      throw this.#faultOf(error);
    }
  }

  #faultOf({ notes }: SceneFault): WeaveFault {
    return new WeaveFault(
      notes.map(({ file, line, column, length, message }) => ({ ...this.#edited.place(file, line), column, length, message })),
    );
  }

  /** What an exception of the woven code says, at the line that threw it. */
  problemOf(error: unknown): WovenProblem {
    if (error instanceof LinkFault) {
      const [{ line, column }] = error.faults;
      return this.#at(error.path, line, column, error.faults[0].message);
    }
    // What it says of itself may be code of the reader's that runs only now.
    const trace = this.#linking?.guard.traceOf(error) ?? '';
    const words = wordsOfThrown(error);
    const frames = trace.split('\n').filter((line) => !OURS.test(line));
    const frame = new RegExp(`${TRACE_PREFIX}([\\w./-]+):(\\d+):(\\d+)`).exec(frames.join('\n'));
    return frame === null ? this.#at('', 0, 1, words) : this.#at(frame[1], Number(frame[2]), Number(frame[3]), words);
  }

  #at(path: string, line: number, column: number, message: string): WovenProblem {
    const place = this.#files.place(path, line) ?? { chapter: '', line: 0, chunk: null, at: 0 };
    return { ...place, column, length: 0, message };
  }
}

const INCLUDE = /^\s*\.include\s+"([^"]+)"/gm;

/** A file that nobody includes, and that includes a file, by way of others perhaps. */
function rootOf(file: string, paths: readonly string[], read: WovenFiles['read']): string {
  const includers = new Map<string, string>();
  for (const path of paths) {
    if (!path.endsWith('.S')) continue;
    for (const [, included] of (read(path) ?? '').matchAll(INCLUDE)) if (!includers.has(included)) includers.set(included, path);
  }
  const seen = new Set<string>();
  let root = file;
  for (let next = includers.get(root); next !== undefined && !seen.has(next); next = includers.get(root)) {
    seen.add(root);
    root = next;
  }
  return root;
}
