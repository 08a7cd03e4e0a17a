/**
 * Loads a TypeScript module in plain Node: bundled by esbuild into .tangled/bin, packages left outside, source map
 * inside. A bundle whose sources did not change since is loaded as it is, without esbuild.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * @param {string} entry path of the module from the project's root
 * @param {{ plugins?: import('esbuild').Plugin[], name?: string }} [options] further bundler plugins; with plugins the bundle is made anew each time
 * @returns {Promise<Record<string, any>>} the module
 */
export async function runTs(entry, options = {}) {
  return import(pathToFileURL(await bundleTs(entry, options)).href);
}

/** As {@link runTs}, but only makes the bundle. Returns its path. */
async function bundleTs(
  entry,
  {
    plugins = [],
    name = entry
      .replace(/^src[/\\]/, '')
      .replace(/\.ts$/, '')
      .replace(/[/\\]/g, '-'),
  } = {},
) {
  const outfile = join(root, '.tangled/bin', `${name}.mjs`);
  const record = `${outfile}.inputs.json`;
  if (plugins.length === 0 && isFresh(outfile, record)) return outfile;
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    entryPoints: [resolve(root, entry)],
    outfile,
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [...plugins, packagesOutside],
  });
  const inputs = Object.keys(metafile.inputs).filter((path) => existsSync(join(root, path)));
  mkdirSync(join(root, '.tangled/bin'), { recursive: true });
  replaceFile(outfile, outputFiles[0].contents);
  replaceFile(record, JSON.stringify(Object.fromEntries(inputs.map((path) => [path, statSync(join(root, path)).mtimeMs]))));
  return outfile;
}

/** @type {import('esbuild').Plugin} */
const packagesOutside = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => (kind === 'entry-point' ? undefined : { path, external: true }));
  },
};

/** Writes so that another process sees the old file or the new one, never a part. */
function replaceFile(path, content) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function isFresh(outfile, record) {
  try {
    if (!existsSync(outfile)) return false;
    const inputs = Object.entries(JSON.parse(readFileSync(record, 'utf8')));
    return inputs.every(([path, time]) => statSync(join(root, path)).mtimeMs === time);
  } catch {
    return false;
  }
}
