import { defineConfig } from 'vitest/config';
import { assemblyPluginVite } from '../../src/asm/bundler.ts';
import { chapterPlaces } from '../../src/tangle/node/places.ts';

import { variantFolder } from './variants.mjs';

/** With LGUEST_WITH, what is said of the book's extracted files is tried on that variant's (it must be one that a scene names). */
const patches = process.env.LGUEST_WITH;
const tangled = `${process.cwd()}/${patches ? variantFolder(patches) : '.tangled'}`;

/** Unit tests and the chapters' Guests, in Node. */
export default defineConfig({
  plugins: [assemblyPluginVite({ root: tangled, origin: chapterPlaces(tangled) })],
  ...(patches ? { resolve: { alias: [{ find: /^#tangled\//, replacement: `${tangled}/` }] } } : {}),
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    exclude: ['src/**/*.browser.test.ts', 'scripts/**/*.browser.test.ts'],
    testTimeout: 300_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
