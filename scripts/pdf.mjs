#!/usr/bin/env node
// npm run pdf: the tour as one PDF, printed by Chromium from the built site.
import { existsSync, writeFileSync } from 'node:fs';
import { commandLine, onlyOf } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';

const { values, refuse } = commandLine({
  usage: `Usage: npm run pdf [-- [--out=FILE] [--only=PAGE,…]]

The tour as one PDF, by Chromium: a title, the contents with page numbers, and every chapter with its folded blocks open.
  --out=FILE    default: lguest-live.pdf
  --only=PAGE   only these chapters: host/traps,host/segments; the front page is “front”`,
  options: { out: { type: 'string' }, only: { type: 'string' } },
});

await ensureInstalled();
const { nameOf, printTour, tourOrder } = await import('./lib/pdf.mjs');
const { only, strange } = onlyOf(values.only, (await tourOrder()).map(nameOf));
if (strange !== undefined) refuse(`“${strange}” is no page of the tour.`);
if (!existsSync(`${TOP}/build/index.html`)) {
  await (await import('./lib/prepare.mjs')).prepare();
  await (await import('./lib/site.mjs')).buildSite();
}
const { step } = await import('./lib/steps.mjs');
const out = values.out ?? 'lguest-live.pdf';
await step('printing the tour', async () => writeFileSync(out, await printTour({ only })));
process.stdout.write(`${out}\n`);
