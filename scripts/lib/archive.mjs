// The program as an archive: the extracted files, and what builds and tests them without anything to install.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { BASE_BUNDLE_PATH, TOP } from './paths.mjs';

/** Where the site finds it. */
export const ARCHIVE_PATH = `${TOP}/static/live/lguest-program.zip`;
/** The folder that it unpacks to. */
const FOLDER = 'lguest-program';
/** All its files are as old as Linux 2.6.25, so that the same program makes the same archive. */
const MTIME = new Date(2008, 3, 17);
const OWN = ['build.mjs', 'test.mjs', 'README.md'];
const EXTRACTED = /^(?:lguest\.ts|(?:host|launcher|switcher|guest|guests|puppy|scenes)\/.+\.(?:ts|S|json))$/;

/** All its files by their paths. @returns {Promise<Record<string, string>>} */
async function files() {
  const { version, license } = JSON.parse(readFileSync(`${TOP}/package.json`, 'utf8'));
  /** @type {Record<string, string>} */
  const all = {
    LICENSE: readFileSync(`${TOP}/LICENSE`, 'utf8'),
    'package.json': `${JSON.stringify(
      {
        name: FOLDER,
        version,
        license,
        private: true,
        type: 'module',
        engines: { node: '>=20.19' },
        imports: { '#tangled/*.ts': './build/*.js', '#tangled/*.S': './build/*.S.js', '#hostos': './tools/base.mjs' },
        scripts: { build: 'node build.mjs', pretest: 'node build.mjs', test: 'node --test test.mjs' },
      },
      null,
      2,
    )}\n`,
    'tools/base.mjs': readFileSync(BASE_BUNDLE_PATH, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''),
    'tools/toolchain.mjs': await toolchain(),
  };
  for (const name of OWN) all[name] = readFileSync(`${TOP}/scripts/lib/archive/${name}`, 'utf8');
  const tangled = `${TOP}/.tangled`;
  for (const name of readdirSync(tangled, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')))
    if (EXTRACTED.test(name) && statSync(`${tangled}/${name}`).isFile()) {
      // The maps lead to chapters, which are not here.
      all[`program/${name}`] = readFileSync(`${tangled}/${name}`, 'utf8').replace(/\n\/\/# sourceMappingURL=data:[^\n]*\n?$/, '\n');
    }
  for (const name of readdirSync(`${TOP}/docs`, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.fingerprint.json'),
  )) {
    const { scenes } = JSON.parse(readFileSync(`${TOP}/docs/${name}`, 'utf8'));
    // Those of variants need patched files.
    for (const [scene, { console, ending, counts }] of Object.entries(scenes))
      if (`program/scenes/${scene}.json` in all)
        all[`expected/${scene}.json`] = `${JSON.stringify({ console, ending, counts }, null, 2)}\n`;
  }
  return all;
}

async function toolchain() {
  const { outputFiles } = await build({
    entryPoints: [`${TOP}/scripts/lib/archive/toolchain.ts`],
    absWorkingDir: TOP,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20',
    logLevel: 'silent',
    plugins: [
      {
        name: 'base-outside',
        setup: (one) => one.onResolve({ filter: /^#(world|hostos)$/ }, () => ({ path: './base.mjs', external: true })),
      },
    ],
  });
  return outputFiles[0].text;
}

/** Makes the archive's bytes. */
export async function packArchive() {
  const entries = Object.entries(await files()).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(entries.map(([path, text]) => [`${FOLDER}/${path}`, strToU8(text)])), { mtime: MTIME, level: 9 });
}

/** Writes it where the site finds it, if it is another than before. */
export async function writeArchive() {
  const bytes = await packArchive();
  if (existsSync(ARCHIVE_PATH) && readFileSync(ARCHIVE_PATH).equals(bytes)) return;
  mkdirSync(dirname(ARCHIVE_PATH), { recursive: true });
  writeFileSync(ARCHIVE_PATH, bytes);
}
