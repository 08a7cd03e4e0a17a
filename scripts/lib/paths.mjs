// Where the build puts what others load.
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const TOP = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
/** Where Node finds machine, Host and world. */
export const BASE_BUNDLE_PATH = `${TOP}/.tangled/bundle/base.mjs`;
/** Where Node finds the book's lguest, with line counters and maps to the chapters; it loads the base from beside it. */
export const LGUEST_BUNDLE_PATH = `${TOP}/.tangled/bundle/lguest.mjs`;
/** Where Node finds a debug build of the same: it counts the same lines, and tells what its variables stand for. */
export const LGUEST_DEBUG_BUNDLE_PATH = `${TOP}/.tangled/bundle/lguest.debug.mjs`;
/** Where Node finds a variant of it, beside the same base. @param {string} name */
export const variantBundlePath = (name) => `${TOP}/.tangled/bundle/lguest.${name}.mjs`;
/** Where Node finds the command; it loads the base from beside it. */
export const COMMAND_BUNDLE_PATH = `${TOP}/.tangled/bundle/command.mjs`;
/** Where Node finds what is known of real Linux kernels; it loads the base from beside it. */
export const KERNELS_BUNDLE_PATH = `${TOP}/.tangled/bundle/kernels.mjs`;
/** Where Node finds the machine alone. */
export const MACHINE_BUNDLE_PATH = `${TOP}/.tangled/bundle/machine.mjs`;
/** Where Node finds the weave of edited chunks; it loads the base from beside it. */
export const WEAVE_BUNDLE_PATH = `${TOP}/.tangled/bundle/weave.mjs`;
/** The book's code as data, for that weave. */
export const BOOK_PATH = `${TOP}/static/live/book.json`;
