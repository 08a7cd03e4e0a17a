/** How long extracting takes: on a project's own chapters, and on a made-up tour of a given size. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileSystem } from './node.ts';
import { timeNotangle } from './notangle.ts';
import { formatProblems } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import type { TangleConfig } from '../core/types.ts';

/** Milliseconds of each kind of run, the median of several. */
export interface TangleTimes {
  tour: string;
  chapters: number;
  lines: number;
  chunks: number;
  files: number;
  /** Nothing kept, nothing extracted yet; the first run of this process loads the parser too. */
  cold: number;
  /** A new process's run, nothing changed: chapters parsed before, files as they should be. */
  warm: number;
  /** A new process's run after one chapter changed. */
  changed: number;
  /** A watching process's run after one chapter changed. */
  watching: number;
  /** What noweb's notangle takes for the same chunks, in all; null: not tried. */
  notangle: number | null;
}

/** Times the tour of a project and a synthetic one of 40 chapters of 600 lines. */
export async function benchTangle(root: string, config: TangleConfig): Promise<TangleTimes[]> {
  return [
    await benchTour('this tour', config, (folder) => cpSync(join(root, config.docs), join(folder, config.docs), { recursive: true })),
    await benchTour('synthetic', config, (folder) => writeSyntheticTour(folder, config, 40, 600)),
  ];
}

async function benchTour(tour: string, config: TangleConfig, make: (folder: string) => void): Promise<TangleTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'tangle-bench-'));
  try {
    make(folder);
    const fs = nodeFileSystem(folder);
    const chapters = fs.list(config.docs).filter((path) => path.endsWith('.mdx'));
    const texts = chapters.map((path) => fs.read(path) ?? '');
    const run = async (tangler: Tangler): Promise<number> => {
      const start = performance.now();
      const { problems } = await tangler.tangle();
      const time = performance.now() - start;
      if (problems.length > 0) throw new Error(formatProblems(problems));
      return time;
    };
    let edits = 0;
    const edit = (): void => {
      const index = texts.findIndex((text) => text.includes('```ts'));
      // A new line of prose before the first chunk moves every line of the chapter after it.
      writeFileSync(
        join(folder, chapters[index]),
        texts[index].replace('\n\n```ts', `\n\nA sentence.${'\n\nAnother.'.repeat(++edits)}\n\n\`\`\`ts`),
      );
    };
    const fresh = (): Tangler => new Tangler(fs, config);
    await run(fresh());
    const cold = await median(3, () => {
      rmSync(join(folder, config.out), { recursive: true });
      return run(fresh());
    });
    const warm = await median(9, () => run(fresh()));
    const changed = await median(5, () => {
      edit();
      return run(fresh());
    });
    const watcher = fresh();
    await run(watcher);
    const watching = await median(9, () => {
      edit();
      return run(watcher);
    });
    const woven = await watcher.weave();
    const { index } = woven;
    return {
      tour,
      chapters: chapters.length,
      lines: texts.reduce((sum, text) => sum + text.split('\n').length, 0),
      chunks: index.chunks.length,
      files: index.files.length,
      cold,
      warm,
      changed,
      watching,
      notangle: timeNotangle(woven, (path) => fs.read(path) ?? '', folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function median(count: number, run: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await run());
  return Math.round(times.sort((a, b) => a - b)[count >> 1]);
}

/** Chapters that look like a tour's: prose, a list, chunks of ten to twenty lines, pieces, a little JSX. */
function writeSyntheticTour(folder: string, config: TangleConfig, chapters: number, lines: number): void {
  const numbers = new Map<string, number>();
  for (let chapter = 0; chapter < chapters; chapter++) {
    const part = config.parts[chapter % config.parts.length];
    const text: string[] = ['---', `title: Chapter ${chapter}`, '---', '', `# Chapter ${chapter}`, ''];
    for (let section = 0; text.length < lines; section++) {
      const number = (numbers.get(part.letter) ?? 0) + 1;
      numbers.set(part.letter, number);
      const id = `${part.letter}:${String(number).padStart(3, '0')}`;
      text.push(`## Section ${section} {/* #s-${section} */}`, '', ...prose(section), '');
      text.push(`\`\`\`ts ${id} file=${part.folder}/chapter_${chapter}.ts`, ...routine(number, true), '```', '', ...prose(section + 1), '');
      text.push(
        `<Figure name="f${section}" />`,
        '',
        `- The body of \`routine${number}\`:`,
        '',
        `  \`\`\`ts ${id}.body into=${id}`,
        ...routine(number, false).map((line) => `  ${line}`),
        '  ```',
        '',
      );
    }
    mkdirSync(join(folder, config.docs, part.folder), { recursive: true });
    writeFileSync(join(folder, config.docs, part.folder, `chapter_${chapter}.mdx`), text.join('\n'));
  }
}

function prose(seed: number): string[] {
  return Array.from(
    { length: 6 },
    (_, line) =>
      `The Guest's page table entry ${seed + line} is *not* what the processor walks: the Host keeps a [shadow](#s-0) of it, \`pte${line}\`.`,
  );
}

function routine(number: number, whole: boolean): string[] {
  const body = Array.from({ length: 9 }, (_, line) => `  const value${line} = (entry >>> ${line}) & ${number}; // bit ${line}`);
  return whole
    ? [
        `/** What routine ${number} does. */`,
        `export function routine${number}(entry: number): number {`,
        ...body,
        '  let sum = 0;',
        '  // <<body>>',
        `  return value0 + value8 + sum${number > 1 ? ` + routine${number - 1}.length` : ''};`,
        '}',
      ]
    : ['for (let index = 0; index < 8; index++) {', '  if ((entry & (1 << index)) === 0) continue;', '  sum += value3 * index;', '}'];
}

/** The times as a table. */
export function formatTimes(times: readonly TangleTimes[]): string {
  const head = ['', 'chapters', 'lines', 'chunks', 'files', 'cold', 'warm', 'one changed', 'watching', 'notangle'];
  const rows = times.map(({ tour, chapters, lines, chunks, files, cold, warm, changed, watching, notangle }) =>
    [
      tour,
      chapters,
      lines,
      chunks,
      files,
      `${cold} ms`,
      `${warm} ms`,
      `${changed} ms`,
      `${watching} ms`,
      notangle === null ? '-' : `${notangle} ms`,
    ].map(String),
  );
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [head, ...rows]
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
    .join('\n');
}
