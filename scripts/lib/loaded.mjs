// A bundle that is as new as what it is made of.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TOP } from './paths.mjs';

/** When the newest chapter or source file was written. */
function newestSource() {
  let newest = 0;
  for (const folder of ['docs', 'src', 'scripts']) {
    for (const name of readdirSync(join(TOP, folder), { recursive: true })) {
      if (/\.(?:mdx|ts|mjs)$/.test(name) && !/\.test\.ts$/.test(name)) newest = Math.max(newest, statSync(join(TOP, folder, name)).mtimeMs);
    }
  }
  return newest;
}

/** Loads a bundle, after building it where it is missing or older than its sources. @param {string} path */
export async function loadBundle(path) {
  process.setSourceMapsEnabled(true);
  if (!existsSync(path) || statSync(path).mtimeMs < newestSource()) await (await import('./prepare.mjs')).prepare();
  return import(path);
}

/** A file's bytes, or undefined where there is none. @param {string} path */
export function readBytes(path) {
  return existsSync(path) && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined;
}
