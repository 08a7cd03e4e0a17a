#!/usr/bin/env node
// npm run lighthouse: what Lighthouse says of a page of each important kind. Lighthouse itself comes by npx.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, onlyOf } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';
import { fail } from './lib/steps.mjs';

const LIGHTHOUSE = 'lighthouse@12.2.3';
const PAGES = { front: '', 'host/traps': 'host/traps/', boot: 'boot/' };
const LEAST = 95;
/** What is measured is not the same twice: of so many runs, the one in the middle counts. */
const USUAL_RUNS = 3;

const { values, refuse } = commandLine({
  usage: `Usage: npm run lighthouse [-- [--mobile] [--runs=N] [--only=PAGE,…]]

Lighthouse on the front page, a chapter and the workbench; several times each; fails where the one in the middle is below ${LEAST} of 100.
  --mobile      as a phone of the middle class, throttled; told, and held to no figure, as it measures the computer it runs on
  --runs=N      how often, if not ${USUAL_RUNS} times
  --only=PAGE   only these pages: boot,host/traps; the front page is “front”`,
  options: { mobile: { type: 'boolean' }, runs: { type: 'string' }, only: { type: 'string' } },
});
const RUNS = Number(values.runs ?? USUAL_RUNS);
if (!Number.isInteger(RUNS) || RUNS < 1) refuse(`“${values.runs}” is no number of runs.`);
const { only, strange } = onlyOf(values.only, Object.keys(PAGES));
if (strange !== undefined) refuse(`“${strange}” is none of the pages that are looked at.`);
await ensureInstalled();
if (!existsSync(`${TOP}/build/index.html`)) fail('There is no built site: npm run build, then this again.');
const { findChromium, CHROMIUM_FLAGS } = await import('./lib/chromium.mjs');
const { serveSite } = await import('./lib/serve.mjs');
const { server, url } = await serveSite(0);
const chromium = await findChromium();
const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
let good = true;
for (const page of (only ?? Object.keys(PAGES)).map((name) => PAGES[name])) {
  const reports = [];
  for (let n = 0; n < RUNS; n++) reports.push(await reportOf(page));
  const scores = Object.entries(reports[0].categories).map(([id, { title }]) => {
    const all = reports.map(({ categories }) => Math.round(categories[id].score * 100)).sort((a, b) => a - b);
    return { id, title, score: all[Math.floor(RUNS / 2)], all };
  });
  const low = scores.filter(({ score }) => score < LEAST);
  if (low.length > 0 && !values.mobile) good = false;
  const told = scores.map(({ title, score, all }) => `${title} ${score}${new Set(all).size > 1 ? ` (${all.join(', ')})` : ''}`);
  process.stdout.write(`${low.length > 0 ? '✗' : '✓'} /${page}: ${told.join('; ')}\n`);
  for (const { id } of low)
    for (const report of reports.slice(0, 1))
      process.stdout.write(
        shortcomings(report, id)
          .map((line) => `    ${line}\n`)
          .join(''),
      );
}
server.close();
process.exit(good ? 0 : 1);

/** What Lighthouse says of a page. @param {string} page */
async function reportOf(page) {
  const out = join(folder, 'report.json');
  const done = await run('npx', [
    ...['--yes', LIGHTHOUSE, url + page, '--quiet', '--output=json', `--output-path=${out}`],
    ...(values.mobile ? [] : ['--preset=desktop']),
    `--chrome-flags=${CHROMIUM_FLAGS.join(' ')}`,
  ]);
  if (done !== 0) fail(`Lighthouse did not come to an end on /${page}.`);
  return JSON.parse(readFileSync(out, 'utf8'));
}

/** What in a report kept a category from being perfect, the heaviest first. */
function shortcomings({ categories, audits }, category) {
  return categories[category].auditRefs
    .map(({ id, weight }) => ({ ...audits[id], weight }))
    .filter(({ weight, score }) => weight > 0 && score !== null && score < 1)
    .sort((a, b) => b.weight * (1 - b.score) - a.weight * (1 - a.score))
    .map(({ title, displayValue, score, details }) => {
      const places = (details?.items ?? []).flatMap(({ node }) => node?.snippet ?? []).slice(0, 5);
      return [`${title}: ${displayValue ?? ''} (${Math.round(score * 100)})`, ...places].join('\n      ');
    });
}

/** Runs beside the server, which must go on answering. */
function run(command, args) {
  return new Promise((done) =>
    spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, CHROME_PATH: chromium } }).on('close', done),
  );
}
