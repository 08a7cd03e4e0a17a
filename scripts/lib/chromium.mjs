// Finds a Chromium to drive: the environment's, one on the path, puppeteer's, or Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fail, step } from './steps.mjs';
import { TOP } from './paths.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Flags that a headless Chromium needs here and in CI. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function onPath() {
  for (const name of NAMES) {
    const found = spawnSync('which', [name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  return ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'].find(
    (path) => existsSync(path),
  );
}

/** The path of a Chromium; installs one where that can be done without asking. @returns {Promise<string>} */
export async function findChromium() {
  const named = process.env.PUPPETEER_EXECUTABLE_PATH;
  if (named) return existsSync(named) ? named : fail(`PUPPETEER_EXECUTABLE_PATH names ${named}, which does not exist.`);
  const found = onPath();
  if (found) return found;
  const installed = await step('looking for a browser: npx puppeteer browsers install chrome', () => {
    const run = spawnSync('npx', ['puppeteer', 'browsers', 'install', 'chrome', '--format', '{{path}}'], {
      cwd: TOP,
      encoding: 'utf8',
      timeout: 180_000,
    });
    const path = run.stdout?.trim().split('\n').pop() ?? '';
    return run.status === 0 && existsSync(path) ? path : undefined;
  });
  if (installed) return installed;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    await step('installing Debian’s chromium', () => {
      spawnSync('apt-get', ['update'], { stdio: 'ignore' });
      spawnSync('apt-get', ['install', '-y', 'chromium'], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    });
    const debian = onPath();
    if (debian) return debian;
  }
  return fail('No Chromium found: install one, or set PUPPETEER_EXECUTABLE_PATH to its path.');
}
