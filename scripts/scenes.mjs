#!/usr/bin/env node
// node scripts/scenes.mjs [--update] [CHAPTER or SCENE…]: runs the chapters' Guests, shows what they did and which promises they broke, or keeps their fingerprints.
import { writeFileSync } from 'node:fs';
import { commandLine } from './lib/arguments.mjs';
import { prepare } from './lib/prepare.mjs';

const {
  values: { update },
  positionals: names,
  refuse,
} = commandLine({
  usage: `Usage: node scripts/scenes.mjs [--update] [CHAPTER or SCENE…]

Runs the Guests of the chapters, all or those that are named (“host/traps”, “traps”, or a scene's own name), and shows what they said, what they promised and did not do, and
which of the chapter's lines they left out.
  --update  keep what they did as the chapters' fingerprints; read the difference before you commit it`,
  options: { update: { type: 'boolean' } },
  positionals: [0, Infinity],
});

await prepare();
const { brokenPromises, chapters, fingerprint, fingerprintPath, runChapter } = await import('./lib/scenes.mjs');
const isNamed = ({ chapter, bundles }, name) => chapter.endsWith(name) || bundles.some((one) => one.name === name);
const all = chapters();
const nobody = names.find((name) => !all.some((one) => isNamed(one, name)));
if (nobody !== undefined)
  refuse(`There is no chapter and no scene ${nobody}. The chapters with Guests are ${all.map(({ chapter }) => chapter).join(', ')}.`);
const wanted = all.filter((one) => names.length === 0 || names.some((name) => isNamed(one, name)));
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
