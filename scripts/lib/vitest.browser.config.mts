import { defineConfig } from 'vitest/config';
import { longestFirst } from './longest_first.mts';

/** The built site in a real Chromium; in two at a time, each with files of its own. */
export default defineConfig({
  test: {
    include: ['src/**/*.browser.test.ts', 'scripts/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes late on a machine with much to do; that it comes is the statement.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(['src/theme/visit_by_day.browser.test.ts', 'src/theme/visit_by_night.browser.test.ts']) },
  },
});
