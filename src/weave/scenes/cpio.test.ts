import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cpioArchive } from './cpio.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('an archive is what the form says, to the letter', () => {
  const text = new TextDecoder().decode(cpioArchive([{ name: 'a/b', bytes: bytes('hello'), executable: true }]));
  const header = (fields: string): string =>
    `070701${fields
      .split(' ')
      .map((field) => field.padStart(8, '0'))
      .join('')}`;
  expect(text).toBe(
    `${header('1 41ED 0 0 2 0 0 0 0 0 0 2 0')}a\0` +
      `${header('2 81ED 0 0 1 0 5 0 0 0 0 4 0')}a/b\0\0\0hello\0\0\0` +
      `${header('0 0 0 0 1 0 0 0 0 0 0 B 0')}TRAILER!!!\0\0\0\0`,
  );
});

test.skipIf(spawnSync('cpio', ['--version']).status !== 0)('cpio unpacks it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpio-'));
  try {
    const archive = cpioArchive([
      { name: 'bin/run', bytes: bytes('#!/bin/sh\n'), executable: true },
      { name: 'etc/deep/note', bytes: bytes('x'.repeat(4097)) },
      { name: 'mnt', bytes: null },
      { name: 'empty', bytes: bytes('') },
    ]);
    execFileSync('cpio', ['-i', '--quiet'], { cwd: folder, input: archive });
    const mode = (name: string): string => statSync(join(folder, name)).mode.toString(8);
    expect(['bin', 'bin/run', 'etc/deep/note', 'mnt', 'empty'].map(mode)).toEqual(['40755', '100755', '100644', '40755', '100644']);
    expect(readFileSync(join(folder, 'etc/deep/note'), 'utf8').length).toBe(4097);
    expect(readFileSync(join(folder, 'bin/run'), 'utf8')).toBe('#!/bin/sh\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
