/** From parsed chapters to chunks in tour order, with the faults that show in a chunk by itself. */
import { parseInfo } from './info.ts';
import { findOddCharacter } from './lines.ts';
import type { Fence, ParsedChapter } from './parse.ts';
import { findSlots } from './slots.ts';
import type { Slot } from './slots.ts';
import type { ChunkKind, Lang, Problem, ProblemCode, TangleConfig } from './types.ts';

/** A chapter: its path, text (without a byte order mark) and lines, and what the parser found. */
export interface Chapter {
  path: string;
  text: string;
  lines: string[];
  parsed: ParsedChapter;
}

/** A chunk as the chapters have it. */
export interface Chunk {
  id: string;
  kind: ChunkKind;
  lang: Lang;
  /** Empty for an example. */
  marker: string;
  letter: string;
  number: number;
  suffix: string;
  file: string | null;
  into: string | null;
  replaces: string | null;
  /** The variant that it is only in: the one it names, or its marker's own when that has a patch. */
  variant: string | null;
  hidden: boolean;
  chapter: Chapter;
  fence: Fence;
  /** The code. */
  lines: string[];
  slots: Slot[];
  /** Columns, from 1, of marker and values in the line of the fence. */
  columns: { marker: number; file: number; into: number; replaces: number };
}

/** The chunks of a tour. */
export interface Tour {
  /** In tour order: parts, numbers, then as the chapters have them. Examples last. */
  chunks: Chunk[];
  /** Ids that a faulty info string names: what refers to them is not at fault. */
  faulty: Set<string>;
  problems: Problem[];
}

/** Gathers the chunks of all chapters, which come in the order of their paths. */
export function collectChunks(chapters: readonly Chapter[], config: TangleConfig): Tour {
  const problems: Problem[] = [];
  const chunks: Chunk[] = [];
  const examples: Chunk[] = [];
  const faulty = new Set<string>();
  for (const chapter of chapters) {
    problems.push(...chapter.parsed.problems);
    let exampleNumber = 0;
    for (const fence of chapter.parsed.fences) {
      const info = parseInfo(fence.lang, fence.meta, config);
      if (!info) continue;
      const column = (offset: number): number => infoColumn(chapter, fence, offset);
      const report = (offset: number, length: number, code: ProblemCode, message: string, help: string): void => {
        problems.push({ file: chapter.path, line: fence.line, column: column(offset), length, code, message, help });
      };
      for (const fault of info.faults) report(fault.offset, fault.length, fault.code, fault.message, fault.help);
      if (fence.escaped && !findOddCharacter(chapter.lines[fence.line - 1])) {
        report(
          0,
          chapter.lines[fence.line - 1].length - fence.infoOffset,
          'unknown-word',
          'an escape or a character reference in the info string of a chunk',
          'Write the characters as they are.',
        );
      }
      if (info.letter !== '')
        checkPart(info.letter, info.id, chapter, config, (message, help) =>
          report(info.offsets.marker, info.id.length, 'marker-out-of-part', message, help),
        );
      if (!info.kind) {
        faulty.add(info.id);
        continue;
      }
      const isExample = info.kind === 'example';
      const id = isExample ? `examples/${chapterName(chapter.path, config)}-${++exampleNumber}` : info.id;
      const lines = codeLines(chapter, fence);
      checkCharacters(chapter, fence, lines, problems);
      const chunk: Chunk = {
        id,
        kind: info.kind,
        lang: info.lang,
        marker: info.marker,
        letter: info.letter,
        number: info.number,
        suffix: info.suffix,
        file: isExample ? `${id}${{ ts: '.ts', asm: '.S', json: '.json' }[info.lang]}` : info.file,
        into: info.into,
        replaces: info.replaces,
        variant: info.with,
        hidden: info.hidden,
        chapter,
        fence,
        lines,
        slots: isExample ? [] : findSlots(lines, info.lang),
        columns: {
          marker: column(info.offsets.marker),
          file: column(info.offsets.file),
          into: column(info.offsets.into),
          replaces: column(info.offsets.replaces),
        },
      };
      (isExample ? examples : chunks).push(chunk);
    }
  }
  const patched = new Set(chunks.filter(({ kind }) => kind === 'patch').map(({ marker }) => marker));
  for (const chunk of chunks) chunk.variant ??= patched.has(chunk.marker) ? chunk.marker : null;
  const rank = new Map(config.parts.map((part, index) => [part.letter, index]));
  const position = new Map(chunks.map((chunk, index) => [chunk, index]));
  chunks.sort(
    (a, b) => (rank.get(a.letter) ?? 99) - (rank.get(b.letter) ?? 99) || a.number - b.number || position.get(a)! - position.get(b)!,
  );
  return { chunks: [...chunks, ...examples], faulty, problems };
}

/** `docs/host/page_tables.mdx` -> `host/page_tables`. */
export function chapterName(path: string, config: TangleConfig): string {
  return path.slice(config.docs.length + 1).replace(/\.mdx$/, '');
}

/** The code of a fence, without what indents the fence itself. */
function codeLines(chapter: Chapter, fence: Fence): string[] {
  const { first, count, indents, pads } = fence;
  const lines = chapter.lines.slice(first - 1, first - 1 + count);
  return indents ? lines.map((line, index) => ' '.repeat(pads?.[index] ?? 0) + line.slice(indents[index])) : lines;
}

/** The place in the chapter of a character of a fence's code; `index` and `offset` count lines and characters from 0. */
export function codePlace(fence: Fence, index: number, offset: number): { line: number; column: number } {
  const indent = (fence.indents?.[index] ?? 0) - (fence.pads?.[index] ?? 0);
  return { line: fence.first + index, column: Math.max(0, indent + offset) + 1 };
}

/** A comment in which tools look for a map: the one that the tangler writes is the file's last. */
const MAP_COMMENT = /\/\/[#@]\s*sourceMappingURL=/;

const MAP_COMMENT_MESSAGE = 'this comment is how a file names its source map';

/** Characters and lines that would not come through. */
function checkCharacters(chapter: Chapter, fence: Fence, lines: readonly string[], problems: Problem[]): void {
  const { path, lines: all } = chapter;
  const heading = findOddCharacter(all[fence.line - 1]);
  const report = (place: { line: number; column: number }, length: number, message: string, help: string): void => {
    problems.push({ file: path, ...place, length, code: 'odd-character', message, help });
  };
  if (heading) report({ line: fence.line, column: heading.offset + 1 }, 1, `${heading.name} in an info string`, 'Remove it.');
  for (const [index, line] of lines.entries()) {
    const odd = findOddCharacter(line);
    if (odd) report(codePlace(fence, index, odd.offset), 1, `${odd.name} in the code`, odd.help);
    const map = MAP_COMMENT.exec(line);
    if (map) report(codePlace(fence, index, map.index), map[0].length, MAP_COMMENT_MESSAGE, 'Spell it in another way.');
  }
}

/** The column of a character of `lang meta`, which may stand in the line with other spaces between. */
function infoColumn(chapter: Chapter, fence: Fence, offset: number): number {
  const all = fence.meta === '' ? fence.lang : `${fence.lang} ${fence.meta}`;
  const line = chapter.lines[fence.line - 1];
  let at = fence.infoOffset;
  for (let index = 0; index < offset; index++) {
    if (/\s/.test(all[index])) {
      while (/\s/.test(line[at] ?? '') && !/\s/.test(all[index + 1] ?? '')) at++;
    } else at++;
  }
  return at + 1;
}

function checkPart(
  letter: string,
  id: string,
  chapter: Chapter,
  config: TangleConfig,
  report: (message: string, help: string) => void,
): void {
  const part = config.parts.find((candidate) => candidate.letter === letter);
  if (!part || config.anywhere.includes(letter)) return;
  const folder = chapter.path.slice(config.docs.length + 1).split('/')[0];
  if (folder === part.folder) return;
  const own = config.parts.find((candidate) => candidate.folder === folder);
  report(
    `the marker of ${id} is out of its part: ${letter} belongs to ${config.docs}/${part.folder}/`,
    own
      ? `Give the chunk a marker with ${own.letter}, or move it to a chapter in ${config.docs}/${part.folder}/.`
      : `Move it to a chapter in ${config.docs}/${part.folder}/.`,
  );
}
