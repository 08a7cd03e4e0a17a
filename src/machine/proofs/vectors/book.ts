import { seedOf } from '#testing';
import { inputsOf, type Case, type CaseGroup } from './case.ts';

/**
 * The recorded answers: native.txt and sequences.txt. A page begins with a line `# key | seed inputs`, both in hexadecimal, and has one answer a line, in the order
 * of the group's cases. The seed is the one its cases were drawn from, the second number what {@link inputsOf} made of them.
 */
export interface Page {
  readonly seed: number;
  readonly inputs: number;
  readonly answers: readonly string[];
}

export type Book = ReadonlyMap<string, Page>;

export function readBook(text: string): Book {
  const book = new Map<string, Page & { answers: string[] }>();
  let answers: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const title = /^# (.*) \| ([0-9a-f]{8}) ([0-9a-f]{8})$/.exec(line);
    if (!title) {
      answers.push(line);
      continue;
    }
    answers = [];
    if (book.has(title[1])) throw new Error(`recorded twice: ${title[1]}`);
    book.set(title[1], { seed: parseInt(title[2], 16), inputs: parseInt(title[3], 16), answers });
  }
  return book;
}

export function writeBook(book: Book): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  return [...book].map(([key, page]) => [`# ${key} | ${hex(page.seed)} ${hex(page.inputs)}`, ...page.answers, ''].join('\n')).join('');
}

/** The seed of a group: the one that its answers were recorded for, or, of a new one, that of its name. */
export function seedFor(group: CaseGroup, book: Book): number {
  return book.get(group.key)?.seed ?? seedOf(group.key);
}

export function casesFor(group: CaseGroup, book: Book): Case[] {
  return group.draw(seedFor(group, book));
}

/** Why a group has no valid answers, or '' where it has. */
export function whyUnanswered(group: CaseGroup, cases: readonly Case[], book: Book): string {
  const page = book.get(group.key);
  if (!page) return `${group.key}: no processor has been asked (vectors/record.mjs does)`;
  if (page.inputs !== inputsOf(cases) || page.answers.length !== cases.length)
    return `${group.key}: its cases are no longer those a processor has answered (vectors/record.mjs asks again)`;
  return '';
}
