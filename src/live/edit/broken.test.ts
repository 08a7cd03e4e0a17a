import { describe, expect, it } from 'vitest';
import { broken, mended, turned } from './broken.ts';
import type { LineChange } from './broken.ts';

const BOOK = 'function f(): void {\n  a();\n  if (b) {\n    c();\n  }\n}';
const OUT: LineChange = { line: 'c();' };
const OTHER: LineChange = { line: 'c();', becomes: 'd();\n\ne();' };

describe.each([
  ['taken out', OUT],
  ['changed', OTHER],
])('a line that is %s by a button', (_, change) => {
  const press = (text: string, ...befores: string[]): ReturnType<typeof turned> => turned(text, change, [...befores, BOOK]);

  it.each([
    ['the book’s text', BOOK],
    ['what the reader has changed elsewhere', BOOK.replace('a();', 'mine();')],
    ['what the reader has changed just beside it', BOOK.replace('if (b) {', 'if (mine) {')],
    ['what the reader has written about it', BOOK.replace('  }\n', '    mine();\n  }\n')],
  ])('is put back into %s', (_of, mine) => {
    const { isBroken, next } = press(mine);
    expect([isBroken, next]).toEqual([false, broken(mine, change)]);
    expect(press(next ?? '', mine)).toEqual({ isBroken: true, next: mine });
  });

  it('is put back into what was written since', () => {
    const mine = BOOK.replace('a();', 'mine();');
    const since = (text: string): string => text.replace('mine();', 'mine();\n  more();');
    expect(press(since(broken(mine, change) ?? ''), mine)).toEqual({ isBroken: true, next: since(mine) });
  });

  it.each([
    ['is not there', BOOK.replace('c();', 'mine();')],
    ['is there twice', BOOK.replace('c();', 'c();\n    c();')],
  ])('is left as it is where it %s', (_where, mine) => {
    expect(press(mine)).toEqual({ isBroken: false, next: null });
  });
});

it('two lines of one text are changed and put back on their own', () => {
  const first: LineChange = { line: 'a();' };
  const one = broken(BOOK, first) ?? '';
  const both = broken(one, OTHER) ?? '';
  expect(turned(both, first, [one, BOOK])).toEqual({ isBroken: true, next: broken(BOOK, OTHER) });
  expect(turned(both, OTHER, [one, BOOK])).toEqual({ isBroken: true, next: one });
});

it('a line is put back where it was, at the ends of a text, too, and not where that could be in two places', () => {
  expect(mended('b\nc\n// mine', { line: 'a' }, 'a\nb\nc')).toBe('a\nb\nc\n// mine');
  expect(mended('// mine\na\nb', { line: 'c' }, 'a\nb\nc')).toBe('// mine\na\nb\nc');
  expect(mended('a\nc\na\nc', { line: 'b' }, 'a\nb\nc')).toBeNull();
  expect(mended('x\nx', { line: 'b', becomes: 'x' }, 'a\nb\nc')).toBeNull();
});
