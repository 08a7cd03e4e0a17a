import { defineConfig } from 'vitest/config';
import { assemblyPluginVite } from '../../src/asm/bundler.ts';
import { chapterPlaces } from '../../src/tangle/node/places.ts';

import { longestFirst } from './longest_first.mts';
import { variantFolder } from './variants.mjs';

/** With LGUEST_WITH, what is said of the book's extracted files is tried on that variant's (it must be one that a scene names). */
const patches = process.env.LGUEST_WITH;
const tangled = `${process.cwd()}/${patches ? variantFolder(patches) : '.tangled'}`;

/** What takes longest, though it may be a small file. */
const LONGEST = [
  'src/world/scenes/scenes.test.ts',
  'src/live/worker/rewind.test.ts',
  'src/proofs/variants/variants.test.ts',
  'src/proofs/hostile/hostile_calls.test.ts',
  'src/world/checkpoints/rewind.test.ts',
  'src/machine/proofs/fuzz.test.ts',
  'src/machine/translator/differential.test.ts',
  'src/live/exercises/exercises.test.ts',
  'src/proofs/puppy/sessions.test.ts',
  'src/machine/determinism.test.ts',
  'src/weave/moments/moments.test.ts',
  'src/asm/tangled.test.ts',
  'src/world/saved/saved_world.test.ts',
  'src/proofs/puppy/programs.test.ts',
  'src/world/views/guests.test.ts',
  'src/command/node/command.test.ts',
  'src/proofs/hostile/rights.test.ts',
];

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
    // Modules are loaded once for all files of a thread: none of ours keeps what a test could leave behind (module_state.test.ts).
    isolate: false,
    sequence: { sequencer: longestFirst(LONGEST) },
  },
});
