/** What lies in the place of a file is named, whatever wants the file; never is it said that there is none. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DiskFile } from './disk_file.ts';
import { readWhole } from './whole_file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lguest-whole-'));
const path = (name: string): string => join(folder, name);
mkdirSync(path('folder'));
writeFileSync(path('file'), 'abc');
writeFileSync(path('empty'), '');
writeFileSync(path('large'), '');
truncateSync(path('large'), 3 * 2 ** 30);
symlinkSync('circle', path('circle'));
symlinkSync('nowhere', path('dangling'));
execFileSync('mkfifo', [path('pipe')]);
const server = createServer().listen(path('socket'));
await new Promise((done) => server.once('listening', done));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const doors: [string, (file: string) => unknown][] = [
  ['read whole', readWhole],
  ['a disk', (file) => DiskFile.open(file)],
];

describe.each(doors)('%s', (_, door) => {
  test.each<[string, RegExp]>([
    ['folder', /^it is a folder, not a file$/],
    ['pipe', /^it is a pipe, not a file/],
    ['socket', /^it is a socket/],
    ['circle', /^its symbolic links lead in a circle$/],
    ['file/below', /^a part of its path is a file, not a folder$/],
    ['n'.repeat(300), /^the name is too long$/],
  ])('%s', (name, reason) => expect(() => door(path(name))).toThrow(reason));

  test('a device', () => expect(() => door('/dev/null')).toThrow(/^it is a device, not a file$/));
  test('nothing, and a link to nothing', () => expect([door(path('none')), door(path('dangling'))]).toEqual([undefined, undefined]));
});

test('what is a file is read; what is larger than any array, told', () => {
  expect(readWhole(path('file'))).toEqual(new Uint8Array(readFileSync(path('file'))));
  expect(readWhole(path('empty'))).toHaveLength(0);
  expect(() => readWhole(path('large'))).toThrow(/^it has 3\.0 GB, and 2 are the most$/);
});
