// The site: reference pages by TypeDoc, then Docusaurus.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { writeArchive } from './archive.mjs';
import { writeOffline } from './offline.mjs';
import { TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';
import { fail, step } from './steps.mjs';

const BIN = join(TOP, 'node_modules/.bin');

function run(command, args) {
  const done = spawnSync(join(BIN, command), args, {
    cwd: TOP,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) fail(`\n${command} ${args.join(' ')} failed:\n${done.stdout}\n${done.stderr}`);
  return done;
}

/** Writes the reference of the public interfaces to .reference. */
async function buildReference() {
  await step('writing the reference', () => {
    const done = run('typedoc', ['--options', 'scripts/lib/typedoc.json']);
    // The chapters speak for themselves; what the house exports through its doors says what it is.
    const silent = [
      ...new Set(
        done.stdout
          .concat(done.stderr)
          .match(/\S+ \((?!SetSignature)\w+\), defined in \S+\/src\/\S+(?<!\.d)\.tsx?, does not have any documentation/g),
      ),
    ];
    if (silent.length > 0) process.stderr.write(`\nWhat a door exports wants a comment that says what it means:\n${silent.join('\n')}\n`);
    const pages = existsSync(`${TOP}/.reference`)
      ? readdirSync(`${TOP}/.reference`, { recursive: true }).filter((name) => String(name).endsWith('.md'))
      : [];
    if (pages.length < 10) fail(`\nTypeDoc wrote ${pages.length} pages only:\n${done.stdout}${done.stderr}`);
  });
}

/** What chapters say of moments is held against the chapters: a chunk, a line, a scene that are not there; a moment whose place nobody has kept. */
async function checkMoments() {
  const { chaptersWithMoments, keptMoments } = await import('./moments.mjs');
  const { placeOf } = await runTs('src/weave/moments/index.ts');
  const { formatMessage } = await runTs('src/tangle/index.ts');
  const faults = (await chaptersWithMoments()).flatMap(({ chapter, elements, wishes, faults }) => {
    const kept = JSON.parse(keptMoments(chapter) || '{}');
    const lost = elements.filter(({ key }) => wishes.has(key) && !Object.hasOwn(kept, key));
    const help = `Its place is not kept yet: node scripts/scenes.mjs --update ${chapter.slice('docs/'.length, -'.mdx'.length)}`;
    return [...faults, ...lost.map((element) => ({ ...placeOf(element, 'at', chapter), message: help }))];
  });
  if (faults.length > 0) fail(`\n${faults.map((fault) => formatMessage(fault)).join('\n')}`);
}

/** Builds the whole site into build/. */
export async function buildSite() {
  await step('looking up the moments', checkMoments);
  await buildReference();
  await step('packing the program', writeArchive);
  await step('building the site', () => run('docusaurus', ['build', '--out-dir', 'build']));
  await step('listing it for who reads offline', () => writeOffline(`${TOP}/build`));
}
