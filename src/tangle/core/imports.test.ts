/** Chunks bring their imports: each name once in a file, at its top, with every place as exact as before. */
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { mapPosition } from './maps.ts';
import { formatProblem, formatProblems } from './problems.ts';
import { fence, project } from '../testing/testing.ts';
import type { TestProject } from '../testing/testing.ts';
import { untangle } from './untangle.ts';

const PATH = 'docs/host/a.mdx';
const chunks = (...all: string[][]): string => all.map((lines, index) => fence(`ts H:${100 + index} file=host/a.ts`, ...lines)).join('\n');
const tangled = async (chapter: string): Promise<TestProject> => {
  const tour = project({ [PATH]: chapter });
  await tour.tangle();
  return tour;
};

describe('gathered at the top', () => {
  test.each<[what: string, chunks: string[][], file: string[]]>([
    ['of one chunk', [["import { a } from 'x';", '', 'a();']], ["import { a } from 'x';", '', 'a();']],
    [
      'of two chunks',
      [["import { a } from 'x';", '', 'a();'], ["import { b } from 'y';", '', 'b();'], ['c();']],
      ["import { a } from 'x';", "import { b } from 'y';", '', 'a();', '', 'b();', '', 'c();'],
    ],
    ['of a chunk of nothing else', [["import { a } from 'x';"], ['a();']], ["import { a } from 'x';", '', 'a();']],
    ['without an empty line below', [["import { a } from 'x';", 'a();'], ['b();']], ["import { a } from 'x';", '', 'a();', '', 'b();']],
    [
      'a name twice',
      [
        ["import { a, b } from 'x';", '', 'a();'],
        ["import { b, c, a } from 'x';", '', 'c();'],
      ],
      ["import { a, b } from 'x';", "import {    c,   } from 'x';", '', 'a();', '', 'c();'],
    ],
    [
      'all names twice',
      [
        ["import { a } from 'x';", '', 'a();'],
        ["import { a } from 'x';", '', 'c();'],
      ],
      ["import { a } from 'x';", '', 'a();', '', 'c();'],
    ],
    [
      'a type that another wants as a value',
      [
        ["import type { A, B } from 'x';", '', 'a();'],
        ["import { A } from 'x';", '', 'c();'],
        ["import { type A, type B } from 'x';", '', 'd();'],
      ],
      ["import type {    B } from 'x';", "import { A } from 'x';", '', 'a();', '', 'c();', '', 'd();'],
    ],
    [
      'over several lines',
      [
        ["import { a } from 'x';", '', 'a();'],
        ['import {', '  a,', '  b,', "} from 'x';", '', 'b();'],
      ],
      ["import { a } from 'x';", 'import {', '', '  b,', "} from 'x';", '', 'a();', '', 'b();'],
    ],
    [
      'all, default, renamed, for their effects',
      [
        ["import d, { a as b } from 'x';", "import * as n from 'y';", "import 'z';", '', 'a();'],
        ["import d, { b as a } from 'x';", "import * as n from 'y';", "import 'z';", "import e, { a as b } from 'x';", '', 'c();'],
      ],
      [
        "import d, { a as b } from 'x';",
        "import * as n from 'y';",
        "import 'z';",
        "import    { b as a } from 'x';",
        "import e             from 'x';",
        '',
        'a();',
        '',
        'c();',
      ],
    ],
    [
      'not what only looks like one',
      [
        ['const text = `', "import { a } from 'x';", '`;'],
        ["import('x');", 'import.meta;'],
      ],
      ['const text = `', "import { a } from 'x';", '`;', '', "import('x');", 'import.meta;'],
    ],
  ])('%s', async (_what, all, file) => {
    const tour = await tangled(chunks(...all));
    expect(tour.text('host/a.ts').trimEnd().split('\n')).toEqual(file);
  });

  test('from a piece in a function, which a patch replaces', async () => {
    const tour = project({
      [PATH]:
        fence('ts H:100 file=host/a.ts', 'f() {', '  // <<body>>', '}') +
        fence('ts H:100.body into=H:100', "import { a } from 'x';", '', 'a();'),
      'docs/mastery/m.mdx': fence('ts M:014 replaces=H:100.body', "import { b } from 'y';", 'b();'),
    });
    await tour.tangle();
    expect(tour.text('host/a.ts')).toBe("import { a } from 'x';\n\nf() {\n\n  a();\n}\n");
    await tour.tangle({ with: ['M:014'], out: '.tangled/variants/v' });
    expect(tour.text('variants/v/host/a.ts')).toBe("import { b } from 'y';\n\nf() {\n  b();\n}\n");
  });
});

test('every word leads to its own place', async () => {
  const chapter = `${chunks(["import { a, b } from 'x';", '', 'a();'])}\n- ${fence('ts H:300 file=host/a.ts', 'import {', '  b,', '  c,', "} from 'x';", '', 'c();').replaceAll('\n', '\n  ')}`;
  const tour = await tangled(chapter);
  const { index } = await tour.tangle();
  const home = chapter.split('\n');
  for (const [at, line] of tour.text('host/a.ts').split('\n').entries()) {
    for (const word of line.matchAll(/\w+/g)) {
      const { line: row, column } = mapPosition(index, 'host/a.ts', at + 1, word.index + 1)!;
      expect(home[row - 1].slice(column - 1, column - 1 + word[0].length)).toBe(word[0]);
    }
  }
  expect(index.chunks.find(({ id }) => id === 'H:300')?.output).toEqual([
    { from: 2, to: 5 },
    { from: 8, to: 9 },
  ]);
});

test('one name for two things is told at both', async () => {
  const found = await project({
    [PATH]: chunks(["import { a } from 'x';", ''], ['import {', '  b as a,', "} from 'x';"], ["import { a } from 'y';"]),
  }).problems();
  expect(formatProblems(found)).toBe(
    `
docs/host/a.mdx:8:3: a is imported b from 'x' here, and from 'x' by another chunk of the file
    docs/host/a.mdx:2:10: the other import
    Give one of them another name: { b as … }.
docs/host/a.mdx:13:10: a is imported from 'y' here, and from 'x' by another chunk of the file
    docs/host/a.mdx:2:10: the other import
    Give one of them another name: { a as … }.`.trim(),
  );
});

test('edits go home, but not into lines that are merged', async () => {
  const chapter = chunks(["import { a, b } from 'x';", '', 'a();'], ["import { b, c } from 'x';", '', 'c();']);
  const tour = await tangled(chapter);
  const file = tour.fs.read('.tangled/host/a.ts')!;
  tour.fs.write('.tangled/host/a.ts', file.replace("import { a, b } from 'x';", "import { a, b, d } from 'x';").replace('c();', 'c(d);'));
  expect((await untangle(tour.tangler)).problems).toEqual([]);
  expect(tour.fs.read(PATH)).toBe(chapter.replace('{ a, b }', '{ a, b, d }').replace('c();', 'c(d);'));
  tour.fs.write('.tangled/host/a.ts', tour.fs.read('.tangled/host/a.ts')!.replace("c } from 'x'", "c, e } from 'x'"));
  expect((await untangle(tour.tangler)).problems.map((problem) => formatProblem(problem).split('\n')[0])).toEqual([
    '.tangled/host/a.ts:2:1: this line is merged of the imports of several chunks',
  ]);
});

test('whatever chunks import, a file imports each of it, once, and is a program', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const item = fc.record({ name, type: fc.boolean() }).map(({ name: one, type }) => (type ? `type ${one}` : one));
  const declaration = fc
    .record({
      items: fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: (one) => one.replace('type ', '') }),
      type: fc.boolean(),
      long: fc.boolean(),
      comma: fc.boolean(),
    })
    .map(({ items, type, long, comma }) => {
      const list = type ? items.map((one) => one.replace('type ', '')) : items;
      const tail = comma ? ',' : '';
      return long
        ? [`import ${type ? 'type ' : ''}{`, ...list.map((one, at) => `  ${one}${at < list.length - 1 ? ',' : tail}`), "} from 'x';"]
        : [`import ${type ? 'type ' : ''}{ ${list.join(', ')}${tail} } from 'x';`];
    });
  const bound = (text: string): Map<string, boolean> => {
    const names = new Map<string, boolean>();
    for (const statement of ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2022).statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const list = statement.importClause?.namedBindings;
      if (!list || !ts.isNamedImports(list)) continue;
      for (const { name: local, isTypeOnly } of list.elements) {
        const isType = isTypeOnly || statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
        names.set(local.text, (names.get(local.text) ?? true) && isType);
      }
    }
    return names;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(declaration, { maxLength: 2 }).map((all) => all.flat()),
        { minLength: 1, maxLength: 4 },
      ),
      async (all) => {
        const tour = await tangled(chunks(...all.map((imports) => [...imports, '', 'code();'])));
        const text = tour.text('host/a.ts');
        expect(bound(text)).toEqual(bound(all.flat().join('\n')));
        const words =
          text
            .split('\n')
            .filter((line) => !line.startsWith('code'))
            .join('\n')
            .match(/\b[abcd]\b/g) ?? [];
        expect(words.length).toBe(new Set(words).size);
        const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
        expect(diagnostics).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
