import { defineConfig } from 'vitest/config';
import { longestFirst } from './longest_first.mts';

/** The built site in a real Chromium; in two at a time, each with files of its own. */
export default defineConfig({
  test: {
    include: ['src/**/*.browser.test.ts', 'scripts/**/*.browser.test.ts'],
    // What is waited for comes late on a machine with much to do; that it comes is the statement.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(['src/theme/visit_by_day.browser.test.ts', 'src/theme/visit_by_night.browser.test.ts']) },
  },
});
