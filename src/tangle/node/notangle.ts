/** The same chunks by another literate compiler, noweb's `notangle` (Debian: noweb), for a figure to stand beside ours. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Woven } from '../core/tangle.ts';

/** It is called once a file, and reads everything each time: of more files than this nobody would ask it. */
const MAX_FILES = 100;

/** The chunks as a noweb file: those of a file under its path, pieces under their own names. */
export function asNoweb({ index }: Pick<Woven, 'index'>, textOf: (chapter: string) => string): string {
  const out: string[] = [];
  for (const { id, file, chapter, lines, into } of index.chunks) {
    if (file === null) continue;
    const code = textOf(chapter)
      .split('\n')
      .slice(lines.from - 1, lines.to);
    const indent = Math.min(...code.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
    out.push(`<<${into === null ? file : id}>>=`);
    for (const line of code) {
      const slot = /^(\s*)\S+ <<([\w.]+)>>$/.exec(line);
      out.push(
        slot
          ? `${slot[1].slice(indent)}<<${id}.${slot[2]}>>`
          : line
              .slice(indent)
              .replaceAll('<<', '@<<')
              .replace(/^@(?!<)/, '@@'),
      );
    }
    out.push('@');
  }
  return `${out.join('\n')}\n`;
}

/** Milliseconds that notangle takes for all files of a tour; null where it is not there, or there are too many. */
export function timeNotangle(woven: Woven, textOf: (chapter: string) => string, folder: string): number | null {
  if (woven.index.files.length > MAX_FILES) return null;
  const noweb = join(folder, 'tour.nw');
  writeFileSync(noweb, asNoweb(woven, textOf));
  const begin = performance.now();
  try {
    for (const { path } of woven.index.files) execFileSync('notangle', [`-R${path}`, noweb], { stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
  return Math.round(performance.now() - begin);
}
