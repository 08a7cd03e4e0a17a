/**
 * Nothing vanishes. For each door by which text comes in (chapters, info strings, extracted files, JSON, the configuration): what could be lost
 * there, and that it is not, or that the loss is told with its place.
 */
import { describe, expect, test } from 'vitest';
import { checkOutputs } from './check.ts';
import { mapPosition } from './maps.ts';
import { formatProblem } from './problems.ts';
import { Tangler } from './tangle.ts';
import { fence, memoryFileSystem, project, testConfig } from '../testing/testing.ts';
import { untangle } from './untangle.ts';

const PATH = 'docs/host/a.mdx';
const OUT = '.tangled/host/a.ts';
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const plain = fence('ts H:100 file=host/a.ts', 'one();', '', 'two();');

describe('a chapter: all code is extracted', () => {
  test.each<[what: string, chapter: string, code: string[]]>([
    ['lines that end in CR', plain.replaceAll('\n', '\r'), ['one();', '', 'two();']],
    ['lines that end in CR LF', plain.replaceAll('\n', '\r\n'), ['one();', '', 'two();']],
    ['one stray CR', plain.replace('one();', 'one();\rzero();'), ['one();', 'zero();', '', 'two();']],
    ['CR LF and LF in turn', plain.replace('one();\n', 'one();\r\n'), ['one();', '', 'two();']],
    ['CR before LF with an empty line between, in a quote', '> ```ts H:100 file=host/a.ts\r>\n> a\r>\n> ```\n', ['', 'a', '']],
    ['a byte order mark before a fence in line 1', `\ufeff${plain}`, ['one();', '', 'two();']],
    [
      'form feeds, vertical tabs, next lines, no-break spaces',
      fence('ts H:100 file=host/a.ts', 'a\f\v\u0085\u00a0b', '\f'),
      ['a\f\v\u0085\u00a0b', '\f'],
    ],
    ['spaces at the end of lines, and lines of spaces', fence('ts H:100 file=host/a.ts', 'a  ', '   ', '\t'), ['a  ', '   ', '\t']],
    ['empty lines at both ends', fence('ts H:100 file=host/a.ts', '', 'a', '', ''), ['', 'a', '', '']],
    ['one empty line', fence('ts H:100 file=host/a.ts', ''), ['']],
    ['no line', fence('ts H:100 file=host/a.ts'), []],
    ['no line end at the end', plain.trimEnd(), ['one();', '', 'two();']],
    ['three backticks in a fence of four', '````ts H:100 file=host/a.ts\n```ts\na\n```\n````\n', ['```ts', 'a', '```']],
    [
      'backticks in a fence of tildes',
      '~~~ts H:100 file=host/a.ts\n```ts H:110 file=host/a.ts\n```\n~~~\n',
      ['```ts H:110 file=host/a.ts', '```'],
    ],
    ['tildes in a fence of backticks', '```ts H:100 file=host/a.ts\n~~~\n~~~~ x\n```\n', ['~~~', '~~~~ x']],
    ['a closing fence longer than the opening one', '```ts H:100 file=host/a.ts\na\n`````\n', ['a']],
    ['a quote', '> ```ts H:100 file=host/a.ts\n> a\n>\n>  b\n> ```\n', ['a', '', ' b']],
    ['a quote without spaces', '>```ts H:100 file=host/a.ts\n>a\n>```\n', ['a']],
    ['a list in a quote in a list', '- > - ```ts H:100 file=host/a.ts\n  >   a\n  >   ```\n', ['a']],
    ['a list indented by a tab', '- x\n\n\t```ts H:100 file=host/a.ts\n\ta\n\t\tb\n\t```\n', ['a', '\tb']],
    ['a tab behind the mark of a list', '-\t```ts H:100 file=host/a.ts\n\ta\n\t```\n', ['a']],
    ['a tab half of which is the list’s', '- ```ts H:100 file=host/a.ts\n\ta\n  b\n  ```\n', ['  a', 'b']],
    ['a tab half of which is the fence’s', ' ```ts H:100 file=host/a.ts\n\ta\n b\n ```\n', ['   a', 'b']],
    ['a tab half of which is the quote’s', '> ```ts H:100 file=host/a.ts\n>\ta\n> ```\n', ['  a']],
    ['less indentation than the fence has', '   ```ts H:100 file=host/a.ts\na\n b\n     c\n   ```\n', ['a', 'b', '  c']],
    ['inside a component', '<Box>\n  <Box>\n    ```ts H:100 file=host/a.ts\n    a\n    ```\n  </Box>\n</Box>\n', ['a']],
    ['U+FFFD, written as such', fence('ts H:100 file=host/a.ts', 'a\ufffd'), ['a\ufffd']],
  ])('%s', async (_what, chapter, code) => {
    const tour = project({ [PATH]: chapter });
    const { index } = await tour.tangle();
    expect(tour.text('host/a.ts')).toBe(lines(...code));
    // And each character leads home to itself.
    const home = chapter.replace('\ufeff', '').split(/\r\n|\n|\r/);
    for (const [at, line] of code.entries()) {
      for (const [offset, character] of [...line].entries()) {
        if (/\s/.test(character)) continue;
        const place = mapPosition(index, 'host/a.ts', at + 1, offset + 1)!;
        expect([...home[place.line - 1]][place.column - 1]).toBe(character);
      }
    }
  });
});

describe('a chapter: what cannot come through is told', () => {
  const inCode = (line: string): string => fence('ts H:100 file=host/a.ts', 'a', line);
  test.each<[what: string, chapter: string, told: string]>([
    ['NUL', inCode('"\0"'), 'docs/host/a.mdx:3:2: NUL (U+0000) in the code'],
    ['a line separator', inCode('"x\u2028"'), 'docs/host/a.mdx:3:3: a line separator (U+2028) in the code'],
    ['a paragraph separator', inCode('"\u2029"'), 'docs/host/a.mdx:3:2: a line separator (U+2029) in the code'],
    ['a byte order mark in the code', inCode('\ufeffx'), 'docs/host/a.mdx:3:1: a byte order mark (U+FEFF) in the code'],
    ['half a pair', inCode('"\ud83d"'), 'docs/host/a.mdx:3:2: half a surrogate pair (U+D83D) in the code'],
    ['the other half', inCode('"\ude00"'), 'docs/host/a.mdx:3:2: half a surrogate pair (U+DE00) in the code'],
    ['NUL in a list', '- ```ts H:100 file=host/a.ts\n  x\0\n  ```\n', 'docs/host/a.mdx:2:4: NUL (U+0000) in the code'],
    ['a map of its own', inCode(' //# sourceMappingURL=x'), 'docs/host/a.mdx:3:2: this comment is how a file names its source map'],
    [
      'an odd character in an info string',
      fence('ts H:100 file=host/a.ts\u2028', 'a'),
      'docs/host/a.mdx:1:27: a line separator (U+2028) in an info string',
    ],
    [
      'a fence that nobody closes',
      '# A\n\n> ```ts H:100 file=host/a.ts\n> a\n',
      'docs/host/a.mdx:3:3: the fence "ts H:100 file=host/a.ts" is never closed',
    ],
    [
      'one that ends with its list',
      '- ```ts H:100 file=host/a.ts\n  a\n\nProse.\n',
      'docs/host/a.mdx:1:3: the fence "ts H:100 file=host/a.ts" is never closed',
    ],
    [
      'one that swallows the next, which stands in a list',
      '```ts H:100 file=host/a.ts\na\n\n- x\n\n  ```ts H:110 file=host/a.ts\n  b\n  ```\n',
      'docs/host/a.mdx:1:1: the fence "ts H:100 file=host/a.ts" is not closed before the next one opens',
    ],
  ])('%s', async (_what, chapter, told) => {
    const tour = project({ [PATH]: chapter });
    expect(await tour.messages()).toEqual([told]);
    expect(tour.fs.read(OUT)).toBeUndefined();
  });

  test('chapters that are none', async () => {
    expect(await project({}).messages()).toEqual(['docs:1:1: there are no chapters here']);
    expect(await project({ [PATH]: plain, 'docs/host/b.md': `# B\n\n> ${fence('ts H:200 file=host/b.ts', 'b')}` }).messages()).toEqual([
      'docs/host/b.md:3:1: a chunk in a file that is no chapter',
    ]);
    for (const name of ['b.MDX', 'b.Md', 'b.markdown'])
      expect(await project({ [PATH]: plain, [`docs/host/${name}`]: fence('ts H:200 file=host/b.ts', 'b') }).messages()).toEqual([
        `docs/host/${name}:1:1: a chunk in a file that is no chapter`,
      ]);
    expect(await project({ [PATH]: plain, 'docs/host/b.md': fence('ts', 'H:200') }).messages()).toEqual([]);
  });
});

describe('an info string: a chunk, shown only, or told', () => {
  test.each<[info: string, told: string[]]>([
    ['ts title="H and file" {1,2-3} showLineNumbers', []],
    ["ts title='x y'", []],
    ['text H:100', ['1:4: a chunk cannot be in the language "text"']],
    ['ts h:100 file=host/a.ts', ['1:7: "h:100" is not a marker']],
    ['ts H100', ['1:7: unknown word "H100" in the info string']],
    ['ts title="x" H.100 fiel=host/a.ts', ['1:17: unknown word "H.100" in the info string']],
    ['ts  exmaple', ['1:8: unknown word "exmaple" in the info string']],
    ['tsH:100', ['1:4: a chunk cannot be in the language "tsH:100"', '1:4: a chunk without a marker']],
    ['ts,H:100 file=host/a.ts', ['1:4: a chunk cannot be in the language "ts,H:100"', '1:4: a chunk without a marker']],
    ['ts H:100 file=host/a\\_b.ts', ['1:4: an escape or a character reference in the info string of a chunk']],
    ['ts H:100 file=host/&amp;.ts', ['1:4: an escape or a character reference in the info string of a chunk']],
    ['ts H&#58;100 file=host/a.ts', ['1:4: an escape or a character reference in the info string of a chunk']],
    ['ts H:100 file=host/a.ts\u00a0hidden', []],
    ['ts H:100 file=host/a.ts file=host/b.ts', ['1:28: file= is given twice']],
  ])('%s', async (info, told) => {
    const found = await project({ [PATH]: fence(info, 'a') }).messages();
    expect(found.map((line) => line.replace(/^docs\/host\/a\.mdx:\d+/, '1'))).toEqual(told.map((line) => line));
  });
});

describe('an extracted file: what is saved there goes home, or is told', () => {
  const chapter = `# Title\r\n\n${fence('ts H:100 file=host/a.ts', 'one();', 'two();').replace('one();\n', 'one();\r\n')}Prose.\r\n`;
  const saved = async (text: string, change: (file: string) => string): Promise<{ home: string; told: string[]; again: string }> => {
    const tour = project({ [PATH]: text });
    await tour.tangle();
    tour.fs.write(OUT, change(tour.fs.read(OUT)!));
    const { problems } = await untangle(tour.tangler);
    const told = problems.map((problem) => formatProblem(problem).split('\n')[0]);
    if (told.length === 0) await tour.tangle();
    return { home: tour.fs.read(PATH)!, told, again: tour.text('host/a.ts') };
  };

  test.each<[what: string, change: (file: string) => string, home: (text: string) => string]>([
    ['nothing but a byte order mark', (file) => `\ufeff${file}`, (text) => text],
    ['nothing but other line ends', (file) => file.replaceAll('\n', '\r\n'), (text) => text],
    ['nothing but the map gone', (file) => file.replace(/\/\/# .*\n/, ''), (text) => text],
    ['a byte order mark and an edit', (file) => `\ufeff${file.replace('one', 'uno')}`, (text) => text.replace('one', 'uno')],
    ['CR line ends and an edit', (file) => file.replace('one', 'uno').replaceAll('\n', '\r'), (text) => text.replace('one', 'uno')],
    ['an edited line keeps its line end', (file) => file.replace('two', 'due'), (text) => text.replace('two', 'due')],
    [
      'a new line ends as the one before',
      (file) => file.replace('one();', 'one();\nmore();'),
      (text) => text.replace('one();\r\n', 'one();\r\nmore();\r\n'),
    ],
    ['lines below the map', (file) => `${file}three();\n`, (text) => text.replace('two();\n', 'two();\nthree();\n')],
    ['a line below the map, without an end', (file) => `${file}three();`, (text) => text.replace('two();\n', 'two();\nthree();\n')],
    ['spaces alone in a line', (file) => file.replace('two();', '  \ntwo();'), (text) => text.replace('two();', '  \r\ntwo();')],
    ['form feeds', (file) => file.replace('two();', '\ftwo();\v'), (text) => text.replace('two();', '\ftwo();\v')],
    ['everything removed', (file) => file.replace(/one[^]*two\(\);\n/, ''), (text) => text.replace(/one[^]*two\(\);\n/, '')],
  ])('%s', async (_what, change, home) => {
    expect(await saved(chapter, change)).toMatchObject({ home: home(chapter), told: [] });
  });

  test('a chapter keeps its mark', async () => {
    expect(await saved(`\ufeff${plain}`, (file) => file.replace('one', 'uno'))).toMatchObject({
      home: `\ufeff${plain.replace('one', 'uno')}`,
      told: [],
    });
  });
  test('a new empty line between a CR and an LF stays a line', async () => {
    const mixed = fence('ts H:100 file=host/a.ts', 'a', 'b').replace('.ts\n', '.ts\r').replace('a\n', 'a\r');
    const { home, told, again } = await saved(mixed, (file) => file.replace('b\n', '\n'));
    expect({ home, told, again }).toEqual({ home: mixed.replace('b\n', '\r'), told: [], again: 'a\n\n' });
  });
  test('an edit in a quote, in a list with tabs, in a fence of four', async () => {
    for (const [text, home] of [
      ['> ```ts H:100 file=host/a.ts\n> one\n> ```\n', '> ```ts H:100 file=host/a.ts\n> one\n>\n> two\n> ```\n'],
      ['- x\n\n\t```ts H:100 file=host/a.ts\n\tone\n\t```\n', '- x\n\n\t```ts H:100 file=host/a.ts\n\tone\n\n\ttwo\n\t```\n'],
      ['````ts H:100 file=host/a.ts\none\n````\n', '````ts H:100 file=host/a.ts\none\n\ntwo\n````\n'],
    ]) {
      expect(await saved(text, (file) => file.replace('one\n', 'one\n\ntwo\n'))).toMatchObject({ home, told: [] });
    }
    const four = '````ts H:100 file=host/a.ts\none\n````\n';
    expect(await saved(four, (file) => file.replace('one', '```'))).toMatchObject({ home: four.replace('one', '```'), told: [] });
    expect(await saved(four, (file) => file.replace('one', '````'))).toMatchObject({
      home: four,
      told: ['.tangled/host/a.ts:1:1: the line "````" would end the fence in the chapter'],
    });
  });
  test.each<[what: string, line: string, told: string]>([
    ['NUL', '"\0"', ':2:2: NUL (U+0000) in the code'],
    ['a line separator', 'x\u2028', ':2:2: a line separator (U+2028) in the code'],
    ['a byte order mark', '\ufeffx', ':2:1: a byte order mark (U+FEFF) in the code'],
    ['the map', 'two(); //# sourceMappingURL=x', ':2:8: this comment is how a file names its source map'],
    ['a fence', '  ```ts x', ':2:1: the line "```ts x" would end the fence in the chapter'],
    ['a slot', '// <<hole>>', ':2:1: the slot <<hole>> of H:100 has no piece'],
  ])('told at its line: %s', async (_what, line, told) => {
    const { home, told: all } = await saved(chapter, (file) => file.replace('two();', line));
    expect(home).toBe(chapter);
    expect(all).toEqual([OUT + told]);
  });

  test('files that were not extracted are neither lost nor passed over', async () => {
    const tour = project({ [PATH]: plain });
    await tour.tangle();
    tour.fs.write('.tangled/host/new.ts', 'mine\n');
    tour.fs.write(OUT, tour.fs.read(OUT)!.replace('one', 'uno'));
    const { problems, notices, chapters } = await untangle(tour.tangler);
    expect([problems, chapters.size]).toEqual([[], 1]);
    expect(notices.map(({ file, message }) => `${file}: ${message}`)).toEqual(['.tangled/host/new.ts: no chunk owns this file']);
    tour.fs.write(PATH, tour.fs.read(PATH)! + fence('ts H:200 file=host/new.ts', 'yours'));
    const told = ['.tangled/host/new.ts:1:1: this file was not extracted, but stands where one is to be'];
    expect(await tour.messages()).toEqual(told);
    expect((await untangle(tour.tangler)).problems.map((problem) => formatProblem(problem).split('\n')[0])).toEqual(told);
    expect(tour.fs.read('.tangled/host/new.ts')).toBe('mine\n');
    await tour.tangle({ force: true });
    expect(tour.text('host/new.ts')).toBe('yours\n');
  });

  test('a chapter that is saved meanwhile is not overwritten', async () => {
    const tour = project({ [PATH]: plain });
    await tour.tangle();
    tour.fs.write(OUT, tour.fs.read(OUT)!.replace('one', 'uno'));
    let reads = 0;
    const { read } = tour.fs;
    tour.fs.read = (path) => (path === PATH && ++reads > 1 ? `${plain}\nMore.\n` : read(path));
    const { problems } = await untangle(tour.tangler);
    expect(problems.map(({ message }) => message)).toEqual(['this chapter was changed while edits were carried into it']);
    expect(read(PATH)).toBe(plain);
  });

  test('twenty thousand lines written anew in one file, ten thousand in two chunks', async () => {
    const count = 20_000;
    const code = (sign: string): string[] => Array.from({ length: count }, (_, index) => (index % 3 === 0 ? '}' : `line${index}${sign}`));
    const text = (sign: string): string =>
      fence('ts H:100 file=host/a.ts', ...code(sign)) + fence('ts H:200 file=host/a.ts', ...code(sign));
    const tour = project({ [PATH]: text('') });
    await tour.tangle();
    tour.fs.write(OUT, `${[...code('!'), '', ...code('!')].join('\n')}\n`);
    expect((await untangle(tour.tangler)).problems).toEqual([]);
    expect(tour.fs.read(PATH)).toBe(text('!'));
  });
});

describe('the output folder', () => {
  test('a file that is also a folder', async () => {
    const tour = project({ [PATH]: plain + fence('ts H:200 file=host/a.ts/b.ts', 'b') });
    expect(await tour.messages()).toEqual(['docs/host/a.mdx:6:18: host/a.ts is a folder here, and a file elsewhere']);
  });
  test('names that differ in case or in the spelling of accents only', async () => {
    const tour = project({ [PATH]: fence('ts H:100 file=host/é.ts', 'a') + fence('ts H:200 file=host/e\u0301.ts', 'b') });
    expect((await tour.messages()).map((line) => line.slice(0, 26))).toEqual(['docs/host/a.mdx:4:18: host']);
  });
  test('what no chunk gives any more goes before what comes', async () => {
    const tour = project({ [PATH]: plain });
    await tour.tangle();
    const done: string[] = [];
    const { write, remove } = tour.fs;
    tour.fs.write = (path, text) => (done.push(`+${path}`), write(path, text));
    tour.fs.remove = (path) => (done.push(`-${path}`), remove(path));
    write(PATH, plain.replace('a.ts', 'a.ts/b.ts'));
    await tour.tangle();
    expect(done.indexOf(`-${OUT}`)).toBeLessThan(done.indexOf(`+${OUT}/b.ts`));
    expect((await checkOutputs(tour.tangler)).problems).toEqual([]);
  });
});

test.each([
  ['a letter that is none', { parts: [{ letter: 'h', folder: 'host' }] }],
  ['a letter twice', { parts: [...testConfig.parts, { letter: 'H', folder: 'hosts' }] }],
  ['a part outside', { parts: [{ letter: 'H', folder: '../host' }] }],
  ['a letter of no part', { anywhere: ['Q'] }],
  ['output among the chapters', { out: 'docs/out' }],
  ['output outside', { out: '../out' }],
  ['no output folder', { out: '' }],
])('a configuration that cannot be right is refused: %s', (_what, part) => {
  expect(() => new Tangler(memoryFileSystem({}), { ...testConfig, ...part })).toThrow(/^tangle: /);
});
