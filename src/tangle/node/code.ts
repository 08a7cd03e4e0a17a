/**
 * Whether extracted TypeScript is code at all. Blocks are joined by their text: where one is split in two, and a patch still takes the place of the first, what is left of
 * the other goes on behind it, and only whoever reads the whole file sees it.
 */
import { transform } from 'esbuild';
import type { Location, TransformFailure } from 'esbuild';
import { mapPosition } from '../core/maps.ts';
import type { Tangler, TangleOptions, TangleResult, Woven } from '../core/tangle.ts';
import type { ChunkIndex, Note, Problem } from '../core/types.ts';

/** Texts that are known to be code: variants have most of their files in common with the program. */
export type KnownCode = Set<string>;

/** As {@link Tangler.tangle}; what it has written is looked at, too. */
export async function tangleCode(tangler: Tangler, options: TangleOptions, known: KnownCode = new Set()): Promise<TangleResult> {
  const result = await tangler.tangle(options);
  if (result.problems.length === 0) result.problems.push(...(await codeProblems(result, known)));
  return result;
}

/** The first fault of each file of the program that is no TypeScript, at its line in the chapter. */
async function codeProblems({ index, plain }: Woven, known: KnownCode): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, lang, program } of index.files) {
    const text = plain.get(path) ?? '';
    if (lang !== 'ts' || !program || known.has(text)) continue;
    const failure = await transform(text, { loader: 'ts', logLevel: 'silent' }).then(
      () => null,
      (error: TransformFailure) => error,
    );
    const [fault] = failure?.errors ?? [];
    if (failure === null) known.add(text);
    else if (fault !== undefined) {
      const notes = [
        ...fault.notes.map(({ text, location }) => noteAt(index, path, location, text.replace(/:$/, ''))),
        ...patchBefore(index, path, fault.location?.line ?? 1),
      ];
      problems.push({
        ...noteAt(index, path, fault.location, fault.text),
        code: 'broken-code',
        help:
          index.with.length > 0
            ? `This is so with ${index.with.join(', ')} only. A patch takes the place of one block: what stands in the next is not replaced with it.`
            : `The blocks of ${path}, joined, are no TypeScript.`,
        notes,
      });
    }
  }
  return problems;
}

function noteAt(index: ChunkIndex, path: string, at: Location | null, message: string): Note {
  const [line, column] = [at?.line ?? 1, (at?.column ?? 0) + 1];
  const place = mapPosition(index, path, line, column) ?? { file: path, line, column };
  return { ...place, length: at?.length ?? 0, message };
}

/** Where the last patch stands that put something into a file before a line of it. */
function patchBefore({ chunks, files }: ChunkIndex, path: string, line: number): Note[] {
  const runs = files.find((file) => file.path === path)?.lineMap ?? [];
  const run = runs.findLast(({ out, chunk }) => out <= line && chunks[chunk].kind === 'patch');
  if (run === undefined) return [];
  const { chapter, lines, id, replaces } = chunks[run.chunk];
  return [{ file: chapter, line: lines.from, column: 1, length: 0, message: `${id} takes the place of ${replaces}` }];
}
