/**
 * For esbuild and Vite: `import image from '#tangled/….S'` gives the assembled program as a module, of the shape that image.d.ts
 * tells. The one part of this folder that runs in Node only, while building.
 */
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';
import { assemble } from './assemble.ts';
import type { Assembly, Source } from './types.ts';

/** Where the plugins look. */
export interface AssemblyPluginOptions {
  /** Folder of the extracted files: `.include` names start here, and its chunks.json, if there, tells the chapters' lines. */
  readonly root: string;
  /** Address to assemble a file at, by its path from `root`; 0 unless told. */
  readonly base?: (path: string) => number;
}

/** The part of chunks.json that is read here: for each extracted file, runs of lines and where they stand in a chapter. */
interface LineRun {
  readonly out: number;
  readonly count: number;
  readonly source: number;
  readonly line: number;
}
interface FileLines {
  readonly path: string;
  readonly sources: readonly string[];
  readonly lineMap: readonly LineRun[];
}

/** A module made from an assembly file, or what is wrong with the file, at lines of chapters where they are known. */
export interface AssemblyModule {
  readonly code: string;
  /** Every file that was read. */
  readonly files: readonly string[];
  readonly errors: readonly { readonly file: string; readonly line: number; readonly column: number; readonly text: string }[];
}

function readIndex(root: string): Map<string, FileLines> {
  const path = resolve(root, 'chunks.json');
  if (!existsSync(path)) return new Map();
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: FileLines[] };
  return new Map(files.map((file) => [file.path, file]));
}

/** A line of an extracted file as a line of its chapter; itself where no chunk has it. */
function chapterLine(index: ReadonlyMap<string, FileLines>, source: string, line: number): [string, number] {
  const file = index.get(source);
  const run = file?.lineMap.find(({ out, count }) => line >= out && line < out + count);
  return file && run ? [file.sources[run.source], run.line + line - run.out] : [source, line];
}

/** The bytes of the image from its first address on, gaps as zeros; what takes up no bytes is left out. */
function flatten(assembly: Assembly): { base: number; bytes: Uint8Array } {
  const held = assembly.image.segments.filter((s) => s.bytes.length > 0);
  const base = Math.min(...held.map((s) => s.address));
  if (!held.length) return { base: 0, bytes: new Uint8Array(0) };
  const bytes = new Uint8Array(Math.max(...held.map((s) => s.address + s.bytes.length)) - base);
  for (const { address, bytes: part } of held) bytes.set(part, address - base);
  return { base, bytes };
}

/** Assembles the file at `path` and writes it as a JavaScript module. */
export function assemblyModule(path: string, options: AssemblyPluginOptions): AssemblyModule {
  const files: string[] = [];
  const read = (name: string): Source | null => {
    const full = resolve(options.root, name);
    if (!existsSync(full)) return null;
    files.push(full);
    return { name, text: readFileSync(full, 'utf8') };
  };
  const name = relative(options.root, path).split(sep).join('/');
  const source = read(name);
  if (!source) return { code: '', files, errors: [{ file: path, line: 1, column: 0, text: 'no such file' }] };
  const assembly = assemble([source], { base: options.base?.(name) ?? 0, include: read });
  const index = readIndex(options.root);
  // What the assembler only warns of is not wanted in a program either, and would be lost here.
  const errors = [...assembly.errors, ...assembly.warnings].map((e) => {
    const [file, line] = chapterLine(index, e.source, e.line);
    return { file, line, column: e.column - 1, text: e.message };
  });
  const { base, bytes } = flatten(assembly);
  const symbols = Object.fromEntries([...assembly.symbols.values()].filter((s) => !s.name.startsWith('.L')).map((s) => [s.name, s.value]));
  // What a macro makes belongs to the line that calls it: that is the line the reader sees run.
  const lines = assembly.lines.map((l) => [l.address, ...chapterLine(index, l.via?.source ?? l.source, l.via?.line ?? l.line)]);
  const code = `const text = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))}), (c) => c.charCodeAt(0));
export default { base: ${base}, text, symbols: ${JSON.stringify(symbols)}, lines: ${JSON.stringify(lines)} };
`;
  return { code, files, errors };
}

/** The plugin for esbuild. */
export function assemblyPlugin(options: AssemblyPluginOptions): EsbuildPlugin {
  return {
    name: 'assembly',
    setup(build) {
      build.onLoad({ filter: /\.S$/ }, ({ path }) => {
        const { code, files, errors } = assemblyModule(path, options);
        return {
          contents: code,
          loader: 'js',
          watchFiles: [...files],
          errors: errors.map(({ file, line, column, text }) => ({ text, location: { file, line, column, lineText: '' } })),
        };
      });
    },
  };
}

/** The plugin for Vite, and so for vitest. */
export function assemblyPluginVite(options: AssemblyPluginOptions): VitePlugin {
  return {
    name: 'assembly',
    enforce: 'pre',
    load(id) {
      const [path] = id.split('?');
      if (!path.endsWith('.S')) return null;
      const { code, files, errors } = assemblyModule(path, options);
      for (const file of files) this.addWatchFile(file);
      if (errors.length) this.error(errors.map(({ file, line, column, text }) => `${file}:${line}:${column + 1}: ${text}`).join('\n'));
      return { code, map: null };
    },
  };
}
