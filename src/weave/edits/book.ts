/** The book's code as data: what a weave begins with where no chapter lies at hand. */
import { collectChunks } from '#tangle';
import type { Chapter, Fence, TangleConfig, Tour } from '#tangle';

/** Lines of a chapter that follow each other. */
export interface BookLines {
  /** From 1. */
  readonly first: number;
  readonly texts: readonly string[];
}

/** A chapter's fences, and of its lines those in them and next to them. */
export interface BookChapter {
  readonly path: string;
  readonly fences: readonly Fence[];
  readonly lines: readonly BookLines[];
}

/** All code of the book: `book.json` in the page. */
export interface Book {
  readonly config: TangleConfig;
  readonly chapters: readonly BookChapter[];
}

/** Lines that a patch shows around what it changes. */
const AROUND = 3;

/** Takes from chapters what a weave needs of them. */
export function bookOf(config: TangleConfig, chapters: readonly Chapter[]): Book {
  return {
    config,
    chapters: chapters
      .filter(({ parsed }) => parsed.fences.length > 0)
      .map(({ path, lines, parsed: { fences } }) => {
        // Behind the last line's end there is no line.
        const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
        const wanted = new Set<number>();
        for (const { line, count } of fences)
          for (let at = Math.max(1, line - AROUND + 1); at <= Math.min(last, line + count + AROUND); at++) wanted.add(at);
        const runs: { first: number; texts: string[] }[] = [];
        for (const at of [...wanted].sort((a, b) => a - b)) {
          const run = runs.at(-1);
          if (run !== undefined && run.first + run.texts.length === at) run.texts.push(lines[at - 1]);
          else runs.push({ first: at, texts: [lines[at - 1]] });
        }
        return { path, fences, lines: runs };
      }),
  };
}

/** The chapters as the tangler knows them; of lines that are in none of a chapter's fences, nor next to one, the text is empty. */
export function tourOf({ config, chapters }: Book): Tour {
  return collectChunks(chapters.map(chapterOf), config);
}

function chapterOf({ path, fences, lines: runs }: BookChapter): Chapter {
  const lines: string[] = [];
  for (const { first, texts } of runs) {
    while (lines.length < first - 1) lines.push('');
    lines.push(...texts);
  }
  return { path, text: '', lines, parsed: { fences: [...fences], problems: [] } };
}
