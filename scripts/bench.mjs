#!/usr/bin/env node
// npm run bench [-- SECTION...]: how fast things are. Sections: tangle, machine, lguest, costs, travel; and, with --kernel and --initrd, linux.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { commandLine } from './lib/arguments.mjs';
import { MACHINE_BUNDLE_PATH } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);

const readImage = (name) => new Uint8Array(readFileSync(`${root}/src/bench/image/${name}`));
const now = () => performance.now();

/** What ships. */
async function benchedLguest() {
  const { base, program } = await import('./lib/bundles.mjs');
  return { World: base.World, program };
}

/** Each section prints its own figures. */
const sections = {
  async tangle() {
    const { benchTangle, formatTimes } = await runTs('src/tangle/node/bench.ts');
    console.log(`Extracting the program from the chapters\n\n${formatTimes(await benchTangle(root, tangleConfig))}\n`);
  },
  async machine() {
    await prepare();
    const { measureMachine, formatMeasurements } = await runTs('src/bench/measure.ts');
    const { runBare } = await import(MACHINE_BUNDLE_PATH);
    console.log(`The bare machine\n\n${formatMeasurements(measureMachine(runBare, readImage('bench.elf'), 'w=all reps=3 d=20', now))}\n`);
  },
  async lguest() {
    await prepare();
    const { measureWorkloads, formatMeasurements } = await runTs('src/bench/measure.ts');
    const lguest = await benchedLguest();
    console.log(
      `A Guest under lguest\n\n${formatMeasurements(measureWorkloads(lguest, readImage('bench-lguest.elf'), 'w=all reps=2 d=20', now))}\n`,
    );
  },
  async costs() {
    await prepare();
    const { formatCosts, measureCosts } = await runTs('src/bench/costs.ts');
    const lguest = await benchedLguest();
    console.log(`What lguest costs\n\n${formatCosts(measureCosts(lguest, readImage('bench-lguest.elf'), now))}\n`);
  },
  async travel() {
    await prepare();
    const { formatTravel, measureTravel } = await runTs('src/bench/travel.ts');
    const { Runner } = await runTs('src/live/worker/runner.ts');
    const { base, program } = await import('./lib/bundles.mjs');
    console.log(
      `Forth and back in time\n\n${formatTravel(measureTravel(base.World, program, Runner, base.namesOf(program), readImage('bench-lguest.elf'), now))}\n`,
    );
  },
  async linux() {
    if (given.kernel === undefined || given.initrd === undefined) {
      if (wanted.includes('linux')) refuse('A Linux at work needs a --kernel and an --initrd.');
      return;
    }
    await prepare();
    const { formatJobs, readJobs } = await runTs('src/bench/linux.ts');
    const begin = now();
    const settings = ['console=hvc0', 'norandmaps', 'lpj=100000', 'root=/dev/ram0'];
    const command = [`${root}/scripts/lguest.mjs`, '--time=free', `--initrd=${given.initrd}`, '64', given.kernel, ...settings];
    const guest = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = [];
    for await (const line of createInterface({ input: guest.stdout })) said.push({ at: (now() - begin) / 1000, line });
    console.log(`A Linux at work\n\n${formatJobs(readJobs(said))}\n`);
  },
};

const {
  positionals: wanted,
  values: given,
  refuse,
} = commandLine({
  usage: `Usage: npm run bench [-- SECTION… [--kernel FILE --initrd FILE]]

How fast things are on this computer; the sections are ${Object.keys(sections).join(', ')}.

linux runs a kernel of yours as a Guest of 64 MB. The /init of its initrd prints @up, @b NAME before each job, @e NAME behind it,
and @done; it is left out where no kernel is given.`,
  options: { kernel: { type: 'string' }, initrd: { type: 'string' } },
  positionals: [0, Infinity],
});
const unknown = wanted.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) refuse(`There is no section ${unknown}.`);
for (const name of wanted.length > 0 ? wanted : Object.keys(sections)) await sections[name]();
