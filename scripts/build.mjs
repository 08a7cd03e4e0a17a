#!/usr/bin/env node
// npm run build: the site, into build/.
import { prepare } from './lib/prepare.mjs';

await prepare();
const { buildSite } = await import('./lib/site.mjs');
await buildSite();
