// A bundle that was made of the sources as they are.
import { existsSync } from 'node:fs';
import { IS_PACKAGE } from './paths.mjs';
import { areBundlesFresh } from './sources.mjs';
import { mapOnCrash } from './crash.mjs';

/** Loads a bundle, after building it where it is missing or was made of something else. @param {string} path */
export async function loadBundle(path) {
  if (IS_PACKAGE) return import(path);
  mapOnCrash();
  if (!existsSync(path) || !areBundlesFresh()) await (await import('./prepare.mjs')).prepare();
  return import(path);
}
