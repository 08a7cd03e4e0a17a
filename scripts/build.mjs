#!/usr/bin/env node
// npm run build: the site, into build/.
import { commandLine } from './lib/arguments.mjs';
import { prepare } from './lib/prepare.mjs';

commandLine({
  usage: `Usage: npm run build

The site, into build/.`,
});

await prepare();
const { buildSite } = await import('./lib/site.mjs');
await buildSite();
