/** The archive of the program builds and tests itself, in an empty folder, with nothing installed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packArchive } from './archive.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lguest-archive-'));
const root = join(folder, 'lguest-program');
const node = (...args: string[]): { status: number | null; said: string } => {
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    // Whatever runs this test has no say in what the archive's tests print.
    env: { PATH: process.env.PATH, SCENES: 'introduction page_tables hostile' },
  });
  return { status: run.status, said: run.stdout + run.stderr };
};

beforeAll(async () => {
  for (const [path, bytes] of Object.entries(unzipSync(await packArchive()))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it unpacks to one folder, with a word on what it is', () => {
  expect(readdirSync(folder)).toEqual(['lguest-program']);
  expect(readdirSync(root).sort()).toEqual([
    'LICENSE',
    'README.md',
    'build.mjs',
    'expected',
    'package.json',
    'program',
    'test.mjs',
    'tools',
  ]);
});

test('it builds, and its Guests do what they did in the book', () => {
  expect(node('build.mjs')).toMatchObject({ status: 0 });
  const { status, said } = node('--test', 'test.mjs');
  expect(said).toMatch(/pass 3\b/);
  expect(status).toBe(0);
});
