/**
 * The literate compiler: from chapters in MDX to a program, with maps back.
 *
 * It knows nothing of the project it serves but a {@link TangleConfig}, and reaches files through a {@link FileSystem}. What is here runs anywhere;
 * `node/` has files on disk, commands and tools, `site/` serves the pages, `count/` puts counters into extracted code.
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
  Note,
  PartConfig,
  Position,
  Problem,
  ProblemCode,
  Span,
  TangleConfig,
} from './core/types.ts';
export { collectChunks } from './core/chunks.ts';
export type { Chapter, Chunk, Tour } from './core/chunks.ts';
export { diffLines } from './core/diff.ts';
export { disturbsFence } from './core/fences.ts';
export { findOddCharacter } from './core/lines.ts';
export { link } from './core/link.ts';
export type { Linked, Output } from './core/link.ts';
export { lineMap, mapPosition } from './core/maps.ts';
export type { Fence } from './core/parse.ts';
export { findSlots } from './core/slots.ts';
export { findJsonFaults, JsonText } from './core/json.ts';
export type { JsonFault, JsonPath, TextSpan } from './core/json.ts';
export { formatMessage } from './core/problems.ts';
export type { FormatOptions } from './core/problems.ts';
export type { NameIndex, PageChunk, PageIndex, ProgramIndex } from './site/page_index.ts';
