/** On disk, with the real tools: stack traces, types, lint and coverage speak of the chapters' lines. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCheck } from './check_cli.ts';
import { runTangle, runUntangle } from './cli.ts';
import { nodeFileSystem } from './node.ts';
import { watchTree } from './watch.ts';
import { Tangler } from '../core/tangle.ts';
import { fence, testConfig } from '../testing/testing.ts';
import { lint, typeCheck, watchTypes } from './tools.ts';

// Inside the checkout, so that a test project finds the packages.
const checked = { projects: ['tsconfig.json'], lint: ['.tangled/host'] };
const PLACE = resolve(import.meta.dirname, '../../../.tangled/cache');
const CHAPTER = [
  '---',
  'title: Traps',
  '---',
  '',
  '# Traps',
  '',
  fence('ts H:100 file=host/a.ts', 'export function dispatch(cause: number): string {', '  // <<bad>>', "  return 'ok';", '}'),
  '- The bad case:',
  '',
  '  ```ts H:100.bad into=H:100',
  '  if (cause === 13) {',
  "    throw new Error('killed');",
  '  }',
  '  ```',
  '',
  fence('ts H:200 file=host/main.ts', "import { dispatch } from './a.ts';", '', 'dispatch(13);'),
].join('\n');

let root = '';
function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
beforeEach(() => {
  mkdirSync(PLACE, { recursive: true });
  root = mkdtempSync(join(PLACE, 'test-'));
  write({
    'docs/host/traps.mdx': CHAPTER,
    'package.json': '{"type":"module"}',
    'tsconfig.json':
      '{"compilerOptions":{"strict":true,"module":"esnext","moduleResolution":"bundler","target":"es2022","types":[],"allowImportingTsExtensions":true,"noEmit":true},"include":[".tangled/**/*.ts"]}',
    'eslint.config.mjs': `import tseslint from 'typescript-eslint';
export default tseslint.config({ files: ['**/*.ts'], extends: [tseslint.configs.base], languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: { '@typescript-eslint/no-floating-promises': 'error', eqeqeq: 'error' } });`,
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs a command with its output caught. */
async function output(run: () => Promise<number>): Promise<{ status: number; text: string }> {
  const { log, error } = console;
  let text = '';
  console.log = console.error = (line: string) => void (text += `${line}\n`);
  try {
    return { status: await run(), text };
  } finally {
    Object.assign(console, { log, error });
  }
}

describe('a throw in an extracted routine', () => {
  test.each([false, true])('names line and column of the chapter in a stack trace (minified: %s)', async (minify) => {
    expect((await output(() => runTangle(root, testConfig, []))).status).toBe(0);
    await build({
      absWorkingDir: root,
      entryPoints: ['.tangled/host/main.ts'],
      outfile: join(root, 'out/main.mjs'),
      bundle: true,
      minify,
      format: 'esm',
      sourcemap: true,
      logLevel: 'error',
    });
    const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', 'out/main.mjs'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(stderr).toMatch(/Error: killed\n\s+at .*docs\/host\/traps\.mdx:18:11\)?\n\s+at .*docs\/host\/traps\.mdx:25:1\)?\n/);
    expect(CHAPTER.split('\n')[17].slice(10)).toMatch(/^new Error/);
    expect(CHAPTER.split('\n')[24]).toBe('dispatch(13);');
  });
});

describe('tools speak of the chapter', () => {
  const broken = CHAPTER.replace("return 'ok'", 'return 1').replace(
    'dispatch(13);',
    'dispatch(13) == null;\nasync function later(): Promise<void> {}\nlater();',
  );
  test('types and lint', async () => {
    write({ 'docs/host/traps.mdx': broken });
    const { index } = await new Tangler(nodeFileSystem(root), testConfig).tangle();
    const indexes = new Map([['.tangled', index]]);
    const types = typeCheck(root, indexes, '.tangled/cache/types.tsbuildinfo');
    expect(types).toEqual([
      {
        file: 'docs/host/traps.mdx',
        line: 10,
        column: 3,
        length: 6,
        rule: 'TS2322',
        severity: 'error',
        message: "Type 'number' is not assignable to type 'string'.",
      },
    ]);
    expect(typeCheck(root, indexes, '.tangled/cache/types.tsbuildinfo')).toEqual(types); // from the compiler's notes
    const findings = await lint(root, ['.tangled/host'], indexes);
    expect(findings.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`)).toEqual([
      'docs/host/traps.mdx:25:14 eqeqeq',
      'docs/host/traps.mdx:27:1 @typescript-eslint/no-floating-promises',
    ]);
  }, 120_000);

  test('types while someone writes', async () => {
    const tangler = new Tangler(nodeFileSystem(root), testConfig);
    let { index } = await tangler.tangle();
    const seen: string[][] = [];
    const stop = watchTypes(
      root,
      () => new Map([['.tangled', index]]),
      (findings) => void seen.push(findings.map(({ line, rule }) => `${line} ${rule}`)),
    );
    expect(seen).toEqual([[]]);
    write({ 'docs/host/traps.mdx': `\n${broken}`.trimStart().replace('# Traps', '# Traps\n\nMore.') });
    ({ index } = await tangler.tangle());
    await expect.poll(() => seen.at(-1), { timeout: 100_000 }).toEqual(['12 TS2322']);
    stop();
  }, 120_000);

  test('the check command adds all up', async () => {
    write({ 'docs/host/traps.mdx': broken });
    expect(await output(() => runCheck(root, testConfig, checked, []))).toMatchObject({
      status: 1,
      text: expect.stringMatching(/[\s\S]*missing[\s\S]*\n3 errors\n/),
    });
    await output(() => runTangle(root, testConfig, []));
    const { status, text } = await output(() => runCheck(root, testConfig, checked, []));
    expect(text).toMatch(
      /^docs\/host\/traps\.mdx:10:3: Type 'number' .* \(TS2322\)\n +10 │   return 1;\n +╵   ~~~~~~\ndocs.*\n.*\n.*\ndocs.*\n.*\n.*\n3 errors\n$/,
    );
    expect(status).toBe(1);
    expect(await output(() => runCheck(root, testConfig, checked, ['--fast']))).toMatchObject({ status: 2 });
    write({ 'docs/host/traps.mdx': CHAPTER });
    await output(() => runTangle(root, testConfig, []));
    expect(await output(() => runCheck(root, testConfig, checked, []))).toEqual({ status: 0, text: '0 errors\n' });
    write({ 'docs/mastery/m.mdx': fence('ts M:014 replaces=H:200', "import { dispatch } from './a.ts';", 'dispatch();') });
    await output(() => runTangle(root, testConfig, []));
    await output(() => runTangle(root, testConfig, ['--with', 'M:014']));
    expect((await output(() => runCheck(root, testConfig, checked, []))).text).toMatch(
      /^docs\/mastery\/m\.mdx:3:1: .* \(TS2554\)\n[^]*dispatch[^]*\n {4}docs\/host\/traps\.mdx:8:26: .*\n[^]*\n1 error\n$/,
    );
  }, 120_000);

  test('coverage', async () => {
    await output(() => runTangle(root, testConfig, []));
    write({
      'a.test.ts':
        "import { expect, test } from 'vitest';\nimport { dispatch } from './.tangled/host/a.ts';\ntest('x', () => expect(dispatch(3)).toBe('ok'));\n",
      'vitest.config.mjs':
        "export default { test: { include: ['a.test.ts'], coverage: { enabled: true, provider: 'v8', include: ['**/*.ts', '**/*.mdx'], exclude: [], reporter: ['json'], reportsDirectory: 'coverage' } } };",
    });
    const vitest = resolve(import.meta.dirname, '../../../node_modules/vitest/vitest.mjs');
    execFileSync(process.execPath, [vitest, 'run', '--root', root], { cwd: root, stdio: 'pipe', env: { PATH: process.env.PATH } });
    const report = JSON.parse(readFileSync(join(root, 'coverage/coverage-final.json'), 'utf8')) as Record<
      string,
      { statementMap: Record<string, { start: { line: number } }>; s: Record<string, number> }
    >;
    const rows = report[join(root, 'docs/host/traps.mdx')];
    const hits = Object.entries(rows.statementMap).map(([id, { start }]) => [start.line, rows.s[id]]);
    expect(hits).toContainEqual([18, 0]);
    expect(hits).toContainEqual([10, 1]);
  }, 120_000);
});

describe('files', () => {
  test('unchanged files keep their time; emptied folders go', async () => {
    const tangle = (): Promise<{ status: number }> => output(() => runTangle(root, testConfig, []));
    await tangle();
    const time = statSync(join(root, '.tangled/host/a.ts')).mtimeMs;
    write({ 'docs/preparation/p.mdx': fence('json P:001.x file=scenes/p.json', '{}') });
    await tangle();
    expect(statSync(join(root, '.tangled/host/a.ts')).mtimeMs).toBe(time);
    expect(readdirSync(join(root, '.tangled')).sort()).toEqual(['.base', 'cache', 'chunks.json', 'host', 'scenes']);
    rmSync(join(root, 'docs/preparation/p.mdx'));
    await tangle();
    expect(readdirSync(join(root, '.tangled')).sort()).toEqual(['.base', 'cache', 'chunks.json', 'host']);
  });

  test('the commands: check, variants, the way back, bad usage', async () => {
    const run = (...args: string[]): Promise<{ status: number; text: string }> => output(() => runTangle(root, testConfig, args));
    expect(await run('--check')).toMatchObject({ status: 1 });
    expect(await run()).toMatchObject({ status: 0, text: expect.stringMatching(/^3 chunks in 2 files, 2 changed: \d+ ms\n$/) });
    expect(await run('--check')).toMatchObject({ status: 0 });
    expect(await run('--with', 'M:014')).toMatchObject({ status: 1, text: expect.stringMatching(/there is no patch M:014/) });
    write({ 'docs/mastery/m.mdx': fence('ts M:014 replaces=H:200', 'patched();') });
    expect(await run('--with=M:014')).toMatchObject({ status: 0 });
    const variant = (): string => readFileSync(join(root, '.tangled/variants/M-014/host/main.ts'), 'utf8');
    expect(variant()).toMatch(/^patched\(\);\n/);
    write({ 'docs/mastery/m.mdx': fence('ts M:014 replaces=H:200', 'patched(2);') });
    expect(await run()).toMatchObject({ status: 0 });
    expect(variant()).toMatch(/^patched\(2\);\n/);
    write({ 'docs/mastery/m.mdx': '' });
    expect(await run()).toMatchObject({ status: 0, text: expect.not.stringMatching(/M:014/) });
    expect(existsSync(join(root, '.tangled/variants'))).toBe(false);
    for (const args of [['--wiht'], ['--with'], ['--check', '--watch']])
      expect(await run(...args)).toMatchObject({ status: 2, text: expect.stringMatching(/usage: tangle/) });
    await run();
    const file = join(root, '.tangled/host/main.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('13', '14'));
    expect(await run('--check')).toMatchObject({ status: 1 });
    expect(await output(() => runUntangle(root, testConfig, []))).toEqual({
      status: 0,
      text: 'docs/host/traps.mdx: 1 edit carried back\n',
    });
    expect(readFileSync(join(root, 'docs/host/traps.mdx'), 'utf8')).toBe(CHAPTER.replace('13);', '14);'));
    const patch = join(root, 'mine.patch');
    const path = 'docs/host/traps.mdx';
    const at =
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('14);')) + 1;
    const [old] = readFileSync(join(root, path), 'utf8')
      .split('\n')
      .slice(at - 1);
    writeFileSync(patch, `--- a/${path}\n+++ b/${path}\n@@ -${at} +${at} @@\n-${old}\n+${old.replace('14);', '15);')}\n`);
    expect(await output(() => runUntangle(root, testConfig, ['--patch', patch]))).toEqual({
      status: 0,
      text: `${path}: 1 edit carried back\n`,
    });
    expect(readFileSync(join(root, path), 'utf8')).toBe(CHAPTER.replace('13);', '15);'));
    expect(await output(() => runUntangle(root, testConfig, ['--patch', patch]))).toMatchObject({
      status: 1,
      text: expect.stringContaining(`${path} has changed since`),
    });
    expect(await output(() => runUntangle(root, testConfig, ['--force']))).toMatchObject({
      status: 2,
      text: expect.stringMatching(/usage: untangle/),
    });
  });

  test('a variant whose patch no chapter has any more goes, and is in nobody’s way', async () => {
    const run = (...args: string[]): Promise<{ status: number; text: string }> => output(() => runTangle(root, testConfig, args));
    write({ 'docs/mastery/m.mdx': fence('ts M:990 replaces=H:200', 'patched();') });
    expect(await run()).toMatchObject({ status: 0 });
    expect(await run('--with=M:990')).toMatchObject({ status: 0 });
    expect(readdirSync(join(root, '.tangled/variants'))).toEqual(['M-990']);
    rmSync(join(root, 'docs/mastery/m.mdx'));
    expect(await run()).toMatchObject({ status: 0, text: expect.not.stringMatching(/M:990/) });
    expect(readdirSync(join(root, '.tangled'))).not.toContain('variants');
  });

  test('a block that was split behind a patch, or says what the patch says, is told at its line, and who changed what stands before it', async () => {
    const run = (...args: string[]): Promise<{ status: number; text: string }> => output(() => runTangle(root, testConfig, args));
    const half = fence('ts H:200 file=host/main.ts', 'function main(): void {', '  start();');
    const rest = fence('ts H:200.rest file=host/main.ts', '  stop();', '}');
    const patch = (...lines: string[]): void => write({ 'docs/mastery/m.mdx': fence('ts M:014 replaces=H:200', ...lines) });
    write({ 'docs/host/traps.mdx': half + rest });
    patch('function main(): void {', '  go();', '}');
    expect(await run()).toMatchObject({ status: 0 });
    const { status, text } = await run('--with=M:014');
    expect(status).toBe(1);
    expect(text).toMatch(/^docs\/host\/traps\.mdx:7:1: Unexpected "}"$/m);
    expect(text).toMatch(/docs\/mastery\/m\.mdx:2:1: M:014 takes the place of H:200$/m);
    // It was extracted all the same: whoever tangles anew hears of it again, until it is mended.
    expect(await run()).toMatchObject({ status: 1 });
    patch('function main(): void {', '  go();');
    expect(await run()).toMatchObject({ status: 0 });
    patch('const rest = 1;', 'function main(): void {');
    write({ 'docs/host/traps.mdx': half + rest + fence('ts H:300 file=host/main.ts', 'export const rest = 2;') });
    expect((await run()).text).toMatch(/^docs\/host\/traps\.mdx:10:14: The symbol "rest" has already been declared$/m);
  });

  test('watching tells of a burst of changes once: files written, replaced, removed, in folders made later too', async () => {
    let calls = 0;
    let told: () => void = () => {};
    const stop = watchTree(
      root,
      'docs',
      () => {
        calls++;
        told();
      },
      40,
    );
    const replace = (path: string, text: string): void => {
      write({ [`${path}.new`]: text });
      renameSync(join(root, `${path}.new`), join(root, path));
    };
    const steps = [
      () => ['a', 'b', 'c'].forEach((text) => write({ 'docs/host/traps.mdx': text })),
      () => replace('docs/host/traps.mdx', 'd'),
      () => replace('docs/host/traps.mdx', 'e'),
      () => write({ 'docs/host/traps.mdx': 'f' }),
      () => write({ 'docs/mastery/deep/new.mdx': 'x' }),
      () => replace('docs/mastery/deep/new.mdx', 'y'),
      () => rmSync(join(root, 'docs/mastery'), { recursive: true }),
      () => write({ 'docs/mastery/new.mdx': 'z' }),
      () => write({ 'docs/mastery/new.mdx': 'zz' }),
    ];
    for (const [index, step] of steps.entries()) {
      const next = new Promise<void>((resolve) => (told = resolve));
      step();
      await next;
      expect(calls).toBe(index + 1);
    }
    stop();
  });
});
