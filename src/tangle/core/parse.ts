/** From the text of a chapter to its fences, by the same parser as the page's own. */
import type { Problem } from './types.ts';

/** A fenced block of a chapter. Its text is sliced from the chapter's lines, not kept here. */
export interface Fence {
  lang: string;
  meta: string;
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
  lang?: string | null;
  meta?: string | null;
  value?: string;
  position?: { start: { line: number; column: number }; end: { line: number; column: number } };
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

/** The lines of a text, whichever way they end. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

function parseChapter(path: string, text: string, parse: (text: string) => Node): ParsedChapter {
  const lines = splitLines(text);
  const problems: Problem[] = [];
  let tree: Node;
  try {
    tree = parse(text);
  } catch (error) {
    // A fence that swallows a closing tag is the likelier mistake than the tag.
    const open = findUnclosedFence(lines);
    if (open) problems.push(unclosed(path, open.line, open.column, open.info));
    else problems.push(brokenMdx(path, error));
    return { fences: [], problems };
  }
  const fences: Fence[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'code') {
      const fence = readFence(path, node, lines, problems);
      if (fence) fences.push(fence);
    }
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  return { fences, problems };
}

const OPENING = /^(`{3,}|~{3,})\s*(.*)$/;

function readFence(path: string, node: Node, lines: string[], problems: Problem[]): Fence | null {
  if (!node.position) return null;
  const { start, end } = node.position;
  const opening = lines[start.line - 1].slice(start.column - 1);
  const match = OPENING.exec(opening);
  if (!match) return null; // an indented block
  const marks = match[1];
  const closing = lines[end.line - 1].slice(0, end.column - 1);
  const closed = end.line > start.line && isClosing(closing.replace(/^[\s>]*/, ''), marks);
  const count = (closed ? end.line - 1 : end.line) - start.line;
  const value = node.value === undefined || (node.value === '' && count === 0) ? [] : node.value.split('\n');
  const fence: Fence = {
    lang: node.lang ?? '',
    meta: node.meta ?? '',
    line: start.line,
    column: start.column,
    infoOffset: start.column - 1 + opening.length - match[2].length,
    first: start.line + 1,
    count,
    indents: null,
  };
  if (!closed) {
    problems.push(unclosed(path, start.line, start.column, match[2]));
    return null;
  }
  const indents = Array.from({ length: count }, (_, index) => {
    const line = lines[start.line + index];
    const kept = value[index] ?? '';
    return line.endsWith(kept) ? line.length - kept.length : Math.min(start.column - 1, line.length);
  });
  if (indents.some((indent) => indent !== 0)) fence.indents = indents;
  // An opening fence among the code tells that this one was never closed.
  for (let index = 0; index < count; index++) {
    const inner = OPENING.exec(value[index] ?? '');
    if (inner && inner[1][0] === marks[0] && inner[2].trim() !== '' && inner[1].length >= marks.length) {
      problems.push({
        ...unclosed(path, start.line, start.column, match[2]),
        message: `the fence "${short(match[2])}" is not closed before the next one opens in line ${start.line + 1 + index}`,
      });
      return null;
    }
  }
  return fence;
}

function isClosing(line: string, marks: string): boolean {
  const text = line.trim();
  return text.length >= marks.length && [...text].every((character) => character === marks[0]);
}

function unclosed(path: string, line: number, column: number, info: string): Problem {
  return {
    file: path,
    line,
    column,
    code: 'unclosed-fence',
    message: `the fence "${short(info)}" is never closed`,
    help: 'Put a line of as many backticks (or tildes) after the last line of the block.',
  };
}

function short(info: string): string {
  return info.length > 40 ? `${info.slice(0, 39)}…` : info;
}

/** The first fence that no later line closes, without a parser's help. */
function findUnclosedFence(lines: string[]): { line: number; column: number; info: string } | null {
  let open: { line: number; column: number; info: string; marks: string } | null = null;
  for (const [index, line] of lines.entries()) {
    const text = line.trimStart();
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
    code: 'broken-mdx',
    message: `broken MDX: ${place ? reason.replace(place[0], '') : reason}`,
    help: 'In prose, put code with <, { or <<name>> between backticks; close every tag that is opened.',
  };
}
