/** Every exercise of the book can be solved, by the solution that its chapter has, and is not solved by the book as it is; every question has an answer. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { base } from '../../../scripts/lib/bundles.mjs';
import { BOOK_PATH, TOP, WEAVE_BUNDLE_PATH } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { changed } from '../edit/broken.ts';
import { exercisesBelow } from '../../theme/exercises/plugin.ts';
import { chaptersOf } from '../../theme/tour_order.ts';
import { answerTo, grade, isAnswer } from './grade.ts';
import type { Court } from './grade.ts';
import { merged, readProgress, writeProgress } from './progress.ts';
import type * as Edits from '#weave';

const { Weaver } = (await import(WEAVE_BUNDLE_PATH)) as typeof Edits;
const weaver = new Weaver(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Edits.Book);
const scenes = new Map(sceneBundles().map((bundle) => [bundle.name, bundle]));
const PARTS = ['before', 'preparation', 'guest', 'drivers', 'launcher', 'host', 'switcher', 'mastery'];
const court: Court = {
  weaver,
  world: base,
  scene(name) {
    const found = scenes.get(name);
    return found === undefined ? Promise.reject(new Error(`there is no scene ${name}`)) : Promise.resolve(found);
  },
};
const exercises = exercisesBelow(`${TOP}/docs`);
const textOf = (chunk: string): string | undefined => weaver.textOf(chunk);
/** `EXERCISE=slow-clock` tries one alone, and shows what it prints. */
const only = process.env.EXERCISE;
const wanted = exercises.filter(({ id, chapter }) => only === undefined || id === only || chapter.endsWith(only));

test('each has a name of its own', () => {
  const ids = exercises.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at || !/^[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
});

test('a chapter has two or three of them at its end; where several pages are one chapter, the last of them has', () => {
  const groups = new Map<string, string>();
  for (const { id, group } of PARTS.flatMap((folder) => chaptersOf(`${TOP}/docs`, folder))) groups.set(group ?? id, id);
  const wrong = [...groups.values()].map((chapter) => [chapter, exercises.filter((one) => one.chapter === chapter).length] as const);
  expect(wrong.filter(([, count]) => count < 2 || count > 3)).toEqual([]);
});

const changes = wanted.flatMap((one) => (one.kind === 'change' ? [[`${one.id} in ${one.chapter}`, one] as const] : []));
const finds = wanted.flatMap((one) => (one.kind === 'find' ? [[`${one.id} in ${one.chapter}`, one] as const] : []));

// A chapter alone may have none of a kind.
describe.runIf(changes.length > 0)('what is to be changed', () => {
  test.each(changes)('%s', async (_, task) => {
    const edits = changed(task.solution, textOf);
    expect(edits, 'the solution does not fit the book').not.toBeNull();
    const solved = await grade(task, edits ?? {}, court);
    if (only !== undefined) console.log(solved.console);
    expect(solved.faults).toEqual([]);
    const book = await grade(task, {}, court);
    if (only !== undefined) console.log(book.faults.join('\n'));
    expect(book.faults).not.toEqual([]);
    expect(book.console, 'the book itself must be able to run the test').not.toBeNull();
  });
});

describe.runIf(finds.length > 0)('what is to be found out', () => {
  test.each(finds)('%s', async (_, task) => {
    const answer = await answerTo(task, court);
    if (only !== undefined) console.log(answer, typeof answer === 'number' ? `0x${answer.toString(16)}` : '');
    expect(isAnswer(String(answer), answer)).toBe(true);
    expect(isAnswer('never', answer)).toBe(false);
  });
});

describe('an answer', () => {
  test.each([
    ['4096', 4096, true],
    ['4,096', 4096, true],
    ['0x1000', 4096, true],
    [' 0X1000 ', 4096, true],
    ['1000', 4096, false],
    ['', 0, false],
    ['GET_TIME', 'get_time', true],
    ['0xC0100000', '0xc0100000', true],
    ['4096', '0x1000', true],
  ])('%j to %j', (given, answer, right) => expect(isAnswer(given, answer)).toBe(right));
});

describe('progress', () => {
  const solved = { a: { at: '2026-01-02T00:00:00.000Z', answer: '7' }, b: { at: '2026-01-01T00:00:00.000Z', edits: { 'H:200': 'x' } } };

  test('goes through a file', () => expect(readProgress(writeProgress({ name: 'Ada', solved }))).toEqual({ name: 'Ada', solved }));

  test('of two places is both', () => {
    const other = { a: { at: '2026-01-03T00:00:00.000Z', answer: '8' }, c: { at: '2026-01-03T00:00:00.000Z' } };
    expect(merged(solved, other)).toEqual({ ...solved, c: other.c });
  });

  test.each([
    ['{', 'this is no file of progress: it is not JSON'],
    ['[]', 'this is no file of progress'],
    ['{"format":"lguest-live-progress","version":2}', 'this file is of version 2, and this book knows version 1'],
  ])('%j is none', (text, told) => expect(() => readProgress(text)).toThrow(told));

  test('from a strange file is what of it can be', () => {
    const strange = {
      format: 'lguest-live-progress',
      version: 1,
      name: 7,
      solved: { a: solved.a, b: { at: 'yesterday' }, c: 3, d: { ...solved.b, edits: [1] } },
    };
    expect(readProgress(JSON.stringify(strange))).toEqual({ name: '', solved: { a: solved.a, d: { at: solved.b.at } } });
  });
});
