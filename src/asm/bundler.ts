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

/** A place in a file; line and column from 1. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where the plugins look. */
export interface AssemblyPluginOptions {
  /** Folder of the assembly files: `.include` names start here. */
  readonly root: string;
  /** Address to assemble a file at, by its path from `root`; 0 unless told. */
  readonly base?: (path: string) => number;
  /** Where a place in a file was written, when the file itself was made of another. Files by their paths from `root`. */
  readonly origin?: (file: string, line: number, column: number) => Place;
}

/** A module made from an assembly file, or what is wrong with the file, at lines of chapters where they are known. */
export interface AssemblyModule {
  readonly code: string;
  /** Every file that was read. */
  readonly files: readonly string[];
  readonly errors: readonly { readonly file: string; readonly line: number; readonly column: number; readonly text: string }[];
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
  const origin = options.origin ?? ((file, line, column): Place => ({ file, line, column }));
  // What the assembler only warns of is not wanted in a program either, and would be lost here.
  const errors = [...assembly.errors, ...assembly.warnings].map((e) => {
    const { file, line, column } = origin(e.source, e.line, e.column);
    return { file, line, column: column - 1, text: e.message };
  });
  const { base, bytes } = flatten(assembly);
  const symbols = Object.fromEntries([...assembly.symbols.values()].filter((s) => !s.name.startsWith('.L')).map((s) => [s.name, s.value]));
  // What a macro makes belongs to the line that calls it: that is the line the reader sees run.
  const lines = assembly.lines.map(({ address, source, line, via }) => {
    const place = origin(via?.source ?? source, via?.line ?? line, 1);
    return [address, place.file, place.line];
  });
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
