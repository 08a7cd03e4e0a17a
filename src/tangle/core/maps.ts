/** Positions: version-3 source maps for tools, runs of lines for the index, and the way back from both. */
import { encode } from '@jridgewell/sourcemap-codec';
import type { SourceMapMappings, SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { Chapter, Chunk } from './chunks.ts';
import { splitLines, withoutMark } from './lines.ts';
import type { Output } from './link.ts';
import type { ChunkIndex, FileEntry, LineRun, Position } from './types.ts';

/** The lines of an output as runs, with the chapters they come from. */
export function lineMap(output: Output, chunkNumber: ReadonlyMap<Chunk, number>): { sources: Chapter[]; runs: LineRun[] } {
  const sources: Chapter[] = [];
  const runs: LineRun[] = [];
  let last: LineRun | null = null;
  let lastChunk: Chunk | null = null;
  for (const [number, { text, chunk, index, indent: outIndent }] of output.lines.entries()) {
    if (!chunk) continue;
    const line = chunk.fence.first + index;
    const indent = text === '' ? 0 : (chunk.fence.indents?.[index] ?? 0);
    const follows = last !== null && lastChunk === chunk && last.line + last.count === line && last.out + last.count === number + 1;
    if (follows && (text === '' || (last!.indent === indent && last!.outIndent === outIndent))) {
      last!.count++;
      continue;
    }
    let source = sources.indexOf(chunk.chapter);
    if (source < 0) source = sources.push(chunk.chapter) - 1;
    last = { out: number + 1, count: 1, source, line, outIndent, indent, chunk: chunkNumber.get(chunk) ?? -1 };
    lastChunk = chunk;
    runs.push(last);
  }
  return { sources, runs };
}

const WORD = /[A-Za-z0-9_$]+|[^\sA-Za-z0-9_$]+/g;

/** The text of an output with its map in a last comment line. */
export function withSourceMap(text: string, path: string, output: Output, sources: readonly Chapter[], runs: readonly LineRun[]): string {
  const mappings: SourceMapMappings = Array.from({ length: output.lines.length }, () => []);
  for (const { out, count, source, line, outIndent, indent } of runs) {
    for (let step = 0; step < count; step++) {
      const content = output.lines[out - 1 + step].text;
      const segments: SourceMapSegment[] = mappings[out - 1 + step];
      WORD.lastIndex = 0;
      for (let match = WORD.exec(content); match; match = WORD.exec(content)) {
        segments.push([match.index, source, line - 1 + step, match.index - outIndent + indent]);
      }
    }
  }
  const map = {
    version: 3,
    file: path.slice(path.lastIndexOf('/') + 1),
    sources: sources.map((chapter) => relative(path, chapter.path)),
    sourcesContent: sources.map((chapter) => chapter.text),
    names: [],
    mappings: encode(mappings),
  };
  return `${text}${MAP_COMMENT}${base64(JSON.stringify(map))}\n`;
}

const MAP_COMMENT = '//# sourceMappingURL=data:application/json;charset=utf-8;base64,';

const MAP_LINE = /^\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,[A-Za-z0-9+/=]*$/;

/** The lines of an extracted file without its map, which need not be the last any more when someone wrote below it. */
export function extractedLines(text: string): string[] {
  const lines = splitLines(withoutMark(text));
  if (lines.at(-1) === '') lines.pop();
  const map = lines.findLastIndex((line) => MAP_LINE.test(line));
  if (map >= 0) lines.splice(map, 1);
  return lines;
}

function base64(text: string): string {
  // Outside ASCII, JSON can spell a character as \uXXXX, which keeps the bytes below 0x80 for btoa.
  return btoa(text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** The path of `to` as seen from the folder of the file `from`; both from the same root. */
export function relative(from: string, to: string): string {
  const a = from.split('/').slice(0, -1);
  const b = to.split('/');
  let common = 0;
  while (common < a.length && common < b.length - 1 && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/');
}

/** The run that a line of an extracted file belongs to. */
export function findRun(file: FileEntry, line: number): LineRun | undefined {
  let low = 0;
  let high = file.lineMap.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = file.lineMap[middle];
    if (line < run.out) high = middle - 1;
    else if (line >= run.out + run.count) low = middle + 1;
    else return run;
  }
  return undefined;
}

/**
 * The place in a chapter that a place in an extracted file comes from.
 * @param file Path inside the output folder.
 * @returns Undefined for a file that is not extracted; for a line of the tangler's own the nearest line above it.
 */
export function mapPosition(index: ChunkIndex, file: string, line: number, column: number): Position | undefined {
  const entry = index.files.find(({ path }) => path === file);
  if (!entry || entry.lineMap.length === 0) return undefined;
  const run = findRun(entry, line);
  if (run) {
    return {
      file: entry.sources[run.source],
      line: run.line + line - run.out,
      column: Math.max(1, column - run.outIndent + run.indent),
    };
  }
  const before = entry.lineMap.findLast((candidate) => candidate.out <= line) ?? entry.lineMap[0];
  return { file: entry.sources[before.source], line: before.line + before.count - 1, column: before.indent + 1 };
}

/**
 * The place in an extracted file that a line of a chapter went to, if it is in a chunk that is part of the program.
 * @returns The file inside the output folder, line and column.
 */
export function mapToOutput(index: ChunkIndex, chapter: string, line: number, column = 1): Position | undefined {
  for (const entry of index.files) {
    const source = entry.sources.indexOf(chapter);
    if (source < 0) continue;
    const run = entry.lineMap.find(
      (candidate) => candidate.source === source && line >= candidate.line && line < candidate.line + candidate.count,
    );
    if (run) return { file: entry.path, line: run.out + line - run.line, column: Math.max(1, column - run.indent + run.outIndent) };
  }
  return undefined;
}
