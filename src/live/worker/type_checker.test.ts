/** TypeScript's own checker, as the page has it: nothing to say of the book, and of an edit what is wrong, at its line. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { BOOK_PATH, TOP, WEAVE_BUNDLE_PATH } from '../../../scripts/lib/paths.mjs';
import type * as Edits from '#weave';
import { TypeChecker } from './type_checker.ts';
import type { Declarations } from './type_checker.ts';

const { Weaver } = (await import(WEAVE_BUNDLE_PATH)) as typeof Edits;
const weaver = new Weaver(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Edits.Book);
const checker = new TypeChecker(ts, JSON.parse(readFileSync(`${TOP}/static/live/types.json`, 'utf8')) as Declarations, weaver);

test.each(['H:200', 'H:330.install', 'S:010', 'L:210', 'L:235.guests', 'P:310', 'M:009.sweep', 'M:014'])(
  'has nothing to say of %s',
  (chunk) => expect(checker.check({}, chunk)).toEqual([]),
);

test.each([
  ['another type', 'delta);', '"late");', "H:200:7:25 Argument of type 'string' is not assignable to parameter of type 'number'."],
  ['a property that is not there', 'cpu.hrt, ktime', 'cpu.alarm, ktime', "H:200:7:20 Property 'alarm' does not exist on type 'LgCpu'."],
])('tells %s at its line', (_, from, to, told) => {
  const edited = (weaver.textOf('H:200') ?? '').replace(from, to);
  const problems = checker.check({ 'H:200': edited }, 'H:200');
  expect(problems.map(({ chunk, at, column, message }) => `${chunk}:${at}:${column} ${message}`)).toEqual([told]);
});

test('of assembly, and of what cannot be built, nothing', () => {
  expect(checker.check({}, 'G:020')).toEqual([]);
  expect(checker.check({ 'H:200': 'export function (' }, 'H:200')).toEqual([]);
});
