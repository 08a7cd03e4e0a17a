/** The folder of an edition: the same for the same content, another for any other; and everything moves there but what readers download. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { liveFolder, moveLive } from './live_edition.ts';

const top = mkdtempSync(join(tmpdir(), 'edition-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const BOOK = { 'worker.js': 'work', 'base.js': 'base', 'scenes/a.json': '{}', 'scenes/b.json': '[]' };

let made = 0;
/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = join(top, String(made++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const first = liveFolder(folderOf(BOOK));

it('is a folder below live/', () => expect(first).toMatch(/^live\/[0-9a-f]{16}\/$/));

it.each([
  ['the same files, written in another order', Object.fromEntries(Object.entries(BOOK).reverse()), true],
  ['the archive beside them', { ...BOOK, 'lguest-program.zip': 'PK' }, true],
  ['another word in a file', { ...BOOK, 'worker.js': 'walk' }, false],
  ['another scene', { ...BOOK, 'scenes/c.json': '{}' }, false],
  ['a file of another name', { 'worker.js': 'work', 'base.js': 'base', 'scenes/a.json': '{}', 'scenes/c.json': '[]' }, false],
  ['a byte that went to the next file', { ...BOOK, 'scenes/a.json': '{', 'scenes/b.json': '}[]' }, false],
])('%s', (_, files, same) => expect(liveFolder(folderOf(files)) === first).toBe(same));

it('moves all but what is downloaded, and may be asked twice', () => {
  const live = Object.fromEntries(Object.entries({ ...BOOK, 'lguest-program.zip': 'PK' }).map(([name, text]) => [`live/${name}`, text]));
  const site = folderOf({ 'index.html': '', ...live });
  for (const _ of [1, 2]) moveLive(site, first);
  expect(readdirSync(join(site, 'live')).sort()).toEqual([first.split('/')[1], 'lguest-program.zip'].sort());
  expect(readdirSync(join(site, first), { recursive: true }).sort()).toEqual([
    'base.js',
    'scenes',
    'scenes/a.json',
    'scenes/b.json',
    'worker.js',
  ]);
});
