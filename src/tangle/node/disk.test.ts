/** The tangler's files on disk: links stay links, modes stay, bytes that are no text are told, and what cannot be done is said. */
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFileSystem } from './node.ts';
import { formatProblem } from '../core/problems.ts';
import { Tangler } from '../core/tangle.ts';
import { untangle } from '../core/untangle.ts';
import { fence, testConfig } from '../testing/testing.ts';
import { watchTree } from './watch.ts';

const CHAPTER = fence('ts H:100 file=host/a.ts', 'one();', 'two();');
const EDITED = CHAPTER.replace('one', 'uno');

let root = '';
const at = (path: string): string => join(root, path);
function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tangle-'));
  put('docs/host/a.mdx', CHAPTER);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const tangler = (): Tangler => new Tangler(nodeFileSystem(root), testConfig);
const messages = async (): Promise<string[]> => (await tangler().tangle()).problems.map((problem) => formatProblem(problem).split('\n')[0]);

/** Edits the extracted file, and carries it home. */
async function edit(from = 'one', to = 'uno'): Promise<string[]> {
  put('.tangled/host/a.ts', readFileSync(at('.tangled/host/a.ts'), 'utf8').replace(from, to));
  return (await untangle(tangler())).problems.map((problem) => formatProblem(problem).split('\n')[0]);
}

describe('a chapter that an edit is carried into', () => {
  test('stays behind its link, and behind a link to that', async () => {
    put('elsewhere/a.mdx', CHAPTER);
    rmSync(at('docs/host/a.mdx'));
    symlinkSync('../../elsewhere/a.mdx', at('docs/host/b.txt'));
    symlinkSync('b.txt', at('docs/host/a.mdx'));
    expect(await messages()).toEqual([]);
    expect(await edit()).toEqual([]);
    expect(lstatSync(at('docs/host/a.mdx')).isSymbolicLink()).toBe(true);
    expect(lstatSync(at('docs/host/b.txt')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('elsewhere/a.mdx'), 'utf8')).toBe(EDITED);
    expect(readdirSync(at('docs/host'))).toEqual(['a.mdx', 'b.txt']);
  });
  test('stays below a folder that is a link', async () => {
    rmSync(at('docs/host'), { recursive: true });
    put('elsewhere/a.mdx', CHAPTER);
    symlinkSync('../elsewhere', at('docs/host'));
    symlinkSync('../docs', at('elsewhere/up'));
    expect(await messages()).toEqual([]);
    expect(await edit()).toEqual([]);
    expect(readFileSync(at('elsewhere/a.mdx'), 'utf8')).toBe(EDITED);
    expect(lstatSync(at('docs/host')).isSymbolicLink()).toBe(true);
  });
  test.each([0o600, 0o640, 0o664, 0o755])('keeps its mode %o', async (mode) => {
    chmodSync(at('docs/host/a.mdx'), mode);
    expect(await messages()).toEqual([]);
    expect(await edit()).toEqual([]);
    expect(statSync(at('docs/host/a.mdx')).mode & 0o7777).toBe(mode);
    expect(readFileSync(at('docs/host/a.mdx'), 'utf8')).toBe(EDITED);
  });
  test('keeps its other name', async () => {
    linkSync(at('docs/host/a.mdx'), at('other.mdx'));
    expect(await messages()).toEqual([]);
    expect(await edit()).toEqual([]);
    expect(readFileSync(at('other.mdx'), 'utf8')).toBe(EDITED);
  });
  test.skipIf(process.getuid?.() === 0)('is not written when it may not be', async () => {
    put('docs/host/b.mdx', fence('ts H:200 file=host/a.ts', 'three();'));
    chmodSync(at('docs/host/b.mdx'), 0o444);
    expect(await messages()).toEqual([]);
    put('.tangled/host/a.ts', readFileSync(at('.tangled/host/a.ts'), 'utf8').replace('three', 'tre'));
    expect(await edit()).toEqual(['docs/host/b.mdx:1:1: this file may not be read or written']);
    expect(readFileSync(at('docs/host/a.mdx'), 'utf8')).toBe(CHAPTER);
  });
});

describe('bytes that are no text', () => {
  test.each<[what: string, bytes: number[], told: string]>([
    ['Latin-1', [0xe9], 'the byte e9 here is no UTF-8'],
    ['a character cut off', [0xe2, 0x82], 'the byte e2 here is no UTF-8'],
    ['half a surrogate pair', [0xed, 0xa0, 0x80], 'the byte ed here is no UTF-8'],
    ['more bytes than a character has', [0xc0, 0x80], 'the byte c0 here is no UTF-8'],
  ])('in a chapter: %s', async (_what, bytes, told) => {
    const text = Buffer.concat([Buffer.from('# Ü €😀\r\rü'), Buffer.from(bytes), Buffer.from(`\n${CHAPTER}`)]);
    put('docs/host/b.mdx', text);
    expect(await messages()).toEqual([`docs/host/b.mdx:3:2: ${told}`]);
    expect(readFileSync(at('docs/host/b.mdx'))).toEqual(text);
    expect(existsSync(at('.tangled/host/a.ts'))).toBe(false);
  });
  test('in an extracted file', async () => {
    expect(await messages()).toEqual([]);
    const saved = Buffer.from(readFileSync(at('.tangled/host/a.ts'), 'utf8').replace('two', 'dü'), 'latin1');
    put('.tangled/host/a.ts', saved);
    const told = '.tangled/host/a.ts:2:2: the byte fc here is no UTF-8';
    expect(await messages()).toEqual([told]);
    expect((await untangle(tangler())).problems.map((problem) => formatProblem(problem).split('\n')[0])).toEqual([told]);
    expect(readFileSync(at('docs/host/a.mdx'), 'utf8')).toBe(CHAPTER);
    expect(readFileSync(at('.tangled/host/a.ts'))).toEqual(saved);
  });
});

describe('what stands in the way', () => {
  test('a chapter that leads nowhere, one that leads to itself', async () => {
    symlinkSync('gone.mdx', at('docs/host/b.mdx'));
    symlinkSync('c.mdx', at('docs/host/c.mdx'));
    expect(await messages()).toEqual([
      'docs/host/b.mdx:1:1: this file is not there',
      'docs/host/c.mdx:1:1: this link leads back to itself',
    ]);
  });
  test('a folder where a file is to be', async () => {
    mkdirSync(at('.tangled/host/a.ts/deep'), { recursive: true });
    expect(await messages()).toEqual(['.tangled/host/a.ts:1:1: this is a folder, where a file is to be']);
  });
  test('a file where a folder is to be', async () => {
    put('.tangled/host', 'mine');
    expect(await messages()).toEqual(['.tangled/host/a.ts:1:1: a file stands where one of its folders is to be']);
    expect(readFileSync(at('.tangled/host'), 'utf8')).toBe('mine');
    rmSync(at('.tangled/host'));
    expect(await messages()).toEqual([]);
  });
  test('a file becomes a folder, and a folder a file, as the chapters want it', async () => {
    for (const path of ['host/a.ts/b.ts', 'host/a.ts', 'host/a.ts/b.ts']) {
      put('docs/host/a.mdx', CHAPTER.replace('host/a.ts', path));
      expect(await messages()).toEqual([]);
      expect(statSync(at(`.tangled/${path}`)).isFile()).toBe(true);
    }
  });
  test('no file of ours is left behind when writing fails', async () => {
    const fs = nodeFileSystem(root);
    mkdirSync(at('out/x'), { recursive: true });
    expect(() => fs.write('out/x', 'text')).toThrow('this is a folder, where a file is to be');
    expect(readdirSync(at('out'))).toEqual(['x']);
  });
});

test('a chapter behind a link is watched where it is', async () => {
  put('elsewhere/b.mdx', 'a');
  put('far/c.mdx', 'a');
  symlinkSync('../../elsewhere', at('docs/host/more'));
  symlinkSync('../../far/c.mdx', at('docs/host/c.mdx'));
  let told = (): void => {};
  const stop = watchTree(root, 'docs', () => told());
  for (const path of ['elsewhere/b.mdx', 'far/c.mdx', 'docs/host/a.mdx']) {
    const next = new Promise<void>((resolve) => (told = resolve));
    put(path, 'b');
    await next;
  }
  stop();
});
