// Where the build puts what others load.
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const TOP = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
/** Where Node finds the world: one file, with maps to the chapters. */
export const WORLD_BUNDLE_PATH = `${TOP}/.tangled/bundle/world.mjs`;
/** Where Node finds the command; it loads the world from beside it. */
export const COMMAND_BUNDLE_PATH = `${TOP}/.tangled/bundle/command.mjs`;
/** Where Node finds what is known of real Linux kernels; it loads the world from beside it. */
export const KERNELS_BUNDLE_PATH = `${TOP}/.tangled/bundle/kernels.mjs`;
/** Where Node finds the machine alone. */
export const MACHINE_BUNDLE_PATH = `${TOP}/.tangled/bundle/machine.mjs`;
