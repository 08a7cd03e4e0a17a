#!/usr/bin/env node
// node scripts/scenes.mjs [--update] [CHAPTER or SCENE…]: runs the chapters' Guests, shows what they did and which promises they broke, or keeps their fingerprints.
import { writeFileSync } from 'node:fs';
import { prepare } from './lib/prepare.mjs';

await prepare();
const { brokenPromises, chapters, fingerprint, fingerprintPath, runChapter } = await import('./lib/scenes.mjs');
const update = process.argv.includes('--update');
const names = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const wanted = chapters().filter(
  ({ chapter, bundles }) => names.length === 0 || names.some((name) => chapter.endsWith(name) || bundles.some((one) => one.name === name)),
);
for (const chapter of wanted) {
  const begun = performance.now();
  const result = await runChapter(chapter);
  const { lines, executed, missed } = result.coverage;
  process.stdout.write(
    `\n══ ${chapter.chapter}: ${executed} of ${lines} lines (${((100 * executed) / lines).toFixed(0)} %), ${(performance.now() - begun).toFixed(0)} ms\n`,
  );
  for (const [name, { ending, summary, console }] of Object.entries(result.scenes)) {
    process.stdout.write(`── ${name}: ${ending}, ${summary.instructions} instructions\n${console}`);
  }
  for (const { line, because } of missed) process.stdout.write(`   not executed: ${line}${because ? `   (${because})` : ''}\n`);
  for (const sentence of await brokenPromises(chapter, result)) {
    process.stdout.write(`   BROKEN PROMISE: ${sentence}\n`);
    process.exitCode = 1;
  }
  if (update) writeFileSync(fingerprintPath(chapter.chapter), fingerprint(result));
}
