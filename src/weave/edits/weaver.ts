/** One weave for whoever edits: chunks of the book, some of them changed, to a program that runs. */
import { current } from '#hostos';
import * as hostos from '#hostos';
import { disturbsFence, findOddCharacter, lineMap, link } from '#tangle';
import type { ChunkIndex, FileEntry, Linked, LineRun, Output, Problem, Tour } from '#tangle';
import { tourOf } from './book.ts';
import type { Book } from './book.ts';
import type { CountedLine } from './counters.ts';
import { EditedTour } from './edited.ts';
import type { EditedPlace, Edits } from './edited.ts';
import { ModuleFault } from './fault.ts';
import { compileImage } from './image.ts';
import { CodeGuard } from './code_guard.ts';
import { compileModule } from './module.ts';
import type { CompiledModule } from './module.ts';
import { patchOf } from './patch.ts';
import { WeaveFault, Woven } from './woven.ts';
import type { WovenFiles, WovenProblem } from './woven.ts';

/** The file that is the program. */
const ENTRY = 'lguest.ts';
const IMAGE = /\.S$/;

/** Compiled before, from these texts by path. */
interface Known {
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly module: CompiledModule;
}

/** Weaves again and again, and compiles what changed. */
export class Weaver {
  readonly #book: Book;
  readonly #tour: Tour;
  readonly #known = new Map<string, Known>();
  /** The book as it is, linked with the patches that were asked for last; and the texts of linked files. */
  #linked: { readonly patches: string; readonly linked: Linked } | null = null;
  readonly #texts = new WeakMap<Output, string>();

  constructor(book: Book) {
    this.#book = book;
    this.#tour = tourOf(book);
  }

  /** A chunk's text in the book; undefined: there is no such chunk. */
  textOf(chunk: string): string | undefined {
    return this.#tour.chunks.find(({ id }) => id === chunk)?.lines.join('\n');
  }

  /** Where a line of a chunk stands, without what indents it; null where it does not stand there just once. */
  placeOf(chunk: string, line: string): CountedLine | null {
    const found = this.#tour.chunks.find(({ id }) => id === chunk);
    const at = found?.lines.findIndex((one) => one.trim() === line) ?? -1;
    if (found === undefined || at < 0 || found.lines.findLastIndex((one) => one.trim() === line) !== at) return null;
    return { source: found.chapter.path, line: found.fence.line + 1 + at };
  }

  /** The patch that a chunk belongs to; null: it is in the book's own program. */
  variantOf(chunk: string): string | null {
    return this.#tour.chunks.find(({ id }) => id === chunk)?.variant || null;
  }

  /**
   * Weaves the book with edits.
   * @param patches markers of patches that are in: `M:014`
   */
  weave(edits: Edits, patches: readonly string[] = []): Woven {
    const edited = new EditedTour(this.#tour, edits);
    const linked = this.#link(edited, patches);
    const problems: WovenProblem[] = [
      ...edited.unknown.map((chunk): WovenProblem => ({ ...NOWHERE, chunk, message: `the book has no ${chunk} any more` })),
      ...disturbances(edited),
      ...linked.problems.map((one) => problemOf(one, edited)),
    ];
    const files = filesOf(linked.outputs, this.#texts, edited, patches);
    if (problems.length > 0) return new Woven(edited, files, problems, null);
    const modules = new Map<string, CompiledModule>();
    const compile = (path: string): void => {
      try {
        modules.set(path, this.#compiled(path, files));
      } catch (error) {
        if (!(error instanceof ModuleFault)) throw error;
        problems.push(...faultsOf(error, path, files));
      }
    };
    for (const { path, lang, program } of linked.outputs) if (lang === 'ts' && program) compile(path);
    // What is imported is assembled; the Guests' own images are their scenes' affair.
    for (const need of new Set([...modules.values()].flatMap(({ needs }) => needs))) {
      const path = this.#pathOf(need);
      if (path !== null && IMAGE.test(path)) compile(path);
    }
    const get = (name: string): CompiledModule | undefined => modules.get(this.#pathOf(name) ?? name);
    const outside = (name: string): typeof hostos | undefined => (name === '#hostos' ? hostos : undefined);
    const linking = { entry: ENTRY, get, outside, guard: new CodeGuard(instructionsNow) };
    return new Woven(edited, files, problems, problems.length > 0 ? null : linking);
  }

  /** What is wrong with edits: in the program, and, of a chunk of assembly, in what a Guest is assembled from with it. */
  check(edits: Edits, chunk: string): readonly WovenProblem[] {
    const variant = this.variantOf(chunk);
    const woven = this.weave(edits, variant === null ? [] : [variant]);
    if (woven.problems.length > 0) return woven.problems;
    try {
      woven.program();
      woven.assemble(chunk);
      return [];
    } catch (error) {
      if (error instanceof WeaveFault) return error.problems;
      throw error;
    }
  }

  /** Edits as a patch that `git apply` takes. */
  patch(edits: Edits): string {
    return patchOf(this.#book, new EditedTour(this.#tour, edits));
  }

  /** Only the files that have something edited in them are put together again. */
  #link(edited: EditedTour, patches: readonly string[]): Linked {
    const key = patches.join('+');
    if (this.#linked?.patches !== key) this.#linked = { patches: key, linked: link(this.#tour, patches) };
    const { linked } = this.#linked;
    if (edited.isBook) return linked;
    const ids = new Set(edited.chunks.map(({ id }) => id));
    const changed = new Set([...linked.fileOf].flatMap(([{ id }, path]) => (ids.has(id) ? [path] : [])));
    return link(edited.tour, patches, { linked, changed });
  }

  #pathOf(name: string): string | null {
    const { importPrefix } = this.#book.config;
    return name.startsWith(importPrefix) ? name.slice(importPrefix.length) : null;
  }

  #compiled(path: string, files: WovenFiles): CompiledModule {
    const known = this.#known.get(path);
    if (known !== undefined && [...known.texts].every(([one, text]) => files.read(one) === text)) return known.module;
    const texts = new Map<string, string | undefined>();
    const read = (one: string): string | undefined => {
      const text = files.read(one);
      texts.set(one, text);
      return text;
    };
    const lineOf = (one: string, line: number): CountedLine | null => counted(files.place(one, line));
    const module = IMAGE.test(path)
      ? compileImage(path, read, lineOf)
      : compileModule(path, read(path) ?? '', (line) => lineOf(path, line));
    this.#known.set(path, { texts, module });
    return module;
  }
}

/** Files are linked while no Host runs. */
function instructionsNow(): number {
  return (current as typeof current | undefined)?.machine.cpu.instructions ?? 0;
}

const NOWHERE = { chapter: '', line: 0, chunk: null, column: 1, length: 0, at: 0 };

function counted(place: EditedPlace | null): CountedLine | null {
  return place && { source: place.chapter, line: place.line };
}

/** Lines that cannot stand in the chapter: they would end the block there, and what follows them would be prose; or have a character that no chapter may have. */
function disturbances(edited: EditedTour): WovenProblem[] {
  return edited.chunks.flatMap(({ chapter, fence: { marks, first }, lines }) =>
    lines.flatMap((line, index): WovenProblem[] => {
      const place = edited.place(chapter.path, first + index);
      const odd = findOddCharacter(line);
      if (odd !== null)
        return [{ ...place, column: odd.offset + 1, length: 1, message: `${odd.name} cannot stand in a chapter. ${odd.help}` }];
      if (!disturbsFence(line, marks)) return [];
      const message = `the line "${line.trim()}" would end this block in its chapter, since the block stands between ${marks}`;
      return [{ ...place, column: 1, length: line.length, message }];
    }),
  );
}

function problemOf({ file, line, column, length, message, help }: Problem, edited: EditedTour): WovenProblem {
  return { ...edited.place(file, line), column, length, message: `${message}. ${help}` };
}

function faultsOf(fault: ModuleFault, path: string, files: WovenFiles): WovenProblem[] {
  return fault.faults.map((one) => {
    const { path: file = path, line, column, message } = one as typeof one & { path?: string };
    return { ...(files.place(file, line) ?? NOWHERE), column, length: 0, message };
  });
}

/** The extracted files, and whence their lines. */
function filesOf(outputs: readonly Output[], texts: WeakMap<Output, string>, edited: EditedTour, patches: readonly string[]): WovenFiles {
  const byPath = new Map(outputs.map((output) => [output.path, output]));
  const read = (path: string): string | undefined => {
    const output = byPath.get(path);
    if (output === undefined) return undefined;
    let text = texts.get(output);
    if (text === undefined) texts.set(output, (text = output.lines.map((line) => `${line.text}\n`).join('')));
    return text;
  };
  const place = (path: string, line: number): EditedPlace | null => {
    const found = byPath.get(path)?.lines[line - 1];
    return found?.chunk ? edited.place(found.chunk.chapter.path, found.chunk.fence.first + found.index) : null;
  };
  // A piece has no file of its own, but lines in another chunk's.
  const fileOf = (chunk: string): string | undefined =>
    outputs.find(({ chunks, lines }) => chunks.some(({ id }) => id === chunk) || lines.some((line) => line.chunk?.id === chunk))?.path;
  return { read, place, fileOf, paths: [...byPath.keys()], index: (own) => indexOf(outputs, edited, patches, own) };
}

/**
 * What assembled files and scenes need of an index: where lines come from.
 * @param own lines of edited chunks keep the places that only they have
 */
function indexOf(outputs: readonly Output[], edited: EditedTour, patches: readonly string[], own: boolean): ChunkIndex {
  const numbers = new Map();
  const files = outputs.map((output): FileEntry => {
    const { sources, runs } = lineMap(output, numbers);
    const paths = sources.map(({ path }) => path);
    const translated = runs.flatMap((run): LineRun[] => {
      if (own || edited.place(paths[run.source], run.line).chunk === null) return [run];
      return Array.from({ length: run.count }, (_, step) => ({
        ...run,
        out: run.out + step,
        count: 1,
        line: edited.place(paths[run.source], run.line + step).line,
      }));
    });
    return { path: output.path, lang: output.lang, program: output.program, chunks: [], sources: paths, lineMap: translated };
  });
  return { version: 1, with: [...patches], chunks: [], markers: [], identifiers: [], files };
}
