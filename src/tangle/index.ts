/**
 * The literate compiler: from chapters in MDX to a program, with maps back.
 *
 * It knows nothing of the project it serves but a {@link TangleConfig}, and reaches files through a
 * {@link FileSystem}. `node.ts` has the one on disk, `docusaurus.ts` and `remark_annotate.ts` serve the site.
 */
export type {
  ChunkEntry,
  ChunkIndex,
  ChunkKind,
  FileEntry,
  FileSystem,
  IdentifierEntry,
  IdentifierUse,
  Lang,
  LineRange,
  LineRun,
  MarkerEntry,
  PartConfig,
  Position,
  Problem,
  ProblemCode,
  TangleConfig,
} from './core/types.ts';
export type { TangleOptions, TangleResult, Woven } from './core/tangle.ts';
export { Tangler } from './core/tangle.ts';
export { checkOutputs } from './core/check.ts';
export { formatProblem } from './core/problems.ts';
export { extractedLines, mapPosition, mapToOutput } from './core/maps.ts';
export type { PageChunk, PageIndex, ProgramIndex } from './site/page_index.ts';
export type { UntangleResult } from './core/untangle.ts';
export { untangle } from './core/untangle.ts';
