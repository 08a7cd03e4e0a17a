// From the tangled tree to what runs: the Guests' images, the scenes, and the bundles for Node and for the page.
import { mkdirSync, readdirSync, readFileSync, writeFileSync, existsSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { context } from 'esbuild';
import { COMMAND_BUNDLE_PATH, KERNELS_BUNDLE_PATH, MACHINE_BUNDLE_PATH, TOP, WORLD_BUNDLE_PATH } from './paths.mjs';
import { runTs } from './run_ts.mjs';

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Numbers and number arrays at a bundle's top. */
const CONSTANTS = /^var (?=(?:\w+ = (?:-?[0-9][0-9a-fx_]*|1 << \d+|new Int32Array\(\d+\))(?:, )?)+;$)/gm;

/**
 * Gives constants back their `const`, which esbuild makes `var`: V8 folds the one into code and loads the other, half of the x87's speed.
 * Source maps stay right: no line moves, and on these lines nothing but the names does.
 */
const constantsPlugin = {
  name: 'constants',
  setup(build) {
    build.initialOptions.write = false;
    build.onEnd(({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, path.endsWith('.map') ? text : text.replace(CONSTANTS, 'const '));
      }
    });
  },
};

/** The command takes the world from its bundle: there is one, with one set of line counters. */
const worldOutsidePlugin = {
  name: 'world-outside',
  setup(build) {
    build.onResolve({ filter: /^#world$/ }, () => ({ path: `./${basename(WORLD_BUNDLE_PATH)}`, external: true }));
  },
};

/** The bundles, as esbuild keeps them between two edits. */
async function makeContexts() {
  const { instrumentPlugin } = await runTs('src/tangle/count/instrument.ts');
  const { assemblyPlugin } = await runTs('src/asm/bundler.ts');
  const common = {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: true,
    absWorkingDir: TOP,
    logLevel: 'silent',
    plugins: [assemblyPlugin({ root: `${TOP}/.tangled` }), instrumentPlugin(/[\\/]\.tangled[\\/].*\.ts$/)],
  };
  const forNode = { ...common, plugins: [...common.plugins, constantsPlugin], platform: 'neutral' };
  return Promise.all([
    context({ ...forNode, entryPoints: ['src/world/index.ts'], outfile: WORLD_BUNDLE_PATH }),
    context({ ...forNode, entryPoints: ['src/bare/index.ts'], outfile: MACHINE_BUNDLE_PATH }),
    context({
      ...common,
      plugins: [worldOutsidePlugin],
      entryPoints: ['src/kernels/index.ts'],
      outfile: KERNELS_BUNDLE_PATH,
      platform: 'neutral',
    }),
    context({
      ...common,
      plugins: [worldOutsidePlugin],
      entryPoints: ['src/command/index.ts'],
      outfile: COMMAND_BUNDLE_PATH,
      platform: 'node',
    }),
    context({ ...common, entryPoints: ['src/live/worker/worker.ts'], outfile: 'static/live/worker.js', minify: true, platform: 'browser' }),
  ]);
}

let kept = null;

/**
 * Bundles the world, the command and the bare machine for Node and the worker for the page; the world and the worker carry line counters in the extracted code.
 * @param {{ again?: boolean }} [options] again: more calls will follow, so esbuild keeps what it knows
 */
export async function bundleCode({ again = false } = {}) {
  const contexts = kept ?? (await makeContexts());
  kept = again ? contexts : null;
  try {
    await Promise.all(contexts.map((one) => one.rebuild()));
  } finally {
    if (!again) await Promise.all(contexts.map((one) => one.dispose()));
  }
  const { facts } = await import(`${WORLD_BUNDLE_PATH}?${Date.now()}`);
  writeIfChanged(`${TOP}/static/live/facts.json`, JSON.stringify(facts()));
}

/** Assembles each scene's Guest and writes what the page and the tests load. Returns the scenes' names. */
export async function bundleScenes() {
  const { buildScene } = await runTs('src/world/scenes/build_scene.ts');
  const { panelOf } = await runTs('src/live/panels/table.ts');
  const tangled = `${TOP}/.tangled`;
  const chunks = JSON.parse(readFileSync(`${tangled}/chunks.json`, 'utf8'));
  const read = (path) => (existsSync(`${tangled}/${path}`) ? readFileSync(`${tangled}/${path}`, 'utf8') : undefined);
  const folder = `${tangled}/scenes`;
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => basename(name, '.json'))
    : [];
  const built = `${TOP}/static/live/scenes`;
  for (const file of existsSync(built) ? readdirSync(built) : []) if (!names.includes(basename(file, '.json'))) rmSync(`${built}/${file}`);
  for (const name of names) {
    const scene = buildScene(name, read, chunks, (word) => panelOf(word) !== undefined);
    writeIfChanged(`${built}/${name}.json`, JSON.stringify(scene));
  }
  return names;
}
