/** Another book: another program, other parts, other markers, another prefix. The tangler and its plugin serve it as they serve the first. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadContext, PluginContentLoadedActions } from '@docusaurus/types';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Tangler } from '../../core/tangle.ts';
import type { TangleConfig } from '../../core/types.ts';
import { nodeFileSystem } from '../../node/node.ts';
import tanglePlugin from '../../site/docusaurus.ts';
import type { NameIndex, PageIndex, ProgramIndex } from '../../site/page_index.ts';

const config: TangleConfig = {
  docs: 'book',
  out: '.out',
  parts: [
    { letter: 'W', folder: 'words' },
    { letter: 'N', folder: 'numbers' },
  ],
  anywhere: [],
  importPrefix: '@calc/',
  reserved: [],
  commands: { tangle: 'make out', untangle: 'make in', force: 'make out FORCE=1' },
};

const root = mkdtempSync(join(tmpdir(), 'second-book-'));
const plugin = tanglePlugin({ siteDir: root } as LoadContext, { config });
const data = new Map<string, unknown>();

beforeAll(async () => {
  cpSync(import.meta.dirname, join(root, 'book'), { recursive: true });
  rmSync(join(root, 'book/second_book.test.ts'));
  const content = await plugin.loadContent?.();
  const actions = { createData: (name: string, value: unknown) => Promise.resolve(data.set(name, value)).then(() => name) };
  await plugin.contentLoaded?.({ content, actions: actions as unknown as PluginContentLoadedActions });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The program, bundled from the extracted files, as a function. @param folder of these files */
async function programIn(folder: string): Promise<(line: string) => number> {
  const { outputFiles } = await build({
    stdin: { contents: "export { count } from '@calc/numbers/count.ts';", resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [
      {
        name: 'calc',
        setup: (one) => one.onResolve({ filter: /^@calc\// }, ({ path }) => ({ path: join(folder, path.slice('@calc/'.length)) })),
      },
    ],
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`;
  return ((await import(/* @vite-ignore */ url)) as { count: (line: string) => number }).count;
}

test('its files are extracted where it wants them, and the program runs', async () => {
  expect(
    readdirSync(join(root, '.out'), { recursive: true })
      .map(String)
      .filter((name) => /^[^.].*\.ts$/.test(name))
      .sort(),
  ).toEqual(['examples/numbers/counting-1.ts', 'numbers/count.ts', 'words/read.ts']);
  const count = await programIn(join(root, '.out'));
  expect(count('2 3 + 4 *')).toBe(20);
  expect(() => count('2 and 2')).toThrow('what is and?');
});

test('its chapters know their chunks, and its lists the program', () => {
  expect([...data.keys()].sort()).toEqual([
    'chapters/numbers/counting.json',
    'chapters/numbers/saturating.json',
    'chapters/words/reading.json',
    'names.json',
    'program.json',
  ]);
  const { files, markers, titles } = data.get('program.json') as ProgramIndex;
  expect(files.map(({ path }) => path)).toEqual(['words/read.ts', 'numbers/count.ts']);
  expect(markers.map(({ marker }) => marker)).toEqual(['W:100', 'N:100', 'N:110', 'N:200']);
  expect(titles['book/words/reading.mdx']).toBe('Reading a sum');
  expect((data.get('names.json') as NameIndex).names.map(([name]) => name)).toEqual(['apply', 'count', 'read', 'Word']);
  expect((data.get('chapters/numbers/counting.json') as PageIndex).chunks['N:100'].uses).toContainEqual(['read', 'W:100']);
});

test('a variant is built by its marker', async () => {
  const { problems } = await new Tangler(nodeFileSystem(root), config).tangle({ with: ['N:200'], out: '.variant' });
  expect(problems).toEqual([]);
  expect((await programIn(join(root, '.variant')))('9 9 * 9 *')).toBe(99);
});

test('what is wrong in it is told at its chapter’s line, in its own words', async () => {
  const chapter = join(root, 'book/numbers/counting.mdx');
  const text = readFileSync(chapter, 'utf8');
  try {
    writeFileSync(chapter, text.replace('N:110 file=numbers/count.ts', 'H:110 file=numbers/count.ts'));
    await expect(plugin.loadContent?.()).rejects.toThrow(/^book\/numbers\/counting\.mdx:21:7: /);
  } finally {
    writeFileSync(chapter, text);
  }
});

test('nothing of the first book is in it', () => {
  const all = readdirSync(join(root, '.out'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('cache'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect(all.concat(JSON.stringify([...data])).join('\n')).not.toMatch(/lguest|\.tangled|#tangled|npm run/i);
});
