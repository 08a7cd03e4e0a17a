/** Edits as a patch of the chapters, as `git apply` takes it. */
import { diffLines } from '#tangle';
import type { Chunk } from '#tangle';
import type { Book, BookChapter } from './book.ts';
import type { EditedTour } from './edited.ts';

/** Lines shown around what is changed. */
const AROUND = 3;

/** What is changed in a chapter, from its first to its last change in one chunk. Lines from 1; `to` is behind the last. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** A unified diff of every chapter that has an edited chunk. */
export function patchOf(book: Book, edited: EditedTour): string {
  return book.chapters
    .map((chapter) => {
      const changes = edited.chunks.filter((chunk) => chunk.chapter.path === chapter.path).map((chunk) => changeOf(chunk, chapter));
      return changes.length === 0
        ? ''
        : chapterPatch(
            chapter,
            changes.sort((a, b) => a.from - b.from),
          );
    })
    .join('');
}

function changeOf(chunk: Chunk, chapter: BookChapter): Change {
  // An edited chunk stands elsewhere: its fence does not.
  const first = chunk.fence.line + 1;
  const { count = 0 } = chapter.fences.find(({ line }) => line === chunk.fence.line) ?? {};
  const before = Array.from({ length: count }, (_, index) => lineOf(chapter, first + index) ?? '');
  const hunks = diffLines(before, chunk.lines);
  const { aFrom = 0, bFrom = 0 } = hunks[0] ?? {};
  const { aTo = 0, bTo = 0 } = hunks.at(-1) ?? {};
  return { from: first + aFrom, to: first + aTo, lines: chunk.lines.slice(bFrom, bTo) };
}

function lineOf({ lines }: BookChapter, line: number): string | undefined {
  const run = lines.findLast(({ first }) => first <= line);
  return run?.texts[line - run.first];
}

function chapterPatch(chapter: BookChapter, changes: readonly Change[]): string {
  const parts = [`diff --git a/${chapter.path} b/${chapter.path}\n--- a/${chapter.path}\n+++ b/${chapter.path}\n`];
  let shift = 0;
  let free = 1;
  for (const [index, { from, to, lines }] of changes.entries()) {
    const next = changes[index + 1]?.from ?? Infinity;
    const begin = Math.max(free, from - AROUND);
    const end = to + Math.min(AROUND, Math.max(1, Math.floor((next - to) / 2)));
    const context = (a: number, b: number): string[] => {
      const found: string[] = [];
      for (let line = a; line < b; line++) {
        const text = lineOf(chapter, line);
        if (text === undefined) break;
        found.push(` ${text}`);
      }
      return found;
    };
    const head = context(begin, from);
    const tail = context(to, end);
    const gone = Array.from({ length: to - from }, (_, at) => `-${lineOf(chapter, from + at) ?? ''}`);
    const come = lines.map((line) => `+${line}`);
    const old = head.length + gone.length + tail.length;
    const now = head.length + come.length + tail.length;
    parts.push(`@@ -${begin},${old} +${begin + shift},${now} @@\n${[...head, ...gone, ...come, ...tail].join('\n')}\n`);
    shift += now - old;
    free = to + tail.length;
  }
  return parts.join('');
}
