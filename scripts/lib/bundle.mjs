// From the tangled tree to what runs: the Guests' images, the scenes, and the bundles for Node and for the page.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync, existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, context } from 'esbuild';
import {
  BASE_BUNDLE_PATH,
  COMMAND_BUNDLE_PATH,
  KERNELS_BUNDLE_PATH,
  LGUEST_BUNDLE_PATH,
  LGUEST_DEBUG_BUNDLE_PATH,
  MACHINE_BUNDLE_PATH,
  TOP,
  variantBundlePath,
  WEAVE_BUNDLE_PATH,
} from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { forgetSources } from './sources.mjs';
import { variantFolder, variantName, wantedVariants } from './variants.mjs';

/** @param {string} path @param {string | Uint8Array} content */
function writeIfChanged(path, content) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
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

/** There is one Host and one world for all: whatever else is bundled finds them in the base beside it. @param {string} base */
const baseOutsidePlugin = (base) => ({
  name: 'base-outside',
  setup(build) {
    build.onResolve({ filter: /^#(world|hostos)$/ }, () => ({ path: `./${base}`, external: true }));
  },
});

const COMMON = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: true,
  absWorkingDir: TOP,
  logLevel: 'silent',
};
const FOR_NODE = { ...COMMON, platform: 'neutral' };
const FOR_PAGE = { ...COMMON, platform: 'browser', minify: true };

/** What TypeScript asks for in Node, and not in a page. */
const NODE_ONLY = ['crypto', 'fs', 'inspector', 'module', 'os', 'path', 'perf_hooks', 'source-map-support', 'url'];

/** What has been given its counters, for all programs of one bundling. @type {Map<string, string>} */
const counted = new Map();

/** The book's program. */
const PROGRAM = 'src/weave/lguest.ts';
/** What makes a program of edited chunks. */
const WEAVE = 'src/weave/edits/index.ts';

/**
 * What makes a program of chapters' code: its files import each other, it is assembled, and its lines are counted.
 * @param {(code: string, path: string) => string} [edit]
 * @param {string} [root] the folder of the extracted files
 * @param {boolean} [debug] it tells what its variables stand for, too
 */
async function programPlugins(edit, root = `${TOP}/.tangled`, debug = false) {
  const { instrumentPlugin } = await runTs('src/tangle/count/instrument.ts');
  const { assemblyPlugin } = await runTs('src/asm/bundler.ts');
  const { chapterPlaces } = await runTs('src/tangle/node/places.ts');
  const tangledIn = {
    name: 'tangled-in',
    setup(build) {
      build.onResolve({ filter: /^#tangled\// }, ({ path }) => ({ path: `${root}/${path.slice('#tangled/'.length)}` }));
    },
  };
  /** @returns {string[]} */
  const files = () =>
    JSON.parse(readFileSync(`${root}/chunks.json`, 'utf8'))
      .files.filter(({ lang, program }) => lang === 'ts' && program)
      .map(({ path }) => join(root, path));
  return [
    tangledIn,
    assemblyPlugin({ root, origin: chapterPlaces(root) }),
    instrumentPlugin({ files, runtime: '#tangle/runtime', edit, debug, known: counted }),
  ];
}

/**
 * Bundles the chapters' program with something changed in it; it stands on the same base as the book's.
 * @param {string} outfile in the folder of the base
 * @param {(code: string, path: string) => string} [edit] makes of an extracted TypeScript file another, with as many lines
 * @param {string} [root] the folder of the variant's extracted files
 */
export async function bundleVariant(outfile, edit, root) {
  await build({
    ...FOR_NODE,
    plugins: [...(await programPlugins(edit, root)), baseOutsidePlugin(basename(BASE_BUNDLE_PATH))],
    entryPoints: [PROGRAM],
    outfile,
  });
}

/** The bundles, as esbuild keeps them between two edits. @param {readonly string[]} variants the sets of patches that scenes want */
async function makeContexts(variants) {
  const lguest = await programPlugins();
  const debug = await programPlugins(undefined, undefined, true);
  const inNode = baseOutsidePlugin(basename(BASE_BUNDLE_PATH));
  const inPage = baseOutsidePlugin('base.js');
  const patched = await Promise.all(
    variants.map(async (key) => {
      const root = `${TOP}/${variantFolder(key)}`;
      const plugins = await programPlugins(undefined, root);
      const debug = await programPlugins(undefined, root, true);
      return [
        context({
          ...FOR_NODE,
          plugins: [...plugins, inNode, constantsPlugin],
          entryPoints: [PROGRAM],
          outfile: variantBundlePath(variantName(key)),
        }),
        context({
          ...FOR_PAGE,
          plugins: [...plugins, inPage],
          entryPoints: [PROGRAM],
          outfile: `static/live/lguest.${variantName(key)}.js`,
        }),
        context({
          ...FOR_PAGE,
          plugins: [...debug, inPage],
          entryPoints: [PROGRAM],
          outfile: `static/live/lguest.${variantName(key)}.debug.js`,
        }),
      ];
    }),
  );
  return Promise.all([
    ...patched.flat(),
    context({ ...FOR_NODE, plugins: [constantsPlugin], entryPoints: ['src/weave/base.ts'], outfile: BASE_BUNDLE_PATH }),
    context({ ...FOR_NODE, plugins: [...lguest, inNode, constantsPlugin], entryPoints: [PROGRAM], outfile: LGUEST_BUNDLE_PATH }),
    context({ ...FOR_NODE, plugins: [...debug, inNode], entryPoints: [PROGRAM], outfile: LGUEST_DEBUG_BUNDLE_PATH }),
    context({ ...FOR_NODE, plugins: [constantsPlugin], entryPoints: ['src/bare/index.ts'], outfile: MACHINE_BUNDLE_PATH }),
    context({ ...FOR_NODE, plugins: [inNode], entryPoints: ['src/kernels/index.ts'], outfile: KERNELS_BUNDLE_PATH }),
    context({ ...COMMON, plugins: [inNode], entryPoints: [WEAVE], outfile: WEAVE_BUNDLE_PATH, platform: 'browser' }),
    context({ ...COMMON, plugins: [inNode], entryPoints: ['src/command/index.ts'], outfile: COMMAND_BUNDLE_PATH, platform: 'node' }),
    context({ ...FOR_PAGE, entryPoints: ['src/weave/base.ts'], outfile: 'static/live/base.js' }),
    context({ ...FOR_PAGE, plugins: [...lguest, inPage], entryPoints: [PROGRAM], outfile: 'static/live/lguest.js' }),
    context({ ...FOR_PAGE, plugins: [inPage], entryPoints: [WEAVE], outfile: 'static/live/weave.js' }),
    context({ ...FOR_PAGE, plugins: [...debug, inPage], entryPoints: [PROGRAM], outfile: 'static/live/lguest.debug.js' }),
    context({ ...FOR_PAGE, plugins: [inPage], entryPoints: ['src/live/worker/checker.ts'], outfile: 'static/live/checker.js' }),
    context({ ...FOR_PAGE, entryPoints: ['typescript'], outfile: 'static/live/typescript.js', sourcemap: false, external: NODE_ONLY }),
    context({ ...FOR_PAGE, plugins: [inPage], entryPoints: ['src/live/worker/worker.ts'], outfile: 'static/live/worker.js' }),
  ]);
}

/** Those contexts, and the variants that they were made for. @type {{ contexts: import('esbuild').BuildContext[], variants: string } | null} */
let kept = null;

/**
 * Bundles the base, the book's program and its variants, the command and the bare machine for Node; base, programs and worker for the page. The programs carry line counters.
 * @param {{ again?: boolean }} [options] again: more calls will follow, so esbuild keeps what it knows
 */
export async function bundleCode({ again = false } = {}) {
  forgetSources();
  const variants = wantedVariants();
  if (kept !== null && kept.variants !== variants.join()) {
    await Promise.all(kept.contexts.map((one) => one.dispose()));
    kept = null;
  }
  const contexts = kept?.contexts ?? (await makeContexts(variants));
  kept = again ? { contexts, variants: variants.join() } : null;
  try {
    await Promise.all(contexts.map((one) => one.rebuild()));
  } finally {
    counted.clear();
    if (!again) await Promise.all(contexts.map((one) => one.dispose()));
  }
  const { facts } = await import(BASE_BUNDLE_PATH);
  const { program } = await import(`${LGUEST_BUNDLE_PATH}?${Date.now()}`);
  writeIfChanged(`${TOP}/static/live/facts.json`, JSON.stringify({ ...facts(program), ...sceneFacts() }));
}

/** What the scenes promise to count, by `scene/way`: pages show these numbers, and the tests hold them. */
function sceneFacts() {
  const folder = `${TOP}/static/live/scenes`;
  const names = existsSync(folder) ? readdirSync(folder).map((name) => basename(name, '.json')) : [];
  return Object.fromEntries(
    names.flatMap((name) => {
      const { facts = {} } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')).scene;
      return Object.entries(facts).map(([way, count]) => [`${name}/${way}`, count]);
    }),
  );
}

/** Writes what TypeScript must know in the page, if the code that it comes from has changed. */
export async function bundleTypes() {
  const hash = createHash('sha256');
  const files = ['src/hostos', 'src/machine', 'src/packets'].flatMap((folder) =>
    readdirSync(`${TOP}/${folder}`, { recursive: true }).map((name) => `${folder}/${String(name)}`),
  );
  for (const path of [...files.filter((one) => /(?<!\.test)\.ts$/.test(one)).sort(), 'package-lock.json', 'scripts/lib/types.mjs'])
    hash.update(readFileSync(`${TOP}/${path}`));
  const made = `${TOP}/static/live/types.json`;
  const from = `${TOP}/.tangled/types.sha256`;
  const digest = hash.digest('hex');
  if (existsSync(made) && existsSync(from) && readFileSync(from, 'utf8') === digest) return;
  const { typesForPage } = await import('./types.mjs');
  writeIfChanged(made, JSON.stringify(typesForPage()));
  writeIfChanged(from, digest);
}

/** Writes each chapter's code for pages that show a line of another chapter. */
export function bundleLines() {
  const { chunks } = JSON.parse(readFileSync(`${TOP}/.tangled/chunks.json`, 'utf8'));
  const folder = `${TOP}/static/live/lines`;
  const written = new Set();
  for (const chapter of new Set(chunks.map((chunk) => chunk.chapter))) {
    const lines = readFileSync(`${TOP}/${chapter}`, 'utf8').split(/\r\n|[\r\n]/);
    const listed = chunks
      .filter((chunk) => chunk.chapter === chapter)
      .map(({ id, lines: { from, to } }) => ({ id, line: from, text: lines.slice(from - 1, to).join('\n') }));
    const name = `${chapter.replace(/^docs\//, '').replace(/\.mdx?$/, '')}.json`;
    writeIfChanged(`${folder}/${name}`, JSON.stringify(listed));
    written.add(name);
  }
  for (const name of readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll('\\', '/')))
    if (name.endsWith('.json') && !written.has(name)) rmSync(`${folder}/${name}`);
}

/** What is longer than this, and the same in several scenes, is kept once: letters. */
const WORTH_SHARING = 20_000;

/** Writes the scenes; what several have lies beside them, named by what is in it. @param {import('../../src/world/index.ts').SceneBundle[]} bundles */
function writeScenes(bundles) {
  const parts = bundles.map((bundle) =>
    ['image', 'lines', 'files', 'programs'].flatMap((key) => {
      const text = JSON.stringify(bundle[key] ?? null);
      return text.length < WORTH_SHARING
        ? []
        : [{ key, text, file: `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json` }];
    }),
  );
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const { file } of parts.flat()) uses.set(file, (uses.get(file) ?? 0) + 1);
  const folder = `${TOP}/static/live/parts`;
  const kept = new Set();
  for (const [index, { ...bundle }] of bundles.entries()) {
    const shared = parts[index].filter(({ file }) => (uses.get(file) ?? 0) > 1);
    for (const { key, text, file } of shared) {
      writeIfChanged(`${folder}/${file}`, text);
      kept.add(file);
      delete bundle[key];
    }
    if (shared.length > 0) bundle.parts = Object.fromEntries(shared.map(({ key, file }) => [key, file]));
    writeIfChanged(`${TOP}/static/live/scenes/${bundle.name}.json`, JSON.stringify(bundle));
  }
  for (const file of existsSync(folder) ? readdirSync(folder) : []) if (!kept.has(file)) rmSync(`${folder}/${file}`);
}

/**
 * Assembles each scene's Guest and writes what the page and the tests load; and, of scenes with files of their own, the Guest and the files, for whoever runs them by
 * `lguest`: `.tangled/guests/….elf`, `.cpio`. Returns the scenes' names.
 */
export async function bundleScenes() {
  const { BuiltFiles, buildScene, SceneFault } = await runTs('src/weave/scenes/build_scene.ts');
  const { formatMessage } = await runTs('src/tangle/index.ts');
  const { panelOf } = await runTs('src/live/panels/table.ts');
  const tangled = `${TOP}/.tangled`;
  const chunks = JSON.parse(readFileSync(`${tangled}/chunks.json`, 'utf8'));
  const reader = (root) => (path) => (existsSync(`${root}/${path}`) ? readFileSync(`${root}/${path}`, 'utf8') : undefined);
  const read = reader(tangled);
  const folder = `${tangled}/scenes`;
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => basename(name, '.json'))
    : [];
  const built = `${TOP}/static/live/scenes`;
  const written = new Set();
  const bundles = [];
  const write = ({ bundle, left }) => {
    bundles.push(bundle);
    for (const [path, bytes] of left) writeIfChanged(`${tangled}/${path}`, bytes);
    written.add(`${bundle.name}.json`);
  };
  const faults = [];
  const files = new BuiltFiles(read, chunks);
  const variants = new Map(
    wantedVariants().map((patches) => {
      const root = `${TOP}/${variantFolder(patches)}`;
      const own = { read: reader(root), chunks: JSON.parse(readFileSync(`${root}/chunks.json`, 'utf8')) };
      return [patches, { patches, ...own, files: new BuiltFiles(own.read, own.chunks) }];
    }),
  );
  for (const name of names) {
    try {
      const isPanel = (word) => panelOf(word) !== undefined;
      write(buildScene(name, read, chunks, isPanel, files));
      for (const patches of Object.keys(JSON.parse(read(`scenes/${name}.json`)).patches ?? {})) {
        write(buildScene(name, read, chunks, isPanel, files, variants.get(patches)));
      }
    } catch (error) {
      if (!(error instanceof SceneFault)) throw error;
      faults.push(...error.notes);
    }
  }
  writeScenes(bundles);
  for (const file of existsSync(built) ? readdirSync(built) : []) if (!written.has(file) && faults.length === 0) rmSync(`${built}/${file}`);
  if (faults.length > 0) {
    const shown = (path) => (existsSync(`${TOP}/${path}`) ? readFileSync(`${TOP}/${path}`, 'utf8') : undefined);
    throw new Error(faults.map((fault) => formatMessage(fault, [], '', { read: shown })).join('\n'));
  }
  return names;
}
