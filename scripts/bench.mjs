#!/usr/bin/env node
// npm run bench [-- SECTION...]: how fast things are. Sections: tangle.
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);

/** Each section prints its own figures. */
const sections = {
  async tangle() {
    const { benchTangle, formatTimes } = await runTs('src/tangle/bench.ts');
    console.log(`Extracting the program from the chapters\n\n${formatTimes(await benchTangle(root, tangleConfig))}\n`);
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  console.error(`There is no section ${unknown}. The sections are ${Object.keys(sections).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : Object.keys(sections)) await sections[name]();
}
