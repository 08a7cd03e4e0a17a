// Brings node_modules in line with the lockfile, when it is not already.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { TOP } from './paths.mjs';
import { step, fail } from './steps.mjs';

/**
 * What differs between a lockfile and what an install left, by content: times mean nothing after a checkout.
 * @param {Record<string, {version?: string, integrity?: string, optional?: boolean, link?: boolean}>} wanted `packages` of package-lock.json
 * @param {Record<string, {version?: string, integrity?: string}>} found `packages` of node_modules/.package-lock.json, npm's own record of what it installed
 * @returns {string[]} paths of packages that are missing, of another version or with other content, or too many
 */
export function differing(wanted, found) {
  const missing = Object.entries(wanted).filter(([path, entry]) => {
    if (path === '' || entry.link) return false;
    const there = found[path];
    if (!there) return !entry.optional;
    return there.version !== entry.version || there.integrity !== entry.integrity;
  });
  return [...missing.map(([path]) => path), ...Object.keys(found).filter((path) => !(path in wanted))];
}

/** Whether the packages are there as the lockfile has them. */
function isInstalled() {
  const record = `${TOP}/node_modules/.package-lock.json`;
  if (!existsSync(record)) return false;
  try {
    const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
    return differing(read(`${TOP}/package-lock.json`), read(record)).length === 0;
  } catch {
    return false;
  }
}

/** Installs what is missing; nothing happens on a tree that is up to date. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const folder = lstatSync(`${TOP}/node_modules`, { throwIfNoEntry: false });
  if (folder?.isSymbolicLink()) {
    fail('node_modules is a link, and the install that is needed would empty what it leads to: remove the link, then run this again.');
  }
  await step('installing packages', () => {
    const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], { cwd: TOP, encoding: 'utf8', shell: process.platform === 'win32' });
    if (npm.status !== 0) fail(`\nnpm ci failed:\n${npm.stderr ?? npm.error}`);
  });
}

/** For commands whose name does not promise an install: they say what is missing and end. */
export function demandInstalled() {
  if (!isInstalled()) fail('The packages are not installed as package-lock.json has them: run npm ci, then this again.');
}
