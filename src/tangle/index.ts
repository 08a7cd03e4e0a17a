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
} from './types.ts';
export type { TangleOptions, TangleResult, Woven } from './tangle.ts';
export { Tangler } from './tangle.ts';
export { checkOutputs } from './check.ts';
export { formatProblem } from './problems.ts';
export { mapPosition, mapToOutput, withoutSourceMap } from './maps.ts';
export type { SiteChunk, SiteIndex } from './site_index.ts';
export { siteIndex } from './site_index.ts';
export type { UntangleResult } from './untangle.ts';
export { untangle } from './untangle.ts';
