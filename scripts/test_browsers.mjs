#!/usr/bin/env node
// npm run test:browsers: the Guests of every page in browsers beside Chromium.
import { existsSync } from 'node:fs';
import { commandLine, onlyOf } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';

const { values, refuse } = commandLine({
  usage: `Usage: npm run test:browsers [-- [--browser=NAME] [--only=PAGE,…]]

Boots the Guests of every page in Firefox and in WebKit, and compares how many instructions they ran with what the chapters keep.
A browser that is not here is said to be not here; the command fails where no browser is, or a Guest did something else.
  --browser=NAME  firefox or webkit; both unless it is said
  --only=PAGE     only these pages: host/traps,host/segments; the front page is “front”`,
  options: { browser: { type: 'string' }, only: { type: 'string' } },
});
if (values.browser !== undefined && !['firefox', 'webkit'].includes(values.browser))
  refuse(`There is no use for “${values.browser}” here.`);

await ensureInstalled();
const { pagesWithGuests, runInBrowsers } = await import('./lib/browsers/run.mjs');
const { nameOf } = await import('./lib/pdf.mjs');
const { only, strange } = onlyOf(values.only, (await pagesWithGuests()).map(nameOf));
if (strange !== undefined) refuse(`“${strange}” is no page of the tour, nor the workbench (“boot”).`);
if (!existsSync(`${TOP}/build/index.html`)) {
  await (await import('./lib/prepare.mjs')).prepare();
  await (await import('./lib/site.mjs')).buildSite();
}
process.exit((await runInBrowsers({ browser: values.browser, only })) ? 0 : 1);
