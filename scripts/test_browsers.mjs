#!/usr/bin/env node
// npm run test:browsers: the Guests of every page in browsers beside Chromium.
import { existsSync } from 'node:fs';
import { commandLine } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';

const { values, refuse } = commandLine({
  usage: `Usage: npm run test:browsers [-- [--browser=NAME] [--only=PAGE,…]]

Boots the Guests of every page in Firefox and in WebKit, and compares how many instructions they ran with what the chapters keep.
A browser that is not here is said to be not here; the command fails where no browser is, or a Guest did something else.
  --browser=NAME  firefox or webkit; both unless it is said
  --only=PAGE     only these pages: host/traps,host/segments`,
  options: { browser: { type: 'string' }, only: { type: 'string' } },
});
if (values.browser !== undefined && !['firefox', 'webkit'].includes(values.browser))
  refuse(`There is no use for “${values.browser}” here.`);

await ensureInstalled();
if (!existsSync(`${TOP}/build/index.html`)) {
  await (await import('./lib/prepare.mjs')).prepare();
  await (await import('./lib/site.mjs')).buildSite();
}
const { runInBrowsers } = await import('./lib/browsers/run.mjs');
process.exit((await runInBrowsers({ browser: values.browser, only: values.only?.split(',') })) ? 0 : 1);
