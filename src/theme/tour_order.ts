/** The chapters of the tour in reading order, read from their front matter. Runs in Node, while the site is set up. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { appendix, wayIn } from './parts.ts';

/** Chapters without a `sidebar_position` come last, by name. */
const LAST = 1000;

/** A chapter's place in its part. */
interface Chapter {
  /** `host/page_tables` */
  readonly id: string;
  readonly position: number;
  /** What it is listed under, with its neighbours of the same word (`group` in its front matter). */
  readonly group?: string;
}

/** The chapters of one part, in order. */
export function chaptersOf(docs: string, folder: string): Chapter[] {
  let names: string[];
  try {
    names = readdirSync(path.join(docs, folder));
  } catch {
    return [];
  }
  return names
    .filter((name) => /^[^_].*\.mdx?$/.test(name))
    .map((name) => ({ id: `${folder}/${name.replace(/\.mdx?$/, '')}`, ...placeOf(path.join(docs, folder, name)) }))
    .sort((a, b) => a.position - b.position || a.id.localeCompare(b.id));
}

function placeOf(file: string): Omit<Chapter, 'id'> {
  const [, matter] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8')) ?? ['', ''];
  const [, group] = /^group: '([^']+)'$/m.exec(matter) ?? [];
  return { position: Number(/^sidebar_position:\s*([\d.]+)/m.exec(matter)?.[1] ?? LAST), ...(group === undefined ? {} : { group }) };
}

/** Pages in no folder, by the part behind which they are read: what they go through is told there in few words, and in full by all that follows. */
export const BEHIND: Readonly<Record<string, readonly { readonly id: string; readonly label: string }[]>> = {
  preparation: [{ id: 'journeys', label: 'Five journeys' }],
};

/** Every page of the tour in reading order, by id. @param folders the parts', in the tour's order */
export function pagesOf(docs: string, folders: readonly string[]): string[] {
  const within = (folder: string): string[] => [...chaptersOf(docs, folder), ...(BEHIND[folder] ?? [])].map(({ id }) => id);
  return ['introduction', ...[wayIn.folder, ...folders, appendix.folder].flatMap(within)];
}
