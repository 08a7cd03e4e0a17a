import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { assemblyPlugin, assemblyPluginVite } from './bundler.ts';

const root = mkdtempSync(join(tmpdir(), 'bundler-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

file('lib/tools.S', '\t.macro twice what\n\t\\what\n\t\\what\n\t.endm\n');
const good = file(
  'demo/good.S',
  '\t.include "lib/tools.S"\n\t.globl start\nstart:\tnop\n\ttwice hlt\n\t.data\n\t.balign 8\nword:\t.long start\n\t.bss\n\t.skip 64\n',
);
const bad = file('demo/bad.S', '\tnop\n\tmovl $1, (%eax\n');
/** Where lines of these files were written: from line 40 on (good.S: to line 3), from 7 on, from 90 on. */
const origin = (path: string, line: number, column: number): { file: string; line: number; column: number } =>
  path === 'demo/bad.S'
    ? { file: 'docs/demo/one.mdx', line: line + 89, column: column + 2 }
    : path === 'demo/good.S' && line < 4
      ? { file: 'docs/demo/one.mdx', line: line + 39, column }
      : { file: path === 'demo/good.S' ? 'docs/demo/two.mdx' : path, line: line + 3, column };

interface Image {
  base: number;
  text: Uint8Array;
  symbols: Record<string, number>;
  lines: [number, string, number][];
}

async function bundle(path: string, base?: number): Promise<Image> {
  const options = base === undefined ? { root, origin } : { root, origin, base: () => base };
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
    plugins: [assemblyPlugin(options)],
  });
  const module = (await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`)) as {
    default: Image;
  };
  return module.default;
}

describe("the bundlers' plugin", () => {
  it('makes a module of an assembly file', async () => {
    const image = await bundle(good, 0x1000);
    expect(image.base).toBe(0x1000);
    expect(Buffer.from(image.text).toString('hex')).toBe(`90f4f4${'00'.repeat(5)}00100000`);
    expect(image.symbols).toEqual({ start: 0x1000, word: 0x1008 });
  });

  it("gives each instruction its line of the chapter, a macro's the line of the call", async () => {
    expect((await bundle(good)).lines.slice(0, 3)).toEqual([
      [0, 'docs/demo/one.mdx', 42],
      [1, 'docs/demo/two.mdx', 7],
      [2, 'docs/demo/two.mdx', 7],
    ]);
  });

  it('reports mistakes at lines of the chapter', async () => {
    const failure = await bundle(bad).catch((error: unknown) => error as { errors: unknown[] });
    expect((failure as { errors: unknown[] }).errors).toMatchObject([
      { text: "expected ')'", location: { file: 'docs/demo/one.mdx', line: 91, column: 17 } },
    ]);
  });

  it('does the same for Vite', () => {
    const plugin = assemblyPluginVite({ root, origin });
    const watched: string[] = [];
    const context = {
      addWatchFile: (path: string) => watched.push(path),
      error: (message: string): never => {
        throw new Error(message);
      },
    };
    const load = plugin.load as unknown as (this: typeof context, id: string) => { code: string } | null;
    expect(load.call(context, good)?.code).toContain('export default { base: 0,');
    expect(watched).toEqual([good, join(root, 'lib/tools.S')]);
    expect(() => load.call(context, bad)).toThrow(/docs\/demo\/one\.mdx:91:\d+: expected '\)'/);
    expect(load.call(context, 'main.ts')).toBe(null);
  });
});
