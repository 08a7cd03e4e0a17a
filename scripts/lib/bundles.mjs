// The bundles as scripts and tests load them: what they run is what is shipped.
import { BASE_BUNDLE_PATH, LGUEST_BUNDLE_PATH, LGUEST_DEBUG_BUNDLE_PATH, variantBundlePath } from './paths.mjs';
import { variantName } from './variants.mjs';

/** Machine, Host and world. @type {typeof import('../../src/weave/base.ts')} */
export const base = await import(BASE_BUNDLE_PATH);

/** Loads a program's bundle. @param {string} path @returns {Promise<import('../../src/world/index.ts').LguestProgram>} */
export async function loadProgram(path) {
  return (await import(path)).program;
}

/**
 * The program that a scene runs under: the book's, or with patches.
 * @param {import('../../src/world/index.ts').SceneBundle} scene @returns {Promise<import('../../src/world/index.ts').LguestProgram>}
 */
export const programOf = ({ patches }) =>
  patches === undefined ? loadProgram(LGUEST_BUNDLE_PATH) : loadProgram(variantBundlePath(variantName(patches)));

/** The book's lguest; with LGUEST_WITH (`M:014`, `M:013+M:014`) in the environment, that variant in its place: so proofs of the one are tried on the other. */
export const program = await loadProgram(
  process.env.LGUEST_WITH ? variantBundlePath(variantName(process.env.LGUEST_WITH)) : LGUEST_BUNDLE_PATH,
);

/** A debug build of the book's lguest. @returns {Promise<import('../../src/world/index.ts').LguestProgram>} */
export const loadDebugBuild = () => loadProgram(LGUEST_DEBUG_BUNDLE_PATH);
