#!/usr/bin/env node
// npm start: everything from a bare checkout to a served tour.
import { commandLine } from './lib/arguments.mjs';
import { prepare } from './lib/prepare.mjs';

commandLine({
  usage: `Usage: npm start

Installs what is missing, builds the tour and serves it, on port 3000, or PORT, or any that is free.`,
});

await prepare();
const { buildSite } = await import('./lib/site.mjs');
const { serveSite } = await import('./lib/serve.mjs');
await buildSite();
const { url } = await serveSite(Number(process.env.PORT ?? 3000)).catch(() => serveSite(0));
process.stdout.write(`\nThe tour is at ${url}\n`);
