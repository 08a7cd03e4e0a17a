#!/usr/bin/env node
// npm run weigh: what a first visit has to fetch, compressed, against budgets.
import { existsSync } from 'node:fs';
import { commandLine } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';
import { fail } from './lib/steps.mjs';

commandLine({
  usage: `Usage: npm run weigh

What a first visit to a page of each kind fetches, compressed, against a budget for each kind of file. Fails where one is exceeded.`,
});
await ensureInstalled();
if (!existsSync(`${TOP}/build/index.html`)) fail('There is no built site: npm run build, then this again.');
const { weigh } = await import('./lib/weights.mjs');
process.exit(weigh() ? 0 : 1);
