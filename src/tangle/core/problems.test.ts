/** Every fault of a tour is reported with its place in the chapter, a sentence, and a way out. */
import { describe, expect, test } from 'vitest';
import { formatProblem, formatProblems } from './problems.ts';
import { fence, project } from '../testing/testing.ts';

const H = 'docs/host/a.mdx';
const ok = fence('ts H:100 file=host/a.ts', 'export const a = 1;');

/** Chapters (a text alone is docs/host/a.mdx) and the whole text of what must be reported. */
const table: [name: string, chapters: string | Record<string, string>, report: string][] = [
  [
    'unknown chunk, with a near name',
    fence('ts H:350 file=host/a.ts', '// <<batch>>') + fence('ts H:350.batch into=H:35', 'b();'),
    `
docs/host/a.mdx:2:1: the slot <<batch>> of H:350 has no piece
    docs/host/a.mdx:4:24: H:350.batch goes into H:35
    Write into=H:350 there, or remove the line.
docs/host/a.mdx:4:24: unknown chunk H:35
    docs/host/a.mdx:1:7: H:350 stands here
    Did you mean H:350?`,
  ],
  [
    'unknown chunk that a patch replaces',
    { [H]: ok, 'docs/mastery/m.mdx': fence('ts M:014 replaces=H:999', 'x') },
    `
docs/mastery/m.mdx:1:22: unknown chunk H:999
    Name a chunk that some chapter has.`,
  ],
  [
    'duplicate chunk',
    { [H]: ok, 'docs/host/b.mdx': `# B\n\n${fence('ts H:100 file=host/a.ts', 'b')}` },
    `
docs/host/b.mdx:3:7: duplicate chunk H:100
    docs/host/a.mdx:1:7: it stands here already
    Give it a name of its own after the dot, as in H:100.helpers.`,
  ],
  [
    'unused chunk',
    fence('ts H:100 hidden', 'a'),
    `
docs/host/a.mdx:1:7: chunk H:100 is not used: it goes nowhere
    Say file=… where it is extracted to, into=… which chunk takes it, replaces=… which one it replaces, or make it an example.`,
  ],
  [
    'circular chunks',
    fence('ts H:100.a into=H:100.b', '// <<b>>') + fence('ts H:100.b into=H:100.a', '// <<a>>'),
    `
docs/host/a.mdx:1:20: circular chunk: H:100.a goes into H:100.b goes into H:100.a
    docs/host/a.mdx:4:20: H:100.b goes into H:100.a here
    One of them must go into a chunk that has file=.`,
  ],
  [
    'a chunk into itself',
    fence('ts H:100.a into=H:100.a', '// <<a>>'),
    `
docs/host/a.mdx:1:20: circular chunk: H:100.a goes into H:100.a
    One of them must go into a chunk that has file=.`,
  ],
  [
    'piece without a slot',
    ok + fence('ts H:100.batch into=H:100', 'b'),
    `
docs/host/a.mdx:4:24: piece H:100.batch has no slot: H:100 has no line "// <<batch>>"
    docs/host/a.mdx:1:7: H:100 stands here
    Put the line into H:100, where the piece belongs.`,
  ],
  [
    'piece without a slot, where another chunk has it',
    ok + fence('ts H:110 file=host/a.ts', '// <<batch>>') + fence('ts H:100.batch into=H:100', 'b'),
    `
docs/host/a.mdx:5:1: the slot <<batch>> of H:110 has no piece
    docs/host/a.mdx:7:24: H:100.batch goes into H:100
    Write into=H:110 there, or remove the line.
docs/host/a.mdx:7:24: piece H:100.batch has no slot: H:100 has no line "// <<batch>>"
    docs/host/a.mdx:1:7: H:100 stands here
    docs/host/a.mdx:5:1: H:110 has that slot
    Write into=H:110.`,
  ],
  [
    'piece without a name',
    ok + fence('ts H:110 into=H:100', 'b'),
    `
docs/host/a.mdx:4:7: piece H:110 names no slot
    The name after the dot is the slot's: H:110.batch goes where H:100 has <<batch>>.`,
  ],
  [
    'slot without a piece, in assembly, in a list',
    '- x\n\n  ```asm S:100 file=switcher/s.S\n  nop\n    # <<save>>\n  ```\n',
    `
docs/host/a.mdx:3:10: the marker of S:100 is out of its part: S belongs to docs/switcher/
    Give the chunk a marker with H, or move it to a chapter in docs/switcher/.
docs/host/a.mdx:5:5: the slot <<save>> of S:100 has no piece
    Write a chunk S:100.save into=S:100, or remove the line.`,
  ],
  [
    'slot twice',
    fence('ts H:100 file=host/a.ts', '// <<b>>', '// <<b>>') + fence('ts H:100.b into=H:100', 'b'),
    `
docs/host/a.mdx:3:1: H:100 has the slot <<b>> twice
    docs/host/a.mdx:2:1: the first one
    Give the second one another name and pieces of its own.`,
  ],
  [
    'marker outside any part',
    { 'docs/intro.mdx': ok },
    `
docs/intro.mdx:1:7: the marker of H:100 is out of its part: H belongs to docs/host/
    Move it to a chapter in docs/host/.`,
  ],
  [
    'marker of no part',
    fence('ts Z:100 file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:7: no part has the letter Z
    The parts are P (preparation), H (host), S (switcher), M (mastery).`,
  ],
  [
    'malformed marker',
    fence('ts H:34 file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:7: "H:34" is not a marker
    A marker is a capital letter, a colon and three digits, with a name after a dot if the section has several chunks: H:340, H:340.helpers.`,
  ],
  [
    'no marker',
    fence('ts file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:4: a chunk without a marker
    Put its marker after the language, as in "ts H:340 file=host/page_tables.ts".`,
  ],
  [
    'two markers',
    fence('ts H:100 H:101 file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:13: unexpected marker "H:101"
    The info string has one marker, right after the language.`,
  ],
  [
    'unknown word, with a near one',
    fence('ts H:100  fiel=host/a.ts file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:14: unknown word "fiel=host/a.ts" in the info string
    Did you mean file=?`,
  ],
  [
    'unknown word',
    fence('ts H:100 file=host/a.ts linenumbers', 'a'),
    `
docs/host/a.mdx:1:28: unknown word "linenumbers" in the info string
    A chunk takes file=, into=, replaces=, with=, hidden and example.`,
  ],
  [
    'a word without its value',
    fence('ts H:100 file=', 'a'),
    `
docs/host/a.mdx:1:13: file= has no value
    Write file=folder/name.ts.`,
  ],
  [
    'two words that exclude each other',
    fence('ts H:100 file=host/a.ts into=H:200', 'a'),
    `
docs/host/a.mdx:1:33: file= and into= exclude each other
    A chunk belongs to a file, goes into another chunk, or replaces one.`,
  ],
  [
    'a misspelt word, and nothing of what follows from it',
    fence('ts H:100 fiel=host/a.ts', '// <<b>>', '// <<c>>') +
      fence('ts H:100.b into=H:100', 'b') +
      fence('ts H:200 file=host/a.ts', '// <<c>>') +
      fence('ts H:200.c inot=H:200', 'c'),
    `
docs/host/a.mdx:1:13: unknown word "fiel=host/a.ts" in the info string
    Did you mean file=?
docs/host/a.mdx:11:15: unknown word "inot=H:200" in the info string
    Did you mean into=?`,
  ],
  [
    'an example with a marker',
    fence('ts H:100 example', 'a'),
    `
docs/host/a.mdx:1:4: an example has no marker and no file
    Write only the language and "example", or leave "example" out.`,
  ],
  [
    'a language that is not extracted',
    fence('js H:100 file=host/a.js', 'a'),
    `
docs/host/a.mdx:1:4: a chunk cannot be in the language "js"
    Begin the info string with one of ts, asm, json.`,
  ],
  [
    'no language',
    fence('H:100 file=host/a.ts', 'a'),
    `
docs/host/a.mdx:1:4: the fence of H:100 names no language
    Begin the info string with one of ts, asm, json.`,
  ],
  [
    'a path that leaves the output folder',
    fence('ts H:100 file=../src/a.ts', 'a'),
    `
docs/host/a.mdx:1:18: the path ../src/a.ts leaves the output folder
    Write a plain path below the output folder, with "/" and no "..", as in file=host/page_tables.ts.`,
  ],
  [
    'an absolute path',
    fence('ts H:100 file=/etc/a.ts', 'a'),
    `
docs/host/a.mdx:1:18: the path /etc/a.ts leaves the output folder
    Write a plain path below the output folder, with "/" and no "..", as in file=host/page_tables.ts.`,
  ],
  [
    'a reserved path',
    fence('ts H:100 file=examples/a.ts', 'a'),
    `
docs/host/a.mdx:1:18: the path examples/a.ts is reserved
    Choose another folder: examples, cache, variants, chunks.json, bin, bundle and names with a leading dot are taken.`,
  ],
  [
    'an unclosed fence',
    '# A\n\n```ts H:100 file=host/a.ts\na\n',
    `
docs/host/a.mdx:3:1: the fence "ts H:100 file=host/a.ts" is never closed
    Put a line of as many backticks (or tildes) after the last line of the block.`,
  ],
  [
    'an unclosed fence before another',
    '```ts H:100 file=host/a.ts\na\n\n' + fence('ts H:110 file=host/a.ts', 'b'),
    `
docs/host/a.mdx:1:1: the fence "ts H:100 file=host/a.ts" is not closed before the next one opens
    docs/host/a.mdx:4:1: the next one opens here
    Put a line of as many backticks (or tildes) after the last line of the block; if that line is code, open the block with more of them.`,
  ],
  [
    'an unclosed fence that swallows a closing tag',
    '<Box>\n\n```ts H:100 file=host/a.ts\na\n\n</Box>\n',
    `
docs/host/a.mdx:3:1: the fence "ts H:100 file=host/a.ts" is never closed
    Put a line of as many backticks (or tildes) after the last line of the block.`,
  ],
  [
    'a file in two languages',
    ok + fence('asm H:110 file=host/a.ts', 'nop'),
    `
docs/host/a.mdx:4:19: host/a.ts cannot hold a chunk in the language "asm"
    A file of "asm" chunks ends in .S or .s or .inc.`,
  ],
  [
    'one chunk in two files',
    ok + fence('ts H:100 file=host/b.ts', 'b'),
    `
docs/host/a.mdx:4:18: chunk H:100 has two files, host/a.ts and host/b.ts
    docs/host/a.mdx:1:18: the other is named here
    Give one of the two a name after a dot, or the same file= and another name.`,
  ],
  [
    'two files that differ in case',
    ok + fence('ts H:110 file=host/A.ts', 'b'),
    `
docs/host/a.mdx:4:18: host/A.ts and host/a.ts differ only in case, or in how an accent is spelt
    docs/host/a.mdx:1:18: the other is named here
    Write both the same way.`,
  ],
  [
    'a piece in another language',
    fence('ts H:100 file=host/a.ts', '// <<b>>') + fence('asm H:100.b into=H:100', 'nop'),
    `
docs/host/a.mdx:4:21: H:100.b is in the language "asm", and H:100 in "ts"
    docs/host/a.mdx:1:7: H:100 stands here
    Both must be in the same language.`,
  ],
  [
    'broken MDX',
    `# A\n\nif a<b then\n\n${ok}`,
    `
docs/host/a.mdx:3:12: broken MDX: Unexpected end of file in attribute name, expected an attribute name character such as letters, digits, \`$\`, or \`_\`; \`=\` to initialize a value; whitespace before attributes; or the end of the tag
    In prose, put code with <, { or <<name>> between backticks; close every tag that is opened.`,
  ],
  [
    'an unclosed tag',
    `# A\n\n<Box>\n\n${ok}`,
    `
docs/host/a.mdx:3:1: broken MDX: Expected a closing tag for \`<Box>\`
    In prose, put code with <, { or <<name>> between backticks; close every tag that is opened.`,
  ],
  [
    'a broken expression',
    'x {a +} y\n',
    `
docs/host/a.mdx:1:7: broken MDX: Could not parse expression with acorn
    In prose, put code with <, { or <<name>> between backticks; close every tag that is opened.`,
  ],
  [
    'broken JSON',
    fence('json H:100 file=scenes/a.json', '{', '  "a": 1,', '  "b": }', '}'),
    `
docs/host/a.mdx:4:8: scenes/a.json is not JSON: a value is expected here, not "}"
    The chunks of a JSON file, joined in tour order, must make one value.`,
  ],
  [
    'a name twice in JSON, over two chunks',
    fence('json H:100 file=scenes/a.json', '{', '  "keys": 1,') +
      '- ' +
      fence('json H:110 file=scenes/a.json', '"b": { "x": 1 }, "keys": 2', '}').replaceAll('\n', '\n  '),
    `
docs/host/a.mdx:6:20: the name "keys" is given twice
    docs/host/a.mdx:3:3: it stands here already
    Only one of them would be read: remove the other.`,
  ],
];

describe('each fault, its place and the way out', () => {
  test.each(table)('%s', async (_name, chapters, report) => {
    const files = typeof chapters === 'string' ? { [H]: chapters } : chapters;
    const found = formatProblems(await project(files).problems());
    expect(found).toBe(report.trim());
  });
});

test('all problems are collected, in order, and nothing is written', async () => {
  const tour = project({ [H]: ok });
  await tour.tangle();
  const before = tour.text('host/a.ts');
  tour.fs.writes.length = 0;
  tour.fs.write(H, ok.replace('= 1', '= 2') + fence('ts H:100 file=host/a.ts', 'x'));
  tour.fs.write('docs/host/b.mdx', fence('ts H:200.x into=H:999', 'x'));
  tour.fs.write('docs/switcher/c.mdx', '```asm S:100 file=switcher/s.S\n');
  expect(await tour.messages()).toEqual([
    'docs/host/a.mdx:4:7: duplicate chunk H:100',
    'docs/host/b.mdx:1:20: unknown chunk H:999',
    'docs/switcher/c.mdx:1:1: the fence "asm S:100 file=switcher/s.S" is never closed',
  ]);
  expect(tour.text('host/a.ts')).toBe(before);
  expect(tour.fs.writes.filter((path) => path.startsWith('.tangled/') && !path.includes('/cache/'))).toEqual([]);
});

test('fences that do not claim to be chunks are left alone', async () => {
  const tour = project({ [H]: fence('ts') + fence('js title="x"', 'a') + fence('', 'b') + fence('ts title="x" {1,2}', 'c') });
  expect((await tour.tangle()).index.chunks).toEqual([]);
});

test('variants: a patch that is not there, and two for one chunk', async () => {
  const tour = project({
    [H]: ok,
    'docs/mastery/m.mdx': fence('ts M:014 replaces=H:100', 'b') + fence('ts M:015 replaces=H:100', 'c'),
  });
  expect(await tour.messages({ with: ['M:016'], out: '.tangled/variants/x' })).toEqual(['--with:1:1: there is no patch M:016']);
  expect(await tour.messages({ with: ['M:014', 'M:015'], out: '.tangled/variants/x' })).toEqual([
    'docs/mastery/m.mdx:4:22: M:015 and M:014 both replace H:100',
  ]);
});

describe('on a terminal', () => {
  const chapter = `# Ä\n\n${ok}\n- \t${fence('ts H:100 file=host/a.ts', 'b\u0000', '// <<deep>>').replaceAll('\n', '\n\t')}`;
  const read = (file: string): string | undefined => (file === H ? chapter : undefined);

  test('the lines that are spoken of stand below, with what is meant underlined', async () => {
    const found = await project({ [H]: chapter }).problems();
    expect(formatProblems(found, { read })).toBe(
      `
docs/host/a.mdx:7:10: duplicate chunk H:100
      7 │ - \t\`\`\`ts H:100 file=host/a.ts
        ╵   \t      ~~~~~
    docs/host/a.mdx:3:7: it stands here already
      3 │ \`\`\`ts H:100 file=host/a.ts
        ╵       ~~~~~
    Give it a name of its own after the dot, as in H:100.helpers.
docs/host/a.mdx:8:3: NUL (U+0000) in the code
      8 │ \tb\ufffd
        ╵ \t ~
    Write an escape for it, such as \\0: on the page it would be another character.`.trim(),
    );
  });

  test('a place between two characters, a place beyond the line, a long line, a file that is not there', () => {
    const problem = { file: 'a', code: 'broken-mdx', message: 'm', help: 'h' } as const;
    const long = `${'x'.repeat(300)}!${'y'.repeat(300)}`;
    const show = (line: number, column: number, length: number): string[] =>
      formatProblem({ ...problem, line, column, length }, { read: () => `one\n${long}` })
        .split('\n')
        .slice(1, -1);
    expect(show(1, 4, 0)).toEqual(['      1 │ one', '        ╵    ^']);
    expect(show(1, 2, 50)).toEqual(['      1 │ one', '        ╵  ~~']);
    expect(show(2, 301, 1)).toEqual([`      2 │ ${'x'.repeat(20)}!${'y'.repeat(99)}`, `        ╵ ${' '.repeat(20)}~`]);
    expect(show(9, 1, 1)).toEqual([]);
    expect(formatProblem({ ...problem, line: 1, column: 1, length: 1 }, { read: () => undefined })).toBe('a:1:1: m\n    h');
  });

  test('colours', () => {
    const text = formatProblem(
      { file: 'a', line: 1, column: 1, length: 1, code: 'broken-mdx', message: 'm', help: 'h' },
      { read: () => 'x', colours: true },
    );
    expect(text).toBe(
      '\u001b[1ma:1:1\u001b[0m: \u001b[31mm\u001b[0m\n\u001b[2m      1 │\u001b[0m x\n\u001b[2m        ╵\u001b[0m \u001b[32m~\u001b[0m\n    \u001b[36mh\u001b[0m',
    );
  });
});
