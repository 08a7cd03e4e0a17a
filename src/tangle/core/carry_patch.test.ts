/** Patches as the page saves them, back into the chapters. */
import { describe, expect, test } from 'vitest';
import { carryPatch } from './carry_patch.ts';

const LINES = [
  '# One',
  '',
  '```ts H:100 file=a.ts',
  'const a = 1;',
  'const b = 2;',
  'const c = 3;',
  '```',
  '',
  'const b = 2;',
  'The end.',
  '',
];
const PLACE = ['@@ -4,3 +4,4 @@', ' const a = 1;', '-const b = 2;', '+const b = 20;', '+const d = 4;', ' const c = 3;'];
const head = (path: string): string[] => [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`];
const patchOf = (path: string, ...lines: string[]): string => [...head(path), ...lines, ''].join('\n');
const carry = (patch: string, chapter: string): ReturnType<typeof carryPatch> =>
  carryPatch(patch, 'my.patch', 'docs', (path) => (path === 'docs/one.mdx' ? chapter : undefined));

describe('a patch', () => {
  const changed = [...LINES.slice(0, 4), 'const b = 20;', 'const d = 4;', ...LINES.slice(5)];

  test.each([
    ['in its place', [], '\n'],
    ['where the lines have moved', ['A line', 'and another.'], '\n'],
    ['in lines that end by CR and LF', [], '\r\n'],
    ['behind a byte order mark', ['\ufeff'], '\n'],
  ])('is carried in, %s', (_, above, end) => {
    const { problems, texts, chapters } = carry(patchOf('docs/one.mdx', ...PLACE), [...above, ...LINES].join(end));
    expect(problems).toEqual([]);
    expect(texts.get('docs/one.mdx')).toBe([...above, ...changed].join(end));
    expect([...chapters]).toEqual([['docs/one.mdx', 1]]);
  });

  test('of several places moves those further down', () => {
    const patch = patchOf('docs/one.mdx', ...PLACE, '@@ -9,2 +10,2 @@', '-const b = 2;', '+Nothing.', ' The end.');
    const { problems, texts } = carry(patch, LINES.join('\n'));
    expect(problems).toEqual([]);
    expect(texts.get('docs/one.mdx')).toBe([...changed.slice(0, 9), 'Nothing.', 'The end.', ''].join('\n'));
  });

  test('that adds to a block and takes nothing away', () => {
    const { texts } = carry(patchOf('docs/one.mdx', '@@ -6 +6,2 @@', ' const c = 3;', '+const e = 5;'), LINES.join('\n'));
    expect(texts.get('docs/one.mdx')).toContain('const c = 3;\nconst e = 5;\n```');
  });
});

test.each([
  [
    'of a chapter that has changed',
    patchOf('docs/one.mdx', ...PLACE.map((line) => line.replace('= 1', '= 7'))),
    'my.patch:4 docs/one.mdx has changed since',
  ],
  [
    'whose lines are not where it says, and stand twice',
    patchOf('docs/one.mdx', '@@ -1 +1 @@', '-const b = 2;', '+x'),
    'my.patch:4 docs/one.mdx has changed since',
  ],
  ['of a chapter that is not there', patchOf('docs/two.mdx', ...PLACE), 'my.patch:4 there is no chapter docs/two.mdx'],
  ['of no chapter', patchOf('package.json', ...PLACE), 'my.patch:4 there is no chapter package.json'],
  ['that leads out', patchOf('docs/../one.mdx', ...PLACE), 'my.patch:4 there is no chapter docs/../one.mdx'],
  ['that is cut off', patchOf('docs/one.mdx', ...PLACE.slice(0, 4)), 'my.patch:8 this line is no part of a patch'],
  ['that is none', 'Dear reader,\n', 'my.patch:1 this line is no part of a patch'],
  ['that is empty', '', 'my.patch:1 this is no patch'],
])('one %s is refused, with its place', (_, patch, told) => {
  const { problems } = carry(patch, LINES.join('\n'));
  expect(problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([expect.stringContaining(told)]);
});
