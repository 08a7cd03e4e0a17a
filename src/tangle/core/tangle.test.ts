/** Joining: order, pieces, variants, examples, the index, and what is written. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, test } from 'vitest';
import { checkOutputs } from './check.ts';
import { mapPosition, mapToOutput } from './maps.ts';
import { fence, project } from '../testing/testing.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

describe('joining', () => {
  test('chunks of a file come in tour order, whichever chapter they stand in', async () => {
    const tour = project({
      'docs/host/z.mdx':
        fence('ts H:200 file=host/a.ts', 'h200') + fence('ts H:100.b file=host/a.ts', 'h100b') + fence('ts H:100 file=host/a.ts', 'h100'),
      'docs/host/b.mdx': fence('ts H:150 file=host/a.ts', 'h150') + fence('ts P:900 file=host/a.ts', 'p900'),
      'docs/mastery/a.mdx': fence('ts M:001 file=host/a.ts', 'm001'),
    });
    await tour.tangle();
    expect(tour.text('host/a.ts')).toBe(lines('p900', '', 'h100b', '', 'h100', '', 'h150', '', 'h200', '', 'm001'));
  });

  test('a slot takes its pieces, as deep as it is indented itself; several pieces in tour order', async () => {
    const tour = project({
      'docs/host/a.mdx':
        fence('ts H:100 file=host/a.ts', 'f() {', '  // <<body>>', '}') +
        fence('ts H:100.body into=H:100', 'if (x) {', '', '\t// <<deep>>', '}') +
        fence('ts H:090.deep into=H:100.body', 'first();') +
        fence('ts H:120.deep into=H:100.body', 'second();'),
    });
    await tour.tangle();
    expect(tour.text('host/a.ts')).toBe(lines('f() {', '  if (x) {', '', '  \tfirst();', '  \tsecond();', '  }', '}'));
  });

  test('assembly slots, in fences of a list and with tildes', async () => {
    const tour = project({
      'docs/switcher/s.mdx':
        '- text\n\n  ~~~asm S:100 file=switcher/s.S\n  a:\n    # <<save>>\n  ~~~\n\n> ```asm S:100.save into=S:100\n> push %eax\n> ```\n',
    });
    const { index } = await tour.tangle();
    expect(tour.text('switcher/s.S')).toBe(lines('a:', '  push %eax'));
    expect(mapPosition(index, 'switcher/s.S', 2, 3)).toEqual({ file: 'docs/switcher/s.mdx', line: 9, column: 3 });
    expect(mapPosition(index, 'switcher/s.S', 1, 1)).toEqual({ file: 'docs/switcher/s.mdx', line: 4, column: 3 });
  });

  test('examples are extracted by themselves, as modules', async () => {
    const tour = project({
      'docs/host/a.mdx':
        fence('ts example', 'const a = 1;') +
        fence('ts example hidden', "import { x } from '#tangled/host/a.ts';", 'x();') +
        fence('json example', '{}'),
    });
    const { index } = await tour.tangle();
    expect(tour.text('examples/host/a-1.ts')).toBe(lines('const a = 1;', 'export {};'));
    expect(tour.text('examples/host/a-2.ts')).toBe(lines("import { x } from '#tangled/host/a.ts';", 'x();'));
    expect(tour.text('examples/host/a-3.json')).toBe(lines('{}'));
    expect(index.files.every(({ program }) => !program)).toBe(true);
  });
});

describe('variants', () => {
  const files = {
    'docs/host/a.mdx':
      fence('ts H:100 file=host/a.ts', 'old {', '  // <<body>>', '}') +
      fence('ts H:100.body into=H:100', 'body();') +
      fence('ts H:200 file=host/a.ts', 'rest'),
    'docs/mastery/m.mdx':
      fence('ts M:014 replaces=H:100', 'new {', '    // <<body>>', '// <<more>>', '}') +
      fence('ts M:014.more into=M:014', 'more();') +
      fence('ts M:015.x replaces=H:100.body', 'other();'),
  };
  test('without them the program is as it was', async () => {
    const tour = project(files);
    const { index } = await tour.tangle();
    expect(tour.text('host/a.ts')).toBe(lines('old {', '  body();', '}', '', 'rest'));
    expect(index.chunks.find(({ id }) => id === 'M:014')).toMatchObject({ kind: 'patch', file: null, replaces: 'H:100', output: [] });
  });
  test.each([
    [['M:014'], lines('new {', '    body();', 'more();', '}', '', 'rest')],
    [['M:015'], lines('old {', '  other();', '}', '', 'rest')],
    [['M:014', 'M:015'], lines('new {', '    other();', 'more();', '}', '', 'rest')],
  ])('with %s', async (variant, text) => {
    const tour = project(files);
    const { index } = await tour.tangle({ with: variant, out: '.tangled/variants/v' });
    expect(tour.text('variants/v/host/a.ts')).toBe(text);
    expect(tour.fs.read('.tangled/host/a.ts')).toBeUndefined();
    expect(index.with).toEqual(variant);
  });
});

describe('maps', () => {
  const chapter = `# Ä\n\n${fence('ts H:100 file=host/a.ts', 'function f() {', '  // <<body>>', '}')}\ntext\n\n- ${fence('ts H:100.body into=H:100', 'throw new Error("ü");').replaceAll('\n', '\n  ').trimEnd()}\n`;
  test('the inline map leads to line and column in the chapter, which it carries', async () => {
    const tour = project({ 'docs/host/a.mdx': chapter });
    await tour.tangle();
    const text = tour.fs.read('.tangled/host/a.ts')!;
    const base64 = /base64,(.*)\n$/.exec(text)![1];
    const map = new TraceMap(Buffer.from(base64, 'base64').toString('utf8'));
    expect(map.sources).toEqual(['../../docs/host/a.mdx']);
    expect(map.sourcesContent).toEqual([chapter]);
    for (const [word, line, column] of [
      ['function', 4, 0],
      ['f', 4, 9],
      ['throw', 12, 2],
      ['new', 12, 8],
      ['Error', 12, 12],
      ['}', 6, 0],
    ] as const) {
      const at = text.split('\n').findIndex((candidate) => candidate.includes(word));
      const outColumn = text.split('\n')[at].search(new RegExp(`(?<!\\w)${word}(?!\\w)`));
      expect([word, originalPositionFor(map, { line: at + 1, column: outColumn })]).toMatchObject([
        word,
        { source: '../../docs/host/a.mdx', line, column },
      ]);
      expect(chapter.split('\n')[line - 1].slice(column)).toMatch(
        new RegExp(`^\\${word}`.replace('\\f', 'f').replace('\\t', 't').replace('\\n', 'n').replace('\\E', 'E')),
      );
    }
  });
  test('positions go both ways by the index', async () => {
    const tour = project({ 'docs/host/a.mdx': chapter });
    const { index } = await tour.tangle();
    expect(mapPosition(index, 'host/a.ts', 2, 9)).toEqual({ file: 'docs/host/a.mdx', line: 12, column: 9 });
    expect(mapToOutput(index, 'docs/host/a.mdx', 12, 9)).toEqual({ file: 'host/a.ts', line: 2, column: 9 });
    expect(mapPosition(index, 'host/b.ts', 1, 1)).toBeUndefined();
    expect(mapToOutput(index, 'docs/host/a.mdx', 1)).toBeUndefined();
  });
});

describe('the index', () => {
  test('chunks, markers, identifiers, files', async () => {
    const tour = project({
      'docs/host/a.mdx':
        fence(
          'ts H:100 file=host/a.ts hidden',
          "import { helper, type Shape } from './b.ts';",
          "import * as b from '#tangled/host/b.ts';",
        ) +
        fence('ts H:110 file=host/a.ts', 'export function run(shape: Shape): void {', '  // <<body>>', '}') +
        fence('ts H:110.body into=H:110', 'helper(`${LIMIT} run`); // LIMIT', 'b.other({ run: 1 });', 'x.helper();'),
      'docs/host/b.mdx':
        fence(
          'ts H:300 file=host/b.ts',
          'export interface Shape { a: number }',
          'export const LIMIT = 3, b = /"/;',
          'export async function helper() {}',
          'export const { other, y: z } = make();',
        ) + fence('ts H:120 file=host/a.ts', 'const LIMIT = 4;', 'run(null);'),
      'docs/switcher/s.mdx':
        fence(
          'asm S:100 file=switcher/s.S',
          'switch_to_guest: pushl %eax # done',
          '.set SIZE, 4',
          '.macro SAVE',
          'movl $SIZE, %eax',
          '.endm',
          '# <<out>>',
        ) + fence('asm S:100.out into=S:100', 'SAVE', 'done: jmp switch_to_guest'),
    });
    const { index } = await tour.tangle();
    const chunk = (id: string): unknown => index.chunks.find((entry) => entry.id === id);
    expect(chunk('H:100')).toMatchObject({
      hidden: true,
      fenceLine: 1,
      lines: { from: 2, to: 3 },
      output: [{ from: 1, to: 2 }],
      continues: { previous: null, next: 'H:110' },
    });
    expect(chunk('H:110')).toMatchObject({
      marker: 'H:110',
      part: 'H',
      kind: 'file',
      file: 'host/a.ts',
      chapter: 'docs/host/a.mdx',
      slots: ['body'],
      lang: 'ts',
      output: [
        { from: 4, to: 4 },
        { from: 8, to: 8 },
      ],
      defines: ['run'],
      uses: [{ name: 'Shape', chunk: 'H:300' }],
      continues: { previous: 'H:100', next: 'H:120' },
    });
    expect(chunk('H:110.body')).toMatchObject({
      kind: 'piece',
      into: 'H:110',
      file: 'host/a.ts',
      defines: [],
      uses: [
        { name: 'helper', chunk: 'H:300' },
        { name: 'LIMIT', chunk: 'H:120' },
        { name: 'other', chunk: 'H:300' },
      ],
    });
    expect(chunk('H:300')).toMatchObject({ defines: ['Shape', 'LIMIT', 'helper', 'other', 'z'] });
    expect(chunk('S:100')).toMatchObject({ defines: ['switch_to_guest', 'SIZE', 'SAVE'], uses: [] });
    expect(chunk('S:100.out')).toMatchObject({
      defines: ['done'],
      uses: [
        { name: 'SAVE', chunk: 'S:100' },
        { name: 'switch_to_guest', chunk: 'S:100' },
      ],
    });
    expect(index.markers.find(({ marker }) => marker === 'H:110')).toEqual({
      marker: 'H:110',
      chapter: 'docs/host/a.mdx',
      line: 5,
      chunks: ['H:110', 'H:110.body'],
    });
    expect(index.identifiers.find(({ name }) => name === 'helper')).toEqual({
      name: 'helper',
      file: 'host/b.ts',
      definedIn: 'H:300',
      usedIn: ['H:110.body'],
    });
    expect(index.files.map(({ path, chunks }) => [path, chunks])).toEqual([
      ['host/a.ts', ['H:100', 'H:110', 'H:110.body', 'H:120']],
      ['host/b.ts', ['H:300']],
      ['switcher/s.S', ['S:100', 'S:100.out']],
    ]);
    expect(JSON.parse(tour.fs.read('.tangled/chunks.json')!)).toEqual(index);
  });
});

describe('writing', () => {
  const chapter = fence('ts H:100 file=host/a.ts', 'a') + fence('ts H:200 file=host/b.ts', 'b');
  test('only what changed, and stale files go', async () => {
    const tour = project({ 'docs/host/a.mdx': chapter, 'docs/host/c.mdx': fence('ts H:300 file=host/c.ts', 'c') });
    expect((await tour.tangle()).written).toEqual(['host/a.ts', 'host/b.ts', 'host/c.ts', 'chunks.json']);
    tour.fs.writes.length = 0;
    expect(await tour.tangle()).toMatchObject({ written: [], removed: [] });
    expect(tour.fs.writes).toEqual([]);
    tour.fs.files.delete('docs/host/c.mdx');
    expect(await tour.tangle()).toMatchObject({ written: ['chunks.json'], removed: ['host/c.ts'] });
    expect([...tour.fs.files.keys()].filter((path) => path.includes('c.ts'))).toEqual([]);
  });
  test('an edited file is not overwritten without being told', async () => {
    const tour = project({ 'docs/host/a.mdx': chapter });
    await tour.tangle();
    tour.fs.write('.tangled/host/a.ts', tour.fs.read('.tangled/host/a.ts')!.replace('a', 'edited'));
    expect(await tour.messages()).toEqual([
      '.tangled/host/a.ts:1:1: this extracted file was edited, and extracting again would lose the edit',
    ]);
    await tour.tangle({ force: true });
    expect(tour.text('host/a.ts')).toBe('a\n');
  });
  test('a cut-off cache does no harm', async () => {
    const tour = project({
      'docs/host/a.mdx': chapter,
      '.tangled/cache/chapters.json': '{"version":1,"chap',
      '.tangled/cache/outputs.json': '{',
    });
    expect((await tour.tangle()).index.chunks).toHaveLength(2);
  });
  test('--check: stale, missing and unowned files', async () => {
    const tour = project({ 'docs/host/a.mdx': chapter });
    await tour.tangle();
    expect((await checkOutputs(tour.tangler)).problems).toEqual([]);
    tour.fs.write('docs/host/a.mdx', chapter.replace('\nb\n', '\nB\n'));
    tour.fs.files.delete('.tangled/host/a.ts');
    tour.fs.write('.tangled/host/extra.ts', '');
    // Made by another tool, which the configuration says.
    tour.fs.write('.tangled/host/a.elf', '');
    const before = new Map(tour.fs.files);
    const { problems } = await checkOutputs(tour.tangler);
    before.set('.tangled/cache/chapters.json', tour.fs.read('.tangled/cache/chapters.json')!);
    expect(tour.fs.files).toEqual(before);
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      '.tangled/host/a.ts: this file is missing: the chapters give it',
      '.tangled/host/b.ts: this file is stale: the chapters give another text',
      '.tangled/host/extra.ts: no chunk owns this file',
    ]);
  });
});

describe('what a variant brings of its own', () => {
  const files = {
    'docs/host/a.mdx':
      fence('ts H:100 file=host/a.ts', 'old {', '  // <<body>>', '}') +
      fence('ts H:100.body into=H:100', 'body();') +
      fence('ts H:200.more file=host/a.ts with=M:014', 'only with M:014') +
      fence('ts H:300 file=host/a.ts', 'rest'),
    'docs/mastery/m.mdx':
      fence('ts M:014 replaces=H:300', 'new') +
      fence('ts M:014.helper file=host/helper.ts', 'helper') +
      fence('ts M:014.body into=H:100', 'twice();') +
      fence('ts M:020 file=host/b.ts', 'no patch: in the program'),
  };
  test('is not in the program', async () => {
    const tour = project(files);
    const { index } = await tour.tangle();
    expect(tour.text('host/a.ts')).toBe(lines('old {', '  body();', '}', '', 'rest'));
    expect(index.files.map(({ path }) => path)).toEqual(['host/a.ts', 'host/b.ts']);
    expect(index.chunks.filter(({ variant }) => variant !== null).map(({ id, variant, file }) => [id, variant, file])).toEqual([
      ['H:200.more', 'M:014', null],
      ['M:014', 'M:014', null],
      ['M:014.helper', 'M:014', null],
      ['M:014.body', 'M:014', null],
    ]);
  });
  test('is in the variant', async () => {
    const tour = project(files);
    await tour.tangle({ with: ['M:014'], out: '.tangled/variants/v' });
    expect(tour.text('variants/v/host/a.ts')).toBe(lines('old {', '  body();', '  twice();', '}', '', 'only with M:014', '', 'new'));
    expect(tour.text('variants/v/host/helper.ts')).toBe(lines('helper'));
  });
  test('a variant without a patch, and one that is none', async () => {
    const tour = project({ 'docs/host/a.mdx': fence('ts H:100 file=host/a.ts', 'a') + fence('ts H:110 file=host/a.ts with=M:001', 'b') });
    await tour.tangle({ with: ['M:001'], out: '.tangled/variants/v' });
    expect(tour.text('variants/v/host/a.ts')).toBe(lines('a', '', 'b'));
    expect(await project({ 'docs/host/a.mdx': fence('ts H:100 file=host/a.ts with=M:1', 'a') }).messages()).toEqual([
      'docs/host/a.mdx:1:33: "M:1" is not a marker',
    ]);
  });
});
