// The package that npm pack makes: the commands' bundles, and the machine's with its types.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { BASE_BUNDLE_PATH, COMMAND_BUNDLE_PATH, LGUEST_BUNDLE_PATH, MACHINE_BUNDLE_PATH, TOP } from './paths.mjs';
import { areBundlesFresh } from './sources.mjs';
import { fail } from './steps.mjs';

const DIST = `${TOP}/dist`;

/** Writes dist/. */
export async function makePackage() {
  if (!areBundlesFresh()) await (await import('./prepare.mjs')).prepare();
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  for (const path of [BASE_BUNDLE_PATH, LGUEST_BUNDLE_PATH, COMMAND_BUNDLE_PATH, MACHINE_BUNDLE_PATH])
    writeFileSync(`${DIST}/${basename(path)}`, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  const tsc = spawnSync(process.execPath, [`${TOP}/node_modules/typescript/bin/tsc`, '-p', 'scripts/lib/tsconfig.package.json'], {
    cwd: TOP,
    encoding: 'utf8',
  });
  if (tsc.status !== 0) fail(`The machine's types could not be written:\n${tsc.stdout}`);
  resolveTypes(`${DIST}/types`);
}

/** In what is installed, declarations find each other by their places, and by the names that every compiler looks for. @param {string} folder */
function resolveTypes(folder) {
  const { imports } = JSON.parse(readFileSync(`${TOP}/package.json`, 'utf8'));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.d.ts'))) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8')
      .replace(/'(#[\w/]+)'/g, (all, alias) => {
        const to = imports[alias];
        if (to === undefined) return all;
        const way = relative(dirname(path), join(folder, to.replace(/^\.\/src\//, ''))).replaceAll('\\', '/');
        return `'${way.startsWith('.') ? way : `./${way}`}'`;
      })
      .replace(/(from |import\()(['"])(\.{1,2}\/[^'"]*)\.ts\2/g, '$1$2$3.js$2');
    writeFileSync(path, text);
  }
}
