#!/usr/bin/env node
// npm run lighthouse: what Lighthouse says of a page of each important kind. Lighthouse itself comes by npx.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';
import { fail } from './lib/steps.mjs';

const LIGHTHOUSE = 'lighthouse@12.2.3';
const PAGES = ['', 'host/traps/', 'boot/'];
const LEAST = 95;

const { values } = commandLine({
  usage: `Usage: npm run lighthouse [-- --mobile]

Lighthouse on the front page, a chapter and the workbench; fails below ${LEAST} of 100.
  --mobile   as a phone of the middle class, throttled; told, and held to no figure, as it measures the computer it runs on`,
  options: { mobile: { type: 'boolean' } },
});
await ensureInstalled();
if (!existsSync(`${TOP}/build/index.html`)) fail('There is no built site: npm run build, then this again.');
const { findChromium, CHROMIUM_FLAGS } = await import('./lib/chromium.mjs');
const { serveSite } = await import('./lib/serve.mjs');
const { server, url } = await serveSite(0);
const chromium = await findChromium();
const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
let good = true;
for (const page of PAGES) {
  const out = join(folder, 'report.json');
  const done = await run('npx', [
    ...['--yes', LIGHTHOUSE, url + page, '--quiet', '--output=json', `--output-path=${out}`],
    ...(values.mobile ? [] : ['--preset=desktop']),
    `--chrome-flags=${CHROMIUM_FLAGS.join(' ')}`,
  ]);
  if (done !== 0) fail(`Lighthouse did not come to an end on /${page}.`);
  const { categories, audits } = JSON.parse(readFileSync(out, 'utf8'));
  const scores = Object.values(categories).map(({ title, score }) => [title, Math.round(score * 100)]);
  const low = scores.filter(([, score]) => score < LEAST);
  if (low.length > 0 && !values.mobile) good = false;
  process.stdout.write(
    `${low.length > 0 ? '✗' : '✓'} /${page}: ${scores.map(([title, score]) => `${title} ${score}`).join(', ')}; LCP ${audits['largest-contentful-paint'].displayValue}, CLS ${audits['cumulative-layout-shift'].displayValue}\n`,
  );
}
server.close();
process.exit(good ? 0 : 1);

/** Runs beside the server, which must go on answering. */
function run(command, args) {
  return new Promise((done) =>
    spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, CHROME_PATH: chromium } }).on('close', done),
  );
}
