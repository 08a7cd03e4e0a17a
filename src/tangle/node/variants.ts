/** The variants that were extracted beside the program, each in a folder of its own. */
import type { Tangler } from '../core/tangle.ts';
import type { ChunkIndex, Problem } from '../core/types.ts';
import { tangleCode } from './code.ts';
import type { KnownCode } from './code.ts';

/** One of them. */
export interface ExtractedVariant {
  /** Its folder, from the project's root. */
  readonly out: string;
  /** The markers whose patches it has. */
  readonly variant: string[];
}

/** All that there are. */
export function findVariants({ fs, config }: Tangler): ExtractedVariant[] {
  const folder = `${config.out}/variants/`;
  return fs
    .list(folder.slice(0, -1))
    .filter((path) => path.endsWith('/chunks.json'))
    .map((path) => ({
      out: path.slice(0, -'/chunks.json'.length),
      variant: (JSON.parse(fs.read(path) ?? '{}') as Partial<ChunkIndex>).with ?? [],
    }));
}

/** Extracts each of them again, so that they are what the chapters give now; one whose patch is in no chapter any more is removed. Returns what is wrong with the others. */
export async function tangleVariants(tangler: Tangler, force: boolean, known: KnownCode): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { out, variant } of findVariants(tangler)) {
    const { problems: own } = await tangleCode(tangler, { with: variant, out, force }, known);
    const isGone = own.some(({ file, code }) => file === '--with' && code === 'unknown-chunk');
    if (!isGone) problems.push(...own);
    else for (const path of tangler.fs.list(out)) tangler.fs.remove(path);
  }
  return problems;
}
