#!/usr/bin/env node
// node scripts/scenes.mjs [--update] [CHAPTER or SCENE…]: runs the chapters' Guests, shows what they did and which promises they broke, or keeps their fingerprints.
import { existsSync, writeFileSync } from 'node:fs';
import { commandLine } from './lib/arguments.mjs';
import { TOP } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runTs } from './lib/run_ts.mjs';

const {
  values: { update },
  positionals: names,
  refuse,
} = commandLine({
  usage: `Usage: node scripts/scenes.mjs [--update] [CHAPTER or SCENE…]

Runs the Guests of the chapters, all or those that are named (“host/traps”, “traps”, or a scene's own name), and shows what they said, what they promised and did not do, and
which of the chapter's lines they left out.
  --update  keep what they did as the chapters' fingerprints, and the places of the moments that the chapters name; read the difference before you commit it`,
  options: { update: { type: 'boolean' } },
  positionals: [0, Infinity],
});

await prepare();
const { brokenPromises, chapters, fingerprint, fingerprintPath, runChapter } = await import('./lib/scenes.mjs');
const isNamed = ({ chapter, bundles }, name) => chapter.endsWith(name) || bundles.some((one) => one.name === name);
const all = chapters();
const hasMoments = (name) => existsSync(`${TOP}/docs/${name}.mdx`);
const nobody = names.find((name) => !all.some((one) => isNamed(one, name)) && !hasMoments(name));
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

const { chaptersWithMoments, findChapterMoments, keepMoments, keptMoments } = await import('./lib/moments.mjs');
const { formatMessage } = await runTs('src/tangle/index.ts');
const speaking = (await chaptersWithMoments()).filter(
  ({ chapter, elements }) =>
    names.length === 0 ||
    names.some((name) => chapter.slice(0, -'.mdx'.length).endsWith(name) || elements.some(({ scene }) => scene === name)),
);
for (const { chapter, text, found, faults } of await findChapterMoments(speaking)) {
  const same = text === keptMoments(chapter);
  process.stdout.write(`\n══ ${chapter}: ${found.size} moments${same ? '' : update ? ', kept anew' : ', not as they are kept'}\n`);
  for (const fault of faults) process.stdout.write(`${formatMessage(fault)}\n`);
  if (faults.length > 0 || !(same || update)) process.exitCode = 1;
  if (update) keepMoments(chapter, text);
}
