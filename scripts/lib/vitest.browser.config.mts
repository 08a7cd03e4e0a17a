import { defineConfig } from 'vitest/config';

/** The built site in a real Chromium; in two at a time, each with files of its own. */
export default defineConfig({
  test: {
    include: ['src/**/*.browser.test.ts', 'scripts/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
