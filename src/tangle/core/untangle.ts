/** The way back: edits made in extracted files, carried into the chapters they came from. */
import { splitLines } from './parse.ts';
import { diffLines, formatConflict, meet } from './diff.ts';
import type { Hunk } from './diff.ts';
import { findRun, withoutSourceMap } from './maps.ts';
import { sortProblems } from './problems.ts';
import type { Tangler, TangleOptions, Woven } from './tangle.ts';
import type { FileEntry, LineRun, Problem } from './types.ts';

/** What was carried. */
export interface UntangleResult {
  /** When not empty, nothing was written. */
  problems: Problem[];
  /** Changed chapters, with the number of edits in each. */
  chapters: Map<string, number>;
}

/** Lines `from` up to (not including) `to` of a chapter, from 1, become `lines`. */
interface Edit {
  from: number;
  to: number;
  lines: string[];
}

/**
 * Carries edits from the output folder into the chapters, and extracts again. Where chapter and extracted file
 * were both changed since the last run it refuses, with the three versions.
 */
export async function untangle(tangler: Tangler, options: Pick<TangleOptions, 'with' | 'out'> = {}): Promise<UntangleResult> {
  const out = options.out ?? tangler.config.out;
  const { fs } = tangler;
  const woven = await tangler.weave(options);
  if (woven.problems.length > 0) return { problems: woven.problems, chapters: new Map() };
  const problems: Problem[] = [];
  const edits = new Map<string, Edit[]>();
  const wanted = new Map<string, string>();
  for (const path of tangler.readManifest(out).files) {
    if (path === 'chunks.json') continue;
    const text = fs.read(`${out}/${path}`);
    const baseText = fs.read(`${out}/.base/${path}`);
    if (text === undefined || baseText === undefined || text === baseText) continue;
    const carried = carryFile(woven, out, path, toLines(baseText), toLines(text), edits, problems);
    if (carried) wanted.set(path, carried.join('\n'));
  }
  if (problems.length > 0) return { problems: sortProblems(problems), chapters: new Map() };
  if (edits.size === 0) return { problems: [], chapters: new Map() };

  const before = new Map([...edits.keys()].map((chapter) => [chapter, fs.read(chapter) ?? '']));
  for (const [chapter, list] of edits) fs.write(chapter, applyEdits(before.get(chapter)!, list));
  const after = await tangler.weave(options);
  const wrong =
    after.problems.length > 0
      ? after.problems
      : [...wanted]
          .filter(([path, text]) => toLines(after.plain.get(path) ?? '').join('\n') !== text)
          .map(
            ([path]): Problem => ({
              file: `${out}/${path}`,
              line: 1,
              column: 1,
              code: 'not-a-chunk-line',
              message: 'this edit does not come out the same when it is extracted again',
              help: 'Make it in the chapter; it may have changed the indentation of a piece, or a slot.',
            }),
          );
  if (wrong.length > 0) {
    for (const [chapter, text] of before) fs.write(chapter, text);
    return { problems: wrong, chapters: new Map() };
  }
  await tangler.tangle({ ...options, force: true });
  return { problems: [], chapters: new Map([...edits].map(([chapter, list]) => [chapter, list.length])) };
}

function toLines(text: string): string[] {
  const lines = splitLines(withoutSourceMap(text));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Finds the edits of one file; returns the text it must have afterwards. */
function carryFile(
  woven: Woven,
  out: string,
  path: string,
  base: string[],
  edited: string[],
  edits: Map<string, Edit[]>,
  problems: Problem[],
): string[] | null {
  const entry = woven.index.files.find((file) => file.path === path);
  const mine = diffLines(base, edited);
  if (!entry) {
    problems.push({
      file: `${out}/${path}`,
      line: (mine[0]?.bFrom ?? 0) + 1,
      column: 1,
      code: 'both-changed',
      message: 'this file was edited, but no chapter gives it any more',
      help: 'Save the edit elsewhere and remove the file.',
    });
    return null;
  }
  const current = toLines(woven.plain.get(path)!);
  const theirs = diffLines(base, current);
  const result = [...current];
  // From the last to the first, so that the lines before stay where they are.
  for (const hunk of mine.toReversed()) {
    const lines = edited.slice(hunk.bFrom, hunk.bTo);
    const rivals = theirs.filter((other) => meet(hunk, other));
    if (rivals.length === 1 && isSame(hunk, rivals[0], edited, current)) continue;
    if (rivals.length > 0) {
      problems.push(conflict(entry, out, hunk, rivals, base, edited, current));
      continue;
    }
    const shift = theirs
      .filter((other) => other.aTo <= hunk.aFrom)
      .reduce((sum, other) => sum + other.bTo - other.bFrom - other.aTo + other.aFrom, 0);
    const from = hunk.aFrom + shift;
    const to = hunk.aTo + shift;
    result.splice(from, to - from, ...lines);
    carryHunk(entry, out, hunk, from, to, lines, edits, problems);
  }
  return result;
}

function isSame(a: Hunk, b: Hunk, edited: readonly string[], current: readonly string[]): boolean {
  return (
    a.aFrom === b.aFrom &&
    a.aTo === b.aTo &&
    a.bTo - a.bFrom === b.bTo - b.bFrom &&
    edited.slice(a.bFrom, a.bTo).every((line, index) => line === current[b.bFrom + index])
  );
}

function conflict(
  entry: FileEntry,
  out: string,
  hunk: Hunk,
  rivals: readonly Hunk[],
  base: readonly string[],
  edited: readonly string[],
  current: readonly string[],
): Problem {
  const from = Math.min(hunk.aFrom, ...rivals.map((rival) => rival.aFrom));
  const to = Math.max(hunk.aTo, ...rivals.map((rival) => rival.aTo));
  const first = rivals[0];
  const last = rivals[rivals.length - 1];
  const theirFrom = first.bFrom - (first.aFrom - from);
  const theirTo = last.bTo + (to - last.aTo);
  const run = findRun(entry, Math.min(theirFrom + 1, current.length)) ?? entry.lineMap[0];
  const source = entry.sources[run?.source ?? 0];
  const name = `${out}/${entry.path}:${hunk.bFrom + 1}`;
  return {
    file: source,
    line: run ? run.line + Math.max(0, theirFrom + 1 - run.out) : 1,
    column: (run?.indent ?? 0) + 1,
    code: 'both-changed',
    message: `both this chapter and ${name} changed since the last extraction`,
    help: `Make one of them as the other is, or drop the edit with "npm run tangle -- --force".\n${formatConflict(
      { name, lines: edited.slice(hunk.bFrom - (hunk.aFrom - from), hunk.bTo + (to - hunk.aTo)) },
      { name: 'as last extracted', lines: base.slice(from, to) },
      { name: source, lines: current.slice(theirFrom, theirTo) },
    )}`,
  };
}

/** Turns one change of an extracted file into an edit of a chapter. `from` and `to` count its present lines from 0. */
function carryHunk(
  entry: FileEntry,
  out: string,
  hunk: Hunk,
  from: number,
  to: number,
  lines: readonly string[],
  edits: Map<string, Edit[]>,
  problems: Problem[],
): void {
  const refuse = (message: string, help: string): void => {
    problems.push({ file: `${out}/${entry.path}`, line: hunk.bFrom + 1, column: 1, code: 'not-a-chunk-line', message, help });
  };
  const before = findRun(entry, from);
  const after = findRun(entry, from + 1);
  let run: LineRun | undefined;
  let at: number;
  if (from === to) {
    run = before ?? after;
    if (before && after && before !== after) run = byIndent(before, after, lines);
    at = run === undefined ? 0 : run === after && run !== before ? run.line : run.line + (from - run.out) + 1;
  } else {
    run = after;
    at = run ? run.line + from + 1 - run.out : 0;
    if (run && findRun(entry, to) !== run) {
      refuse(
        'this edit spans lines of more than one chunk',
        'Make it in the chapters, or in smaller steps with "npm run untangle" after each.',
      );
      return;
    }
  }
  if (!run) {
    refuse('this line belongs to no chunk', 'The tangler puts it between chunks; make the edit inside one.');
    return;
  }
  const fence = lines.find((line) => /^\s*(`{3,}|~{3,})/.test(line));
  if (fence !== undefined) {
    refuse(`the line "${fence.trim()}" would end the fence in the chapter`, 'Make the edit in the chapter, in a fence of more backticks.');
    return;
  }
  const { outIndent, indent } = run;
  const source = entry.sources[run.source];
  const edit: Edit = {
    from: at,
    to: at + (to - from),
    lines: lines.map((line) =>
      line.trim() === '' ? '' : ' '.repeat(indent) + line.slice(Math.min(outIndent, line.length - line.trimStart().length)),
    ),
  };
  const list = edits.get(source);
  if (list) list.push(edit);
  else edits.set(source, [edit]);
}

/** Between the lines of two chunks: into the one whose indentation the new lines have, else into the first. */
function byIndent(before: LineRun, after: LineRun, lines: readonly string[]): LineRun {
  if (before.outIndent === after.outIndent) return before;
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  const deeper = before.outIndent > after.outIndent ? before : after;
  return indent >= deeper.outIndent ? deeper : deeper === before ? after : before;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = splitLines(text);
  for (const { from, to, lines: replacement } of [...edits].sort((a, b) => b.from - a.from)) {
    lines.splice(from - 1, to - from, ...replacement);
  }
  return lines.join(end);
}
