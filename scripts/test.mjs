#!/usr/bin/env node
// npm test: everything that must hold, from a bare checkout. `npm test -- FILTER` runs unit tests only.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './lib/arguments.mjs';
import { TOP } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';

const { values, positionals } = commandLine({
  usage: `Usage: npm test [-- [-t NAME] [PATTERN…]]

Everything that must hold, from a bare checkout: unit tests, every scene in Node, every page in Chromium.
With a pattern, the unit tests of the files whose paths have it in them, and nothing else.
  -t NAME  of those, the tests whose names match`,
  options: { testNamePattern: { type: 'string', short: 't' } },
  positionals: [0, Infinity],
});
const filter = [...positionals, ...(values.testNamePattern === undefined ? [] : ['--testNamePattern', values.testNamePattern])];
let passed = 0;
let failed = 0;

/** Runs one set of tests and adds up what it says. */
function vitest(config, args, env = {}) {
  const report = join(TOP, `.tangled/${config}.json`);
  rmSync(report, { force: true });
  const run = spawnSync(
    process.execPath,
    [
      join(TOP, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      `scripts/lib/${config}.mts`,
      '--root',
      TOP,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { cwd: TOP, stdio: 'inherit', env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', ...env } },
  );
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    passed += numPassedTests;
    failed += numFailedTests + broken;
    if (run.status !== 0 && numFailedTests + broken === 0) failed++;
  } catch {
    failed++;
  }
}

await prepare();
vitest('vitest.config', filter);
if (filter.length === 0) {
  const { findChromium } = await import('./lib/chromium.mjs');
  const { buildSite } = await import('./lib/site.mjs');
  const chromium = await findChromium();
  await buildSite();
  vitest('vitest.browser.config', [], { PUPPETEER_EXECUTABLE_PATH: chromium });
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
