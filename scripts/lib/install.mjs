// Brings node_modules in line with the lockfile, when it is not already.
import { existsSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { TOP } from './paths.mjs';
import { step, fail } from './steps.mjs';

/** Installs what is missing; nothing happens on a tree that is up to date. */
export async function ensureInstalled() {
  const stamp = `${TOP}/node_modules/.package-lock.json`;
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(`${TOP}/package-lock.json`).mtimeMs) return;
  await step('installing packages', () => {
    const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], { cwd: TOP, encoding: 'utf8', shell: process.platform === 'win32' });
    if (npm.status !== 0) fail(`\nnpm ci failed:\n${npm.stderr ?? npm.error}`);
    // npm ci writes the stamp with the lockfile's own time on some systems: touch it.
    spawnSync(process.execPath, ['-e', `require('fs').utimesSync(${JSON.stringify(stamp)}, new Date(), new Date())`]);
  });
}
