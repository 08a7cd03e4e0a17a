/** Which chunk has a line: on the site by the listing of its chapter, and where the worker is shut in by the book that was brought along. Both say the same. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import type * as Chunks from './chunks.ts';

const SOURCE = 'docs/host/page_tables.mdx';
const HOME = 'https://there.test/live/worker.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module, where only these files can be had. */
async function among(files: Readonly<Record<string, string>>, isShutIn: boolean): Promise<typeof Chunks> {
  const at = (name: string): string => new URL(name, HOME).href;
  vi.stubGlobal('fetch', (url: string) => {
    const file = Object.keys(files).find((name) => url.endsWith(name));
    return Promise.resolve(file === undefined ? new Response('', { status: 404 }) : new Response(readFileSync(files[file], 'utf8')));
  });
  if (isShutIn) {
    const brought = Object.fromEntries(Object.keys(files).map((name) => [at(name), at(name)]));
    vi.stubGlobal('lguestBrought', { home: HOME, files: brought });
  }
  vi.resetModules();
  return import('./chunks.ts');
}

test('by the listing, and by the book, the same', async () => {
  const lines = readFileSync(`${TOP}/${SOURCE}`, 'utf8').split('\n');
  const wanted = lines.flatMap((text, n) => (text.startsWith('```ts H:3') ? [n + 2] : []));
  expect(wanted.length).toBeGreaterThan(5);
  const listed = await among({ 'lines/host/page_tables.json': `${TOP}/static/live/lines/host/page_tables.json` }, false);
  const by = await Promise.all(wanted.map((line) => listed.chunkOf({ source: SOURCE, line })));
  const shutIn = await among({ 'book.json': `${TOP}/static/live/book.json` }, true);
  expect(await Promise.all(wanted.map((line) => shutIn.chunkOf({ source: SOURCE, line })))).toEqual(by);
  for (const [n, chunk] of by.entries()) expect([chunk?.source, chunk?.from]).toEqual([SOURCE, wanted[n]]);
  expect(await shutIn.chunkOf({ source: SOURCE, line: 1 })).toBeNull();
  expect(await shutIn.chunkOf({ source: 'docs/nowhere.mdx', line: 1 })).toBeNull();
});

test('what cannot be had is of no chunk', async () => {
  const { chunkOf } = await among({}, false);
  expect(await chunkOf({ source: SOURCE, line: 100 })).toBeNull();
});
