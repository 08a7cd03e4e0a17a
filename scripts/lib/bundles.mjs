// The bundles as scripts and tests load them: what they run is what is shipped.
import { BASE_BUNDLE_PATH, LGUEST_BUNDLE_PATH } from './paths.mjs';

/** Machine, Host and world. @type {typeof import('../../src/weave/base.ts')} */
export const base = await import(BASE_BUNDLE_PATH);

/** Loads a program's bundle. @param {string} path @returns {Promise<import('../../src/world/index.ts').LguestProgram>} */
export async function loadProgram(path) {
  return (await import(path)).program;
}

/** The book's lguest. */
export const program = await loadProgram(LGUEST_BUNDLE_PATH);
