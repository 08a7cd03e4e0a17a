/** The way back: edits made in extracted files, carried into the chapters they came from. */
import { applyEdits, carry, placeBefore } from './carry.ts';
import type { Edit } from './carry.ts';
import { unownedFiles } from './check.ts';
import { diffLines, formatConflict } from './diff.ts';
import type { Hunk } from './diff.ts';
import { fileProblem, guarded } from './files.ts';
import { withoutMark } from './lines.ts';
import { extractedLines, findRun } from './maps.ts';
import { sortProblems } from './problems.ts';
import type { Tangler, TangleOptions, Woven } from './tangle.ts';
import type { FileEntry, Problem } from './types.ts';

/** What was carried. */
export interface UntangleResult {
  /** When not empty, nothing was written. */
  problems: Problem[];
  /** Changed chapters, with the number of edits in each. */
  chapters: Map<string, number>;
  /** What was found besides, and left alone. */
  notices: Problem[];
}

/** An edited file: as it was extracted, as it was edited, and as it is to be. */
interface Edited {
  base: string[];
  edited: string[];
  wanted: string[];
}

/**
 * Carries edits from the output folder into the chapters, and extracts again. Where chapter and extracted file
 * were both changed since the last run it refuses, with the three versions.
 */
export async function untangle(tangler: Tangler, options: Pick<TangleOptions, 'with' | 'out'> = {}): Promise<UntangleResult> {
  const out = options.out ?? tangler.config.out;
  const { fs } = tangler;
  const woven = await tangler.weave(options);
  const refused = (problems: readonly Problem[]): UntangleResult => ({
    problems: sortProblems(problems),
    chapters: new Map(),
    notices: [],
  });
  if (woven.problems.length > 0) return refused(woven.problems);
  const problems: Problem[] = [];
  const edits = new Map<string, Edit[]>();
  const files = new Map<string, Edited>();
  for (const path of new Set([...tangler.readManifest(out).files, ...woven.files.keys()])) {
    if (path === 'chunks.json') continue;
    guarded(problems, () => {
      const text = fs.read(`${out}/${path}`);
      const baseText = fs.read(`${out}/.base/${path}`);
      if (text === undefined || text === baseText) return;
      if (baseText === undefined) {
        const problem = tangler.lostProblem(out, path, text, woven);
        if (problem) problems.push(problem);
        return;
      }
      const base = extractedLines(baseText);
      const edited = extractedLines(text);
      const wanted = carryFile({ woven, out, drop: tangler.config.commands.force, edits, problems }, path, base, edited);
      if (wanted) files.set(path, { base, edited, wanted });
    });
  }
  if (problems.length > 0) return refused(problems);
  const notices = unownedFiles(tangler, woven, out);
  if (edits.size === 0) return { problems: [], chapters: new Map(), notices };

  const before = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const [chapter, list] of edits) {
    const text = guarded(problems, () => fs.read(chapter)) ?? '';
    if (withoutMark(text) !== woven.chapters.find(({ path }) => path === chapter)?.text) {
      problems.push(fileProblem(chapter, 'this chapter was changed while edits were carried into it', 'Run it again.'));
      continue;
    }
    before.set(chapter, text);
    texts.set(chapter, applyEdits(text, list));
  }
  if (problems.length > 0) return refused(problems);
  // Nothing is written before it is known to come out as it was meant.
  const after = await tangler.weave(options, texts);
  const wrong = [
    ...after.problems.map((problem) => ({ ...problem, ...placeBefore(edits.get(problem.file) ?? [], problem) })),
    ...(after.problems.length > 0 ? [] : differences(after, out, files)),
  ];
  if (wrong.length > 0) return refused(wrong);
  for (const [chapter, text] of texts) guarded(problems, () => fs.write(chapter, text));
  if (problems.length > 0) {
    for (const [chapter, text] of before) guarded(problems, () => (fs.read(chapter) === text ? undefined : fs.write(chapter, text)));
    return refused(problems);
  }
  const { problems: unwritten } = await tangler.tangle({ ...options, force: true });
  return { problems: unwritten, chapters: new Map([...edits].map(([chapter, list]) => [chapter, list.length])), notices };
}

/** The first line of each file that would come out otherwise than it was edited. */
function differences(after: Woven, out: string, files: ReadonlyMap<string, Edited>): Problem[] {
  const found: Problem[] = [];
  for (const [path, { edited, wanted }] of files) {
    const now = extractedLines(after.plain.get(path) ?? '');
    const [first] = diffLines(wanted, now);
    if (!first) continue;
    found.push({
      file: `${out}/${path}`,
      line: editedLine(wanted, edited, first.aFrom + 1),
      column: 1,
      length: 0,
      code: 'not-a-chunk-line',
      message: 'this edit does not come out the same when it is extracted again',
      help: 'Make it in the chapter; it may have changed the indentation of a piece, or a slot.',
    });
  }
  return found;
}

/** The line of the edited file that is line `line` of the wanted one. */
function editedLine(wanted: readonly string[], edited: readonly string[], line: number): number {
  let moved = 0;
  for (const { aTo, bTo } of diffLines(wanted, edited)) {
    if (aTo >= line) break;
    moved = bTo - aTo;
  }
  return Math.max(1, Math.min(edited.length, line + moved));
}

/** What all edited files have in common. */
interface Carrying {
  woven: Woven;
  out: string;
  /** The command that drops edits. */
  drop: string;
  edits: Map<string, Edit[]>;
  problems: Problem[];
}

/** Finds the edits of one file; returns the lines it must have afterwards. */
function carryFile(carrying: Carrying, path: string, base: string[], edited: string[]): string[] | null {
  const { woven, out, edits, problems } = carrying;
  const file = `${out}/${path}`;
  const entry = woven.index.files.find((candidate) => candidate.path === path);
  const output = woven.linked.outputs.find((candidate) => candidate.path === path);
  const mine = diffLines(base, edited);
  if (mine.length === 0) return null;
  if (!entry || !output) {
    problems.push({
      file,
      line: mine[0].bFrom + 1,
      column: 1,
      length: 0,
      code: 'both-changed',
      message: 'this file was edited, but no chapter gives it any more',
      help: 'Save the edit elsewhere and remove the file.',
    });
    return null;
  }
  const current = extractedLines(woven.plain.get(path)!);
  const theirs = diffLines(base, current);
  const wanted: string[] = [];
  let at = 0; // lines of `current` that are in `wanted`
  let passed = 0; // hunks of `theirs` before the present one
  let shift = 0;
  for (const hunk of mine) {
    while (passed < theirs.length && theirs[passed].aTo < hunk.aFrom) {
      shift = theirs[passed].bTo - theirs[passed].aTo;
      passed++;
    }
    const lines = edited.slice(hunk.bFrom, hunk.bTo);
    const rivals: Hunk[] = [];
    for (let next = passed; next < theirs.length && theirs[next].aFrom <= hunk.aTo; next++) rivals.push(theirs[next]);
    if (rivals.length === 1 && isSame(hunk, rivals[0], edited, current)) continue;
    if (rivals.length > 0) {
      problems.push(conflict(entry, file, carrying.drop, hunk, rivals, base, edited, current));
      continue;
    }
    const from = hunk.aFrom + shift;
    const to = hunk.aTo + shift;
    for (; at < from; at++) wanted.push(current[at]);
    for (const line of lines) wanted.push(line);
    at = to;
    carry({ path: file, output, indentOf: woven.linked.indentOf, edits, problems }, { from, to, lines, at: hunk.bFrom });
  }
  for (; at < current.length; at++) wanted.push(current[at]);
  return wanted;
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
  file: string,
  drop: string,
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
  const name = `${file}:${hunk.bFrom + 1}`;
  return {
    file: source,
    line: run ? run.line + Math.max(0, theirFrom + 1 - run.out) : 1,
    column: (run?.indent ?? 0) + 1,
    length: 0,
    code: 'both-changed',
    message: `both this chapter and ${name} changed since the last extraction`,
    help: `Make one of them as the other is, or drop the edit with "${drop}".\n${formatConflict(
      { name, lines: edited.slice(hunk.bFrom - (hunk.aFrom - from), hunk.bTo + (to - hunk.aTo)) },
      { name: 'as last extracted', lines: base.slice(from, to) },
      { name: source, lines: current.slice(theirFrom, theirTo) },
    )}`,
  };
}
