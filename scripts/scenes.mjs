#!/usr/bin/env node
// node scripts/scenes.mjs [--update] [NAME…]: runs the chapters' Guests, shows what they did, or keeps it as expected.
import { writeFileSync } from 'node:fs';
import { prepare } from './lib/prepare.mjs';

await prepare();
const { expectedPath, readable, runScene, sceneBundles } = await import('./lib/scenes.mjs');
const update = process.argv.includes('--update');
const names = process.argv.slice(2).filter((name) => !name.startsWith('-'));
for (const bundle of sceneBundles().filter(({ name }) => names.length === 0 || names.includes(name))) {
  const begun = performance.now();
  const result = readable(bundle, await runScene(bundle));
  const { lines, executed, missed } = result.coverage;
  process.stdout.write(`\n── ${bundle.name}: ${result.ending}, ${result.summary.instructions} instructions, ${(performance.now() - begun).toFixed(0)} ms, ` +
    `${executed} of ${lines} lines\n${result.console}`);
  for (const line of missed) process.stdout.write(`   not executed: ${line}\n`);
  if (update) writeFileSync(expectedPath(bundle), `${JSON.stringify(result, null, 2)}\n`);
}
