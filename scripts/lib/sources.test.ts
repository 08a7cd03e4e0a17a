import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { areBundlesFresh, forgetSources, keepSources, lookAtSources } from './sources.mjs';

let top = '';
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
};
const touch = (path: string): void => utimesSync(join(top, path), new Date(2030, 1), new Date(2030, 1));

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'sources-'));
  for (const path of ['docs/a.mdx', 'docs/a.fingerprint.json', 'src/b.ts', 'src/b.test.ts', 'scripts/c.mjs']) write(path, path);
  keepSources(lookAtSources(top), top);
});
afterEach(() => rmSync(top, { recursive: true }));

test.each<[what: string, done: () => void, fresh: boolean]>([
  ['nothing', () => undefined, true],
  ['a new time', () => touch('src/b.ts'), true],
  ['a new time, twice', () => [touch('src/b.ts'), areBundlesFresh(top)], true],
  ['a test', () => write('src/b.test.ts', 'other'), true],
  ['a fingerprint', () => write('docs/a.fingerprint.json', 'other'), true],
  ['another content', () => write('docs/a.mdx', 'other'), false],
  ['another content with the time of before', () => [write('src/b.ts', 'others'), touch('src/b.ts')], false],
  ['a file more', () => write('src/d.ts', ''), false],
  ['a file less', () => rmSync(join(top, 'scripts/c.mjs')), false],
  ['bundles being made', () => forgetSources(top), false],
])('after %s', (_, done, fresh) => {
  done();
  expect(areBundlesFresh(top)).toBe(fresh);
});

test('what was there again is as if it had never been otherwise', () => {
  write('src/b.ts', 'other');
  expect(areBundlesFresh(top)).toBe(false);
  write('src/b.ts', 'src/b.ts');
  expect(areBundlesFresh(top)).toBe(true);
});
