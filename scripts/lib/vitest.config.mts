import { defineConfig } from 'vitest/config';
import { assemblyPluginVite } from '../../src/asm/bundler.ts';
import { chapterPlaces } from '../../src/tangle/node/places.ts';

const tangled = `${process.cwd()}/.tangled`;

/** Unit tests and the chapters' Guests, in Node. */
export default defineConfig({
  plugins: [assemblyPluginVite({ root: tangled, origin: chapterPlaces(tangled) })],
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    exclude: ['src/**/*.browser.test.ts'],
    testTimeout: 120_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
