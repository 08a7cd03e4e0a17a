#!/usr/bin/env node
// npm start: everything from a bare checkout to a served tour.
import { prepare } from './lib/prepare.mjs';

await prepare();
const { buildSite } = await import('./lib/site.mjs');
const { serveSite } = await import('./lib/serve.mjs');
await buildSite();
const { url } = await serveSite(Number(process.env.PORT ?? 3000)).catch(() => serveSite(0));
process.stdout.write(`\nThe tour is at ${url}\n`);
