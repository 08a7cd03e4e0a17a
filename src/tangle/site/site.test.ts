/** What the site gets: annotated fences, and the plugin that extracts and shares the index. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadContext, PluginContentLoadedActions } from '@docusaurus/types';
import remarkFrontmatter from 'remark-frontmatter';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, test } from 'vitest';
import tanglePlugin from './docusaurus.ts';
import { readFence } from './fence.ts';
import { PageIndexes } from './page_index.ts';
import type { PageIndex, ProgramIndex } from './page_index.ts';
import { remarkAnnotate } from './remark_annotate.ts';
import { fence, project, testConfig } from '../testing/testing.ts';

const CHAPTER = `---
title: A
---

${fence('ts H:100.x file=host/a.ts hidden', 'a', '// <<deep>>', 'b')}
<Box>
${fence('ts example', 'b', '// <<no>>')}</Box>
${fence('ts title="plain"', 'c')}
${fence('ts example', 'd')}
${fence('ts H:100.deep into=H:100.x', 'e')}`;

interface Node {
  type: string;
  meta?: unknown;
  value?: unknown;
  children?: Node[];
}

test.each([
  ['/book/tour/docs/host/a.mdx', true],
  ['/book/tour/docs/api/a.md', false],
  ['/elsewhere/a.mdx', false],
])('fences of %s are annotated: %s', (path, annotated) => {
  const tree = unified().use(remarkParse).use(remarkFrontmatter).use(remarkMdx).parse(CHAPTER);
  remarkAnnotate({ config: testConfig, root: '/book/tour' })(tree, { path });
  const metas: unknown[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'code') metas.push(readFence(String(node.meta)) ?? node.meta);
    for (const child of node.children ?? []) visit(child);
  };
  visit(tree);
  const facts = (given: string, line: number, chunk: string, more = {}): unknown =>
    annotated ? { chunk, chapter: 'docs/host/a.mdx', line, hidden: false, slots: {}, ...more } : given;
  expect(metas).toEqual([
    facts('H:100.x file=host/a.ts hidden', 6, 'H:100.x', { hidden: true, slots: { 1: 'deep' } }),
    facts('example', 13, 'examples/host/a-1'),
    'title="plain"',
    facts('example', 22, 'examples/host/a-2'),
    facts('H:100.deep into=H:100.x', 26, 'H:100.deep'),
  ]);
  expect((tree as Node).children?.find(({ value }) => String(value).startsWith('export'))?.value).toBe(
    annotated ? "export { default as pageIndex } from '@generated/tangle/default/chapters/host/a.json';" : undefined,
  );
});

describe('an index', () => {
  const tour = project({
    'docs/host/a.mdx': `See H:300, H:300.b and S:999.\n\n${fence('ts H:100 file=host/a.ts', "import { c } from './b.ts';", 'export const a = 1;', '// <<deep>>')}
${fence('ts H:100.deep into=H:100', 'export const deep = c;')}${fence('ts H:100.deep into=H:100', 'x')
  .replace('100.deep', '100.other')
  .replace('into=H:100', 'file=host/a.ts')}${fence('ts example', 'a')}`,
    'docs/host/b.mdx': `${fence('ts H:300.b file=host/b.ts', "import { a } from './a.ts';", 'export const b = a;')}${fence('ts H:300.c file=host/b.ts', 'export const c = b;')}`,
    'docs/switcher/c.mdx':
      '---\ntitle: "The bridge: on foot"\nslug: /\n---\n\n<Marker id="S:100" /> Nothing but words on H:100, and on <Marker id="H:300" />.\n\n<Marker id="H:200" />',
  });
  const made = tour.tangle().then(({ index }) => new PageIndexes(index));

  test('of a chapter: its chunks, and where what it names stands', async () => {
    const indexes = await made;
    const a = indexes.ofChapter('docs/host/a.mdx', tour.fs.read('docs/host/a.mdx')!);
    expect(a.chunks).toEqual({
      'H:100': {
        file: 'host/a.ts',
        line: 3,
        first: true,
        next: 'H:100.other',
        slots: { deep: 'H:100.deep' },
        usedIn: { 'H:300.b': ['a'] },
      },
      'H:100.deep': { file: 'host/a.ts', line: 4, into: 'H:100', uses: [['c', 'H:300.c']] },
      'H:100.other': { file: 'host/a.ts', line: 6, previous: 'H:100' },
      'examples/host/a-1': {},
    });
    expect(a.places).toEqual({
      'H:100': 'docs/host/a.mdx',
      'H:100.deep': 'docs/host/a.mdx',
      'H:100.other': 'docs/host/a.mdx',
      'H:300': 'docs/host/b.mdx',
      'H:300.b': 'docs/host/b.mdx',
      'H:300.c': 'docs/host/b.mdx',
      'examples/host/a-1': 'docs/host/a.mdx',
    });
    expect(indexes.ofChapter('docs/host/b.mdx', '').chunks['H:300.b'].first).toBe(true);
  });

  test('of a chapter with a patch: whom it replaces, and what is there with it only', async () => {
    const patched = project({
      'docs/host/a.mdx': fence('ts H:100 file=host/a.ts', 'export const a = 1;'),
      'docs/mastery/m.mdx':
        fence('ts M:014 replaces=H:100', 'export const a = 2;', '// <<more>>') +
        fence('ts M:014.more into=M:014', 'a;') +
        fence('ts M:014.own file=host/own.ts', 'export const own = 1;'),
    });
    const { index } = await patched.tangle();
    const { chunks } = new PageIndexes(index).ofChapter('docs/mastery/m.mdx', '');
    const told = Object.entries(chunks).map(([id, { file, into, replaces, only }]) => [id, file ?? into ?? replaces ?? `only ${only}`]);
    expect(told).toEqual([
      ['M:014', 'H:100'],
      ['M:014.more', 'M:014'],
      ['M:014.own', 'only M:014'],
    ]);
  });

  test('of a chapter without code: where what it names stands', async () => {
    expect((await made).ofChapter('docs/switcher/c.mdx', tour.fs.read('docs/switcher/c.mdx')!)).toEqual({
      chunks: {},
      places: { 'H:100': 'docs/host/a.mdx', 'H:300': 'docs/host/b.mdx' },
    });
  });

  test('of all names: where each is defined, and what uses it', async () => {
    const { chunks, names } = (await made).ofNames();
    const idOf = (n: number): string => chunks[n][0];
    expect(names.map(([name, file, definedIn, usedIn]) => [name, file, idOf(definedIn), ...usedIn.map(idOf)])).toEqual([
      ['a', 'host/a.ts', 'H:100', 'H:300.b'],
      ['b', 'host/b.ts', 'H:300.b', 'H:300.c'],
      ['c', 'host/b.ts', 'H:300.c', 'H:100.deep'],
      ['deep', 'host/a.ts', 'H:100.deep'],
    ]);
  });

  test('of the program: by file and by marker, without examples', async () => {
    const { files, markers, titles } = (await made).ofProgram(
      tour.fs.list('docs').map((path) => [path, tour.fs.read(path)!]),
      testConfig.parts.map(({ letter }) => letter),
    );
    expect(files.map(({ path, chunks }) => [path, ...chunks.map(({ id }) => id)])).toEqual([
      ['host/a.ts', 'H:100', 'H:100.deep', 'H:100.other'],
      ['host/b.ts', 'H:300.b', 'H:300.c'],
    ]);
    expect(files[0].chunks[0]).toEqual({
      id: 'H:100',
      chapter: 'docs/host/a.mdx',
      output: [
        [1, 1],
        [3, 3],
      ],
      defines: ['a'],
    });
    expect(titles).toEqual({
      'docs/host/a.mdx': 'docs/host/a.mdx',
      'docs/host/b.mdx': 'docs/host/b.mdx',
      'docs/switcher/c.mdx': 'The bridge: on foot',
    });
    // What no chunk has stands among the others, where a chapter sets it down.
    const prose = (marker: string): unknown => ({ marker, chapter: 'docs/switcher/c.mdx', file: null, first: marker, more: [] });
    expect(markers).toEqual([
      {
        marker: 'H:100',
        chapter: 'docs/host/a.mdx',
        file: 'host/a.ts',
        first: 'H:100',
        more: [
          { id: 'H:100.deep', chapter: 'docs/host/a.mdx' },
          { id: 'H:100.other', chapter: 'docs/host/a.mdx' },
        ],
      },
      prose('H:200'),
      {
        marker: 'H:300',
        chapter: 'docs/host/b.mdx',
        file: 'host/b.ts',
        first: 'H:300.b',
        more: [{ id: 'H:300.c', chapter: 'docs/host/b.mdx' }],
      },
      prose('S:100'),
    ]);
  });
});

test('the plugin extracts, gives each page its index, and stops at problems', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tangle-'));
  try {
    mkdirSync(join(root, 'docs/host'), { recursive: true });
    writeFileSync(join(root, 'docs/host/a.mdx'), CHAPTER);
    const plugin = tanglePlugin({ siteDir: root } as LoadContext, { config: testConfig });
    expect(plugin.getPathsToWatch?.()).toEqual([`${root}/docs/**/*.mdx`]);
    const content = await plugin.loadContent!();
    expect(readFileSync(join(root, '.tangled/host/a.ts'), 'utf8')).toMatch(/^a\n/);
    const data = new Map<string, unknown>();
    await plugin.contentLoaded!({
      content,
      actions: {
        createData: (name, value) => {
          data.set(name, value);
          return Promise.resolve(name);
        },
      } as PluginContentLoadedActions,
    });
    expect([...data.keys()]).toEqual(['program.json', 'names.json', 'chapters/host/a.json']);
    expect((data.get('chapters/host/a.json') as PageIndex).chunks['H:100.x'].file).toBe('host/a.ts');
    expect((data.get('program.json') as ProgramIndex).files.map(({ path }) => path)).toEqual(['host/a.ts']);
    writeFileSync(join(root, 'docs/host/a.mdx'), CHAPTER.replace('H:100', 'H:1'));
    await expect(plugin.loadContent!()).rejects.toThrow('docs/host/a.mdx:5:7: "H:1.x" is not a marker\n');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
