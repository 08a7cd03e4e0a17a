#!/usr/bin/env node
// npm run extract -- PART: prints a part of the tour, prose and code in the order of its markers, as `make Preparation!` did; or shows a puppy.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { widthOf } from './lib/arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TOP } from './lib/paths.mjs';
import { fail } from './lib/steps.mjs';

const parts = JSON.parse(readFileSync(`${TOP}/docs/parts.json`, 'utf8'));
const USAGE = `usage: npm run extract -- [--plain] [--width=COLUMNS] PART...

Prints parts of the tour on this terminal: ${parts.map(({ title }) => title).join(', ')}; all, for the whole of it; or Puppy.
  --plain   without colours, and not paged`;

let given;
try {
  given = parseArgs({
    allowPositionals: true,
    options: { plain: { type: 'boolean' }, width: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
} catch (error) {
  fail(`${error.message}\n${USAGE}`, 2);
}
const { values, positionals } = given;
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const columns = widthOf(values.width, process.stdout.columns);
if (columns === undefined) fail(`--width wants a number of columns, from 40 up, not “${values.width}”.\n${USAGE}`, 2);
const names = positionals.map((name) => name.replace(/!$/, '').toLowerCase());
if (names.length === 0) fail(USAGE, 2);
const unknown = names.find((name) => !['all', 'beer', 'puppy'].includes(name) && !parts.some(({ title }) => title.toLowerCase() === name));
if (unknown !== undefined) fail(`There is no part “${unknown}”.\n${USAGE}`, 2);

if (names.includes('puppy')) {
  const { showPuppy } = await import('./lib/puppy.mjs');
  await showPuppy(process.stdout);
} else {
  await ensureInstalled();
  const { runTs } = await import('./lib/run_ts.mjs');
  const { sectionsOf } = await runTs('src/tangle/tour/sections.ts');
  const { renderSection } = await runTs('src/tangle/tour/render.ts');
  const colours = !values.plain && process.stdout.isTTY && !process.env.NO_COLOR;
  const { pagesOf } = await runTs('src/theme/tour_order.ts');
  const folders = parts.map(({ folder }) => folder);
  const pages = pagesOf(`${TOP}/docs`, folders).map((id) => `docs/${id}.mdx`);
  const chapters = new Map(pages.map((path) => [path, readFileSync(`${TOP}/${path}`, 'utf8')]));
  const options = {
    width: columns - 2,
    colours,
    labels: {
      Promise: (of) => `Watch ${of('watch')}.`,
      Figure: (of) => `[A picture: ${of('caption')}]`,
      Note: () => 'Note.',
      Predict: (of) => `Before you read on: ${of('question')}`,
      Known: () => 'What we now know:',
      LiveGuest: (of) => `[A live Guest: node scripts/scenes.mjs ${of('scene')}]`,
      Patched: (of) => `[A live Guest under two Hosts: node scripts/scenes.mjs ${of('scene')}]`,
    },
    closed: ['Figure', 'LiveGuest', 'Patched', 'GuestMenu', 'TourMap', 'PartList', 'Puppy'],
  };
  const bold = (text) => (colours ? `\u001b[1m${text}\u001b[0m` : text);
  const wanted = parts.filter(({ title }) => names.includes('all') || names.includes('beer') || names.includes(title.toLowerCase()));
  let text = '';
  for (const { letter, title } of wanted) {
    text += `${bold(`{==- ${title} -==}`)}\n\n`;
    let chapter = '';
    for (const section of sectionsOf(chapters, `${letter}:`)) {
      if (section.chapter !== chapter) text += `${bold(`[ ${section.chapter} ]`)}\n\n`;
      chapter = section.chapter;
      text += renderSection(section, options);
    }
  }
  await show(text, !values.plain && process.stdout.isTTY);
}

/** Through a pager where somebody looks, plainly where somebody pipes. @param {string} text @param {boolean | undefined} paged */
async function show(text, paged) {
  // A reader who leaves early is no error.
  process.stdout.on('error', () => process.exit(0));
  if (!paged) return void process.stdout.write(text);
  const pager = spawn(process.env.PAGER ?? 'less -R', { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
  pager.stdin.on('error', () => undefined);
  pager.stdin.end(text);
  await new Promise((resolve) => {
    pager.on('close', (status) => {
      // There is no such pager here.
      if (status === 127) process.stdout.write(text);
      resolve(undefined);
    });
  });
}
