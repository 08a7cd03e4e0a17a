/** Whether the extracted files are what the chapters give. */
import { guarded } from './files.ts';
import type { Tangler, TangleOptions, Woven } from './tangle.ts';
import type { Problem } from './types.ts';

/**
 * Compares the output folder with the chapters, writing nothing but the parse cache. Problems: those of the chapters, stale files, and
 * files that no chunk owns.
 */
export async function checkOutputs(tangler: Tangler, options: TangleOptions = {}): Promise<Woven> {
  const out = options.out ?? tangler.config.out;
  const woven = await tangler.weave(options);
  if (woven.problems.length > 0) return woven;
  const problems: Problem[] = [];
  for (const [path, text] of woven.files) {
    const found = guarded(problems, () => tangler.fs.read(`${out}/${path}`) ?? null);
    if (found === text || found === undefined) continue;
    problems.push({
      file: `${out}/${path}`,
      line: 1,
      column: 1,
      length: 0,
      code: 'stale-output',
      message: found === null ? 'this file is missing: the chapters give it' : 'this file is stale: the chapters give another text',
      help: `Run "${tangler.config.commands.tangle}".`,
    });
  }
  problems.push(...unownedFiles(tangler, woven, out));
  return { ...woven, problems };
}

/** Files that no chunk owns, in the folders that chunks are extracted to. Beside those folders other tools may keep their own. */
export function unownedFiles(tangler: Tangler, woven: Woven, out: string): Problem[] {
  const folders = new Set(
    [...woven.files.keys()]
      .filter((path) => path.includes('/'))
      .map((path) => path.split('/')[0])
      .concat('examples'),
  );
  return [...folders]
    .flatMap((folder) => tangler.fs.list(`${out}/${folder}`))
    .filter((full) => !woven.files.has(full.slice(out.length + 1)))
    .filter((full) => !tangler.config.built?.some((ending) => full.endsWith(ending)))
    .map((full) => ({
      file: full,
      line: 1,
      column: 1,
      length: 0,
      code: 'unowned-output',
      message: 'no chunk owns this file',
      help: 'Remove it, or write a chunk that is extracted to it.',
    }));
}
