/** One change of an extracted file, as a change of the chapters that its lines come from. */
import type { Chunk } from './chunks.ts';
import { disturbsFence } from './fences.ts';
import { findOddCharacter, splitEndedLines } from './lines.ts';
import type { Output, OutputLine } from './link.ts';
import type { Position, Problem, ProblemCode } from './types.ts';

/** Lines `from` up to (not including) `to` of a chapter, from 1, become `lines`. */
export interface Edit {
  from: number;
  to: number;
  lines: string[];
  /** What the lines are in the edited file, and where: its path, and the first line from 0. */
  edited: { path: string; at: number; lines: readonly string[] };
}

/** Lines `from` up to `to` of an extracted file as it is now, from 0, become `lines`, which stand in the edited one from line `at` on. */
export interface Change {
  from: number;
  to: number;
  lines: readonly string[];
  at: number;
}

/** Where changes of one extracted file go. */
export interface Carrier {
  /** The file's path from the project's root. */
  path: string;
  output: Output;
  /** What the slots put before each line of a chunk. */
  indentOf: ReadonlyMap<Chunk, string>;
  /** The edits of each chapter. */
  edits: Map<string, Edit[]>;
  problems: Problem[];
}

/** Adds to a carrier's edits what makes a change of the extracted file, or to its problems why it cannot be made. */
export function carry(carrier: Carrier, change: Change): void {
  const { from, to, lines, at } = change;
  for (const [index, line] of lines.entries()) {
    const odd = findOddCharacter(line);
    if (odd) refuse(carrier, at + index, 'odd-character', `${odd.name} in the code`, odd.help, { column: odd.offset + 1, length: 1 });
  }
  if (to - from !== lines.length) {
    carryPart(carrier, change);
    return;
  }
  // A line for a line: each goes where the old one came from.
  const { lines: all } = carrier.output;
  for (let first = 0; first < lines.length; ) {
    let next = first + 1;
    while (next < lines.length && together(all, from + first, from + next + 1)) next++;
    const part = lines.slice(first, next);
    const isSame = part.every((line, index) => line === all[from + first + index].text);
    if (!isSame) carryPart(carrier, { from: from + first, to: from + next, lines: part, at: at + first });
    first = next;
  }
}

function refuse(
  { path, problems }: Carrier,
  index: number,
  code: ProblemCode,
  message: string,
  help: string,
  { column, length } = { column: 1, length: 0 },
): void {
  problems.push({ file: path, line: index + 1, column, length, code, message, help });
}

/** Carries a change of lines that came from one chunk. */
function carryPart(carrier: Carrier, { from, to, lines, at }: Change): void {
  const { lines: all } = carrier.output;
  const place = from === to ? gap(carrier, from, lines) : together(all, from, to) ? origin(all[from]) : null;
  if (place === null) {
    if (to - from > 1) {
      const help = 'Make it in the chapters, or in smaller steps, carrying each back before the next.';
      refuse(carrier, at, 'not-a-chunk-line', 'this edit spans lines of more than one chunk', help);
    } else {
      const help = 'The tangler puts it between chunks; make the edit inside one.';
      refuse(carrier, at, 'not-a-chunk-line', 'this line belongs to no chunk', help);
    }
    return;
  }
  const merged = all.slice(from, to).findIndex(({ isMerged }) => isMerged);
  if (merged >= 0) {
    const help = 'Make the edit in the chapters.';
    refuse(
      carrier,
      at + Math.min(merged, Math.max(0, lines.length - 1)),
      'not-a-chunk-line',
      'this line is merged of the imports of several chunks',
      help,
    );
    return;
  }
  const { chunk, index: first } = place;
  const indent = carrier.indentOf.get(chunk) ?? '';
  const written: string[] = [];
  for (const [index, line] of lines.entries()) {
    const code = line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
    if (disturbsFence(code, chunk.fence.marks)) {
      const help = 'Make the edit in the chapter, in a fence of more backticks.';
      refuse(carrier, at + index, 'not-a-chunk-line', `the line "${code.trim()}" would end the fence in the chapter`, help);
    }
    written.push(chapterLine(chunk, code, index < to - from ? first + index : null));
  }
  const line = chunk.fence.first + first;
  const list = carrier.edits.get(chunk.chapter.path) ?? [];
  list.push({ from: line, to: line + to - from, lines: written, edited: { path: carrier.path, at, lines } });
  carrier.edits.set(chunk.chapter.path, list);
}

/** A line of a chunk's code. */
interface Origin {
  chunk: Chunk;
  index: number;
}

function origin(line: OutputLine | undefined): Origin | null {
  return line?.chunk ? { chunk: line.chunk, index: line.index } : null;
}

/** Whether lines of a file follow each other in one chunk. */
function together(lines: readonly OutputLine[], from: number, to: number): boolean {
  const { chunk, index } = lines[from];
  for (let at = from; at < to; at++) if (lines[at].chunk !== chunk || lines[at].index !== index + at - from) return false;
  return chunk !== null;
}

/** Where new lines before line `at` go: between the lines of two chunks into the one that is indented as they are, else into the first. */
function gap({ output, indentOf }: Carrier, at: number, lines: readonly string[]): Origin | null {
  const before = origin(output.lines[at - 1]);
  const after = origin(output.lines[at]);
  const behind = before && { chunk: before.chunk, index: before.index + 1 };
  if (!before || !after) {
    if (output.lines.length === 0 && output.chunks.length === 1) return { chunk: output.chunks[0], index: 0 };
    return behind ?? after;
  }
  const depth = (place: Origin): number => (indentOf.get(place.chunk) ?? '').length;
  if (before.chunk === after.chunk || depth(before) === depth(after)) return behind;
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  const deep = indent >= Math.max(depth(before), depth(after));
  return deep === depth(before) > depth(after) ? behind : after;
}

/**
 * Code as a line of a chapter, with what its container and fence want before it.
 * @param old Index of the line that it stands for, whose own beginning is kept.
 */
function chapterLine({ chapter, fence }: Chunk, code: string, old: number | null): string {
  // What opens a container in the fence's own line continues it as blanks; the mark of a quote stays.
  const container = chapter.lines[fence.line - 1].slice(0, fence.column - 1).replace(/[^\s>]/g, ' ');
  const raw = old === null ? undefined : chapter.lines[fence.first - 1 + old];
  if (raw !== undefined) {
    const indent = fence.indents?.[old!] ?? 0;
    const pad = fence.pads?.[old!] ?? 0;
    const blank = raw.length === indent;
    if (code === '' && blank && pad === 0) return raw;
    if (code !== '' && !blank && code.startsWith(' '.repeat(pad))) return raw.slice(0, indent) + code.slice(pad);
  }
  return code === '' ? container.trimEnd() : container + code;
}

/** A chapter's text after its edits: every other byte as it was, new lines ending as their neighbours do. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = splitEndedLines(text);
  const parts: string[] = [];
  let last = '';
  const put = (line: string, end: string): void => {
    // An empty line's LF behind a CR would make the two one.
    last = last === '\r' && line === '' && end === '\n' ? '\r' : end;
    parts.push(line, last);
  };
  let at = 0;
  for (const { from, to, lines: replacement } of [...edits].sort((a, b) => a.from - b.from)) {
    for (; at < from - 1; at++) put(lines[at].text, lines[at].end);
    for (const [index, line] of replacement.entries()) {
      const old = from + index < to ? lines[from - 1 + index] : lines[from - 2];
      put(line, old.end);
    }
    at = to - 1;
  }
  for (; at < lines.length; at++) put(lines[at].text, lines[at].end);
  return parts.join('');
}

/**
 * A place in a chapter as edits would make it, as the place that was edited, or else as the place in the chapter as it is.
 * @param edits Those of the chapter.
 */
export function placeBefore(edits: readonly Edit[], place: Position): Position {
  let moved = 0;
  for (const { from, to, lines, edited } of [...edits].sort((a, b) => a.from - b.from)) {
    const index = place.line - from - moved;
    if (index < 0) break;
    if (index < lines.length) {
      const column = Math.max(1, place.column + edited.lines[index].length - lines[index].length);
      return { file: edited.path, line: edited.at + index + 1, column };
    }
    moved += lines.length - (to - from);
  }
  return { ...place, line: place.line - moved };
}
