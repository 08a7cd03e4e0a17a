/** The chapters of the tour in reading order, read from their front matter. Runs in Node, while the site is set up. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Chapters without a `sidebar_position` come last, by name. */
const LAST = 1000;

/** Ids (`host/page_tables`) of the chapters of one part, in order. */
export function chaptersOf(docs: string, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(path.join(docs, folder));
  } catch {
    return [];
  }
  return names
    .filter((name) => /^[^_].*\.mdx?$/.test(name))
    .map((name) => ({ id: `${folder}/${name.replace(/\.mdx?$/, '')}`, position: positionOf(path.join(docs, folder, name)) }))
    .sort((a, b) => a.position - b.position || a.id.localeCompare(b.id))
    .map(({ id }) => id);
}

function positionOf(file: string): number {
  const [, matter] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8')) ?? ['', ''];
  return Number(/^sidebar_position:\s*([\d.]+)/m.exec(matter)?.[1] ?? LAST);
}
