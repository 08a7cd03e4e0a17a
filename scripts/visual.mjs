#!/usr/bin/env node
// npm run visual: screenshots of one page of each kind, kept, and compared with a tolerance.
import { existsSync } from 'node:fs';
import { commandLine, onlyOf } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';
import { fail } from './lib/steps.mjs';

const { values, refuse } = commandLine({
  usage: `Usage: npm run visual [-- [--update] [--only=KIND,…]]

Looks at one page of each kind at 360, 768, 1280 and 1920 pixels, by day and by night, and compares with the pictures of the last --update.
What differs, or was never kept, is written to .tangled/visual, and the command fails. Fonts and browsers draw differently: compare on the computer that made the pictures.
  --update      keep what is seen now
  --only=KIND   only these kinds: front,chapter,markers`,
  options: { update: { type: 'boolean' }, only: { type: 'string' } },
});
await ensureInstalled();
if (!existsSync(`${TOP}/build/index.html`)) fail('There is no built site: npm run build, then this again.');
const { compareViews, KINDS } = await import('./lib/visual.mjs');
const { only, strange } = onlyOf(values.only, KINDS);
if (strange !== undefined) refuse(`“${strange}” is no kind of page. There are: ${KINDS.join(', ')}.`);
process.exit((await compareViews({ update: values.update === true, only })) ? 0 : 1);
