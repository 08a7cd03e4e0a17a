// Where the build puts what others load.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const TOP = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
/** Whether this is a package that was installed: it has no sources, and its bundles are in another folder. */
export const IS_PACKAGE = !existsSync(`${TOP}/src`);
const BUNDLES = `${TOP}/${IS_PACKAGE ? 'dist' : '.tangled/bundle'}`;
/** Where Node finds machine, Host and world. */
export const BASE_BUNDLE_PATH = `${BUNDLES}/base.mjs`;
/** Where Node finds the book's lguest, with line counters and maps to the chapters; it loads the base from beside it. */
export const LGUEST_BUNDLE_PATH = `${BUNDLES}/lguest.mjs`;
/** Where Node finds a debug build of the same: it counts the same lines, and tells what its variables stand for. */
export const LGUEST_DEBUG_BUNDLE_PATH = `${BUNDLES}/lguest.debug.mjs`;
/** Where Node finds a variant of it, beside the same base. @param {string} name */
export const variantBundlePath = (name) => `${BUNDLES}/lguest.${name}.mjs`;
/** Where Node finds the command; it loads the base from beside it. */
export const COMMAND_BUNDLE_PATH = `${BUNDLES}/command.mjs`;
/** Where Node finds what is known of real Linux kernels; it loads the base from beside it. */
export const KERNELS_BUNDLE_PATH = `${BUNDLES}/kernels.mjs`;
/** Where Node finds the machine alone. */
export const MACHINE_BUNDLE_PATH = `${BUNDLES}/machine.mjs`;
/** Where Node finds the weave of edited chunks; it loads the base from beside it. */
export const WEAVE_BUNDLE_PATH = `${BUNDLES}/weave.mjs`;
/** The book's code as data, for that weave. */
export const BOOK_PATH = `${TOP}/static/live/book.json`;
