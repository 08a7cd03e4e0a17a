/** Carries a patch of the chapters, as the page's editor saves one, into the chapters: exactly, or not at all. */
import { splitEndedLines, splitLines, withoutMark } from './lines.ts';
import type { EndedLine } from './lines.ts';
import type { Problem, ProblemCode } from './types.ts';

/** Chapters with a patch in them. */
export interface CarriedPatch {
  /** When there are any, nothing may be written. */
  readonly problems: Problem[];
  /** New texts by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many places were changed, by path. */
  readonly chapters: ReadonlyMap<string, number>;
}

/** One place of a patch: what is there, and what shall be. */
interface Place {
  readonly path: string;
  /** Its head's line in the patch, from 1. */
  readonly line: number;
  /** Where it is said to begin in the chapter, from 1. */
  readonly from: number;
  readonly before: string[];
  readonly after: string[];
}

const HEAD = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/**
 * Puts a unified diff into chapters.
 * @param name what the patch is called in problems
 * @param docs the folder of the chapters: of other files nothing is changed
 * @param read text of a file, undefined where there is none
 */
export function carryPatch(patch: string, name: string, docs: string, read: (path: string) => string | undefined): CarriedPatch {
  const problems: Problem[] = [];
  const told = (line: number, code: ProblemCode, message: string, help: string): void =>
    void problems.push({ file: name, line, column: 1, length: 0, code, message, help });
  const places = placesOf(patch, (line) =>
    told(line, 'unreadable-file', 'this line is no part of a patch', 'Save the patch again, from the page in which the code was edited.'),
  );
  if (places.length === 0 && problems.length === 0)
    told(1, 'unreadable-file', 'this is no patch', 'The page’s editor saves one: “Save as a patch”.');
  const chapters = new Map<string, EndedLine[]>();
  const counts = new Map<string, number>();
  const shifts = new Map<string, number>();
  for (const place of places) {
    const { path, line } = place;
    const text = isChapter(path, docs) ? read(path) : undefined;
    if (text === undefined) {
      if (!problems.some(({ message }) => message.endsWith(path)))
        told(line, 'unreadable-file', `there is no chapter ${path}`, `A patch may change chapters in ${docs}, and nothing else.`);
      continue;
    }
    const lines = chapters.get(path) ?? splitEndedLines(text);
    chapters.set(path, lines);
    const at = findPlace(lines, place, shifts.get(path) ?? 0);
    if (at === null) {
      told(
        line,
        'both-changed',
        `${path} has changed since: these lines are not there any more, or are there twice`,
        'Make this change by hand.',
      );
      continue;
    }
    const { before, after } = place;
    const end = lines[0]?.end || '\n';
    const last = lines[at + before.length - 1]?.end ?? end;
    const mark = at === 0 && before.length > 0 && lines[0].text !== before[0] ? '\ufeff' : '';
    const come = after.map((one, index) => ({ text: index === 0 ? mark + one : one, end: index < after.length - 1 ? end : last }));
    lines.splice(at, before.length, ...come);
    shifts.set(path, at + 1 - place.from + after.length - before.length);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const texts = new Map([...chapters].map(([path, lines]) => [path, lines.map(({ text, end }) => text + end).join('')]));
  return { problems, texts, chapters: counts };
}

function isChapter(path: string, docs: string): boolean {
  return path.startsWith(`${docs}/`) && path.endsWith('.mdx') && !path.split('/').includes('..');
}

/** Where a place's lines stand: where it says so, or else at the only such place. */
function findPlace(lines: readonly EndedLine[], { from, before }: Place, shift: number): number | null {
  const fits = (at: number): boolean =>
    before.every((text, index) => {
      const line = lines.at(at + index);
      return line !== undefined && (at + index === 0 ? withoutMark(line.text) : line.text) === text;
    });
  const meant = from - 1 + shift;
  if (meant >= 0 && meant + before.length <= lines.length && fits(meant)) return meant;
  const found = lines.flatMap((_, at) => (at + before.length <= lines.length && fits(at) ? [at] : []));
  return found.length === 1 && before.length > 0 ? found[0] : null;
}

function placesOf(patch: string, odd: (line: number) => void): Place[] {
  const lines = splitLines(patch);
  const places: Place[] = [];
  let path = '';
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line.startsWith('+++ ')) path = line.slice(4).replace(/^b\//, '');
    const head = HEAD.exec(line);
    if (head === null) {
      if (!/^(diff |index |--- |\+\+\+ |$)/.test(line)) odd(at + 1);
      continue;
    }
    const [old = 1, now = 1] = [head[2], head[3]].map((count) => (count === undefined ? undefined : Number(count)));
    const place: Place = { path, line: at + 1, from: Number(head[1]), before: [], after: [] };
    while (at + 1 < lines.length && (place.before.length < old || place.after.length < now)) {
      const [sign, text] = [lines[at + 1][0], lines[at + 1].slice(1)];
      if (sign !== ' ' && sign !== '-' && sign !== '+') break;
      if (sign !== '+') place.before.push(text);
      if (sign !== '-') place.after.push(text);
      at++;
    }
    if (place.before.length !== old || place.after.length !== now) odd(at + 2);
    else places.push(place);
  }
  return places;
}
