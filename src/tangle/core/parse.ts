/** From the text of a chapter to its fences, by the same parser as the page's own. */
import { isClosing, OPENING, opensFence } from './fences.ts';
import { looksLikeChunk } from './info.ts';
import { splitLines } from './lines.ts';
import type { Note, Problem } from './types.ts';

/** A fenced block of a chapter. Its text is sliced from the chapter's lines, not kept here. */
export interface Fence {
  lang: string;
  meta: string;
  /** The characters that open it. */
  marks: string;
  /** Whether the info string is spelt with escapes or references, so that the page sees another than is written. */
  escaped: boolean;
  /** Line of the opening fence, and the column of its first character. */
  line: number;
  column: number;
  /** Offset of the info string in the line. */
  infoOffset: number;
  /** First line of the code, and how many there are. */
  first: number;
  count: number;
  /** Characters before the code in each line (the indentation of fence and container), where not 0 in all. */
  indents: number[] | null;
  /** Spaces that the code of each line begins with instead of what is left of a tab among those characters, where not 0 in all. */
  pads: number[] | null;
}

/** What a chapter is parsed to. Plain data: it is kept in the cache. */
export interface ParsedChapter {
  fences: Fence[];
  problems: Problem[];
}

/** The part of a syntax tree that this module looks at. */
interface Node {
  type: string;
  children?: Node[];
  lang?: string | null | undefined;
  meta?: string | null | undefined;
  value?: string;
  position?: { start: { line: number; column: number }; end: { line: number; column: number } } | undefined;
}

/** Parses the text of a chapter. */
export type ChapterParser = (path: string, text: string) => ParsedChapter;

/** Loads the MDX parser, which takes longer than everything else in a run without changes. */
export async function loadParser(): Promise<ChapterParser> {
  const [{ unified }, { default: remarkParse }, { default: remarkFrontmatter }, { default: remarkMdx }] = await Promise.all([
    import('unified'),
    import('remark-parse'),
    import('remark-frontmatter'),
    import('remark-mdx'),
  ]);
  const processor = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx).freeze();
  return (path, text) => parseChapter(path, text, (source) => processor.parse(source));
}

function parseChapter(path: string, text: string, parse: (text: string) => Node): ParsedChapter {
  const lines = splitLines(text);
  const problems: Problem[] = [];
  let tree: Node;
  try {
    // One kind of line end: where fence and container part a CR from an LF, the tree would have the two for one.
    tree = parse(lines.join('\n'));
  } catch (error) {
    // A fence that swallows a closing tag is the likelier mistake than the tag.
    const open = findUnclosedFence(lines);
    if (open) problems.push(unclosed(path, open.line, open.column, open.marks, open.info));
    else problems.push(brokenMdx(path, error), ...shortFences(path, lines, outsideFences(lines)));
    return { fences: [], problems };
  }
  const fences: Fence[] = [];
  const prose = new Set<number>();
  const visit = (node: Node): void => {
    if (node.type === 'code') {
      const fence = readFence(path, node, lines, problems);
      if (fence) fences.push(fence);
    }
    if (node.type === 'paragraph' && node.position)
      for (let line = node.position.start.line; line <= node.position.end.line; line++) prose.add(line);
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  problems.push(...shortFences(path, lines, prose));
  return { fences, problems };
}

/** What may stand before a fence: blanks, the marks of quotes and lists. */
const CONTAINER = /^(?:[\s>]|[-*+](?=\s)|\d+[.)](?=\s))*/;

function readFence(path: string, node: Node, lines: string[], problems: Problem[]): Fence | null {
  if (!node.position) return null;
  const { start, end } = node.position;
  const opening = lines[start.line - 1].slice(start.column - 1);
  const match = OPENING.exec(opening);
  if (!match) {
    problems.push({
      file: path,
      line: start.line,
      column: start.column,
      length: 0,
      code: 'broken-mdx',
      message: 'a block of code without a fence',
      help: 'Put a line of three backticks before it and another one after it.',
    });
    return null;
  }
  const [, marks, info] = match;
  const value = node.value ? node.value.split('\n') : [];
  const closing = lines[end.line - 1].slice(0, end.column - 1);
  // Code as long as the lines between, and a line behind it that can close: a line of code can look like one, too.
  const closed = end.line > start.line && value.length <= end.line - start.line - 1 && isClosing(closing.replace(CONTAINER, ''), marks);
  if (!closed) {
    problems.push(unclosed(path, start.line, start.column, marks, info));
    return null;
  }
  const lang = node.lang ?? '';
  const meta = node.meta ?? '';
  const fence: Fence = {
    lang,
    meta,
    marks,
    escaped: !info.startsWith(lang) || info.slice(lang.length).trim() !== meta,
    line: start.line,
    column: start.column,
    infoOffset: start.column - 1 + opening.length - info.length,
    first: start.line + 1,
    count: end.line - start.line - 1,
    indents: null,
    pads: null,
  };
  const cuts = Array.from({ length: fence.count }, (_, index) => cutIndent(lines[start.line + index], value[index] ?? ''));
  if (cuts.some(({ indent }) => indent !== 0)) fence.indents = cuts.map(({ indent }) => indent);
  if (cuts.some(({ pad }) => pad !== 0)) fence.pads = cuts.map(({ pad }) => pad);
  // An opening fence among the code tells that this one was never closed.
  for (let index = 0; index < fence.count; index++) {
    if (opensFence(value[index] ?? '', marks)) {
      problems.push({
        ...unclosed(path, start.line, start.column, marks, info),
        message: `the fence "${short(info)}" is not closed before the next one opens`,
        notes: [nextFence(path, fence, lines, index)],
        help: 'Put a line of as many backticks (or tildes) after the last line of the block; if that line is code, open the block with more of them.',
      });
      return null;
    }
  }
  return fence;
}

/**
 * Where the code begins in a line of a chapter, given the code itself: it is the rest of the line, or, where fence or container take a
 * part of a tab only, some spaces for the other part and then the rest.
 */
function cutIndent(line: string, code: string): { indent: number; pad: number } {
  const seen = line.replaceAll('\0', '\ufffd'); // as Markdown has it
  let pad = 0;
  while (!(seen.endsWith(code.slice(pad)) && (pad === 0 || seen[seen.length - (code.length - pad) - 1] === '\t'))) {
    if (code[pad] !== ' ') throw new Error(`the parser reads ${JSON.stringify(code)} in the line ${JSON.stringify(line)}`);
    pad++;
  }
  return { indent: line.length - (code.length - pad), pad };
}

function nextFence(path: string, fence: Fence, lines: readonly string[], index: number): Note {
  const line = lines[fence.first - 1 + index];
  const column = line.search(/[`~]/) + 1;
  return { file: path, line: fence.first + index, column, length: line.trimEnd().length - column + 1, message: 'the next one opens here' };
}

function unclosed(path: string, line: number, column: number, marks: string, info: string): Problem {
  return {
    file: path,
    line,
    column,
    length: marks.length + info.trimEnd().length,
    code: 'unclosed-fence',
    message: `the fence "${short(info)}" is never closed`,
    help: 'Put a line of as many backticks (or tildes) after the last line of the block.',
  };
}

function short(info: string): string {
  return info.length > 40 ? `${info.slice(0, 39)}…` : info;
}

const SHORT_OPENING = /^(`{1,2}|~{1,2})(?![`~])\s*([^`]*)$/;

/**
 * Chunks between lines of one or two marks, which Markdown takes for prose: the info string is a chunk's, and a later line is the marks alone, or nothing
 * closes them.
 */
function shortFences(path: string, lines: readonly string[], prose: ReadonlySet<number>): Problem[] {
  return lines.flatMap((line, index) => {
    const text = line.replace(CONTAINER, '');
    const match = prose.has(index + 1) ? SHORT_OPENING.exec(text) : null;
    if (!match || !looksLikeChunk(match[2])) return [];
    const marks = match[1];
    const isEnd = (other: string, at: number): boolean =>
      at > index && prose.has(at + 1) && other.replace(CONTAINER, '').trimEnd() === marks;
    if (!lines.some(isEnd) && isClosedInProse(lines, index, marks, prose)) return [];
    return {
      file: path,
      line: index + 1,
      column: line.length - text.length + 1,
      length: text.trimEnd().length,
      code: 'short-fence',
      message: `the fence "${short(match[2])}" has ${marks.length === 1 ? 'one mark' : 'two marks'} only: what follows is prose`,
      help: 'Open and close the block with three backticks (or tildes).',
    };
  });
}

/** Whether marks that begin line `from` (from 0) find their like before the paragraph ends: code in prose, or what is struck out. */
function isClosedInProse(lines: readonly string[], from: number, marks: string, prose: ReadonlySet<number>): boolean {
  for (let at = from + 1; prose.has(at + 1) && lines[at]?.trim(); at++) {
    const runs: readonly string[] = lines[at].match(/`+|~+/g) ?? [];
    if (runs.includes(marks)) return true;
  }
  return false;
}

/** Lines, from 1, that are in no fence, without a parser's help. */
function outsideFences(lines: readonly string[]): Set<number> {
  const outside = new Set<number>();
  let marks = '';
  for (const [index, line] of lines.entries()) {
    const text = line.replace(CONTAINER, '');
    if (marks !== '') {
      if (isClosing(text, marks)) marks = '';
    } else {
      marks = OPENING.exec(text)?.[1] ?? '';
      if (marks === '') outside.add(index + 1);
    }
  }
  return outside;
}

interface OpenFence {
  line: number;
  column: number;
  marks: string;
  info: string;
}

/** The first fence that no later line closes, without a parser's help. */
function findUnclosedFence(lines: string[]): OpenFence | null {
  let open: OpenFence | null = null;
  for (const [index, line] of lines.entries()) {
    const text = line.replace(CONTAINER, '');
    const match = OPENING.exec(text);
    if (!match) continue;
    if (!open) open = { line: index + 1, column: line.length - text.length + 1, info: match[2], marks: match[1] };
    else if (isClosing(text, open.marks)) open = null;
    else if (match[1][0] === open.marks[0] && match[1].length >= open.marks.length) return open;
  }
  return open;
}

function brokenMdx(path: string, error: unknown): Problem {
  const fault = error as { reason?: string; message?: string; line?: number; column?: number };
  const reason = (fault.reason ?? fault.message ?? String(error)).replace(/\s+/g, ' ');
  // An unclosed tag is reported for the whole text, with the tag's place in the words.
  const place = /\s\((\d+):(\d+)(?:-\d+:\d+)?\)/.exec(reason);
  return {
    file: path,
    line: place ? Number(place[1]) : (fault.line ?? 1),
    column: place ? Number(place[2]) : (fault.column ?? 1),
    length: 0,
    code: 'broken-mdx',
    message: `broken MDX: ${place ? reason.replace(place[0], '') : reason}`,
    help: 'In prose, put code with <, { or <<name>> between backticks; close every tag that is opened.',
  };
}
