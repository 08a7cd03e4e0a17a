#!/usr/bin/env node
// npm run bench [-- SECTION...]: how fast things are. --help tells the sections.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clock } from '../src/bench/compare/clock.mjs';
import { commandLine } from './lib/arguments.mjs';
import { recordFigures } from './lib/bench_record.mjs';
import { MACHINE_BUNDLE_PATH } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);

const readImage = (name) => new Uint8Array(readFileSync(`${root}/src/bench/image/${name}`));
/** Milliseconds, by the clock that was asked for. */
let now = () => performance.now();

/** What ships. */
async function benchedLguest() {
  const { base, program } = await import('./lib/bundles.mjs');
  return { World: base.World, program };
}

/** What lines a program prints, with the seconds from its start. @param {readonly string[]} args of Node */
async function listen(args) {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = [];
  for await (const line of createInterface({ input: child.stdout })) said.push({ at: (performance.now() - begin) / 1000, line });
  return said;
}

/** Each section measures: what to call it, its figures as a table, and as data for who records them. Null: it is not measured now. */
const sections = {
  async tangle() {
    const { benchTangle, formatTimes } = await runTs('src/tangle/node/bench.ts');
    const times = await benchTangle(root, tangleConfig);
    return { title: 'Extracting the program from the chapters', text: formatTimes(times), data: times };
  },
  async machine() {
    await prepare();
    const { measureMachine, formatMeasurements } = await runTs('src/bench/measure.ts');
    const { runBare } = await import(MACHINE_BUNDLE_PATH);
    const data = measureMachine(runBare, readImage('bench.elf'), 'w=all reps=3 d=20', now);
    return { title: 'The bare machine', text: formatMeasurements(data), data };
  },
  async lguest() {
    await prepare();
    const { measureWorkloads, formatMeasurements } = await runTs('src/bench/measure.ts');
    const data = measureWorkloads(await benchedLguest(), readImage('bench-lguest.elf'), 'w=all reps=2 d=20', now);
    return { title: 'A Guest under lguest', text: formatMeasurements(data), data };
  },
  async costs() {
    await prepare();
    const { formatCosts, measureCosts } = await runTs('src/bench/costs.ts');
    const data = measureCosts(await benchedLguest(), readImage('bench-lguest.elf'), now);
    return { title: 'What lguest costs', text: formatCosts(data), data };
  },
  async travel() {
    await prepare();
    const { formatTravel, measureTravel } = await runTs('src/bench/travel.ts');
    const { Runner } = await runTs('src/live/worker/runner.ts');
    const { base, program } = await import('./lib/bundles.mjs');
    const data = measureTravel(base.World, program, Runner, base.namesOf(program), readImage('bench-lguest.elf'), now);
    return { title: 'Forth and back in time', text: formatTravel(data), data };
  },
  async page() {
    if (!existsSync(`${root}/build/index.html`))
      return wanted.includes('page') ? refuse('There is no built site: npm run build, then this again.') : null;
    const [{ default: puppeteer }, { CHROMIUM_FLAGS, findChromium }, { serveSite }, { weigh }, { formatPage, measurePage }] =
      await Promise.all([
        import('puppeteer'),
        import('./lib/chromium.mjs'),
        import('./lib/serve.mjs'),
        import('./lib/weights.mjs'),
        runTs('src/bench/page.ts'),
      ]);
    weigh();
    const { server, url } = await serveSite(0);
    const browser = await puppeteer.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
    try {
      const image = `${root}/src/bench/image/bench-lguest.elf`;
      const tell = (sentence) => process.stderr.write(`▸ ${sentence}\n`);
      const figures = await measurePage({ browser, url, image, tell });
      return { title: 'The page, in Chromium', text: formatPage(figures), data: { browser: await browser.version(), figures } };
    } finally {
      await browser.close();
      server.close();
    }
  },
  async start() {
    await prepare();
    const { measureStart } = await import('./lib/start_time.mjs');
    const data = await measureStart();
    const row = (what, ms) => `${what.padEnd(15)}${ms.toFixed(0).padStart(5)} ms`;
    return {
      title: 'From the command to its Guest’s first line',
      text: [row('node -e 0', data.node), row('lguest', data.command), row('the difference', data.command - data.node)].join('\n'),
      data,
    };
  },
  async build() {
    // The whole site takes minutes: only who asks for it waits for it.
    if (!wanted.includes('build')) return null;
    const begin = performance.now();
    const build = spawn(process.execPath, [`${root}/scripts/build.mjs`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [status] = await once(build, 'exit');
    if (status !== 0) throw new Error('The site could not be built: npm run build says why.');
    const seconds = (performance.now() - begin) / 1000;
    return { title: 'The whole site, built', text: `${seconds.toFixed(0)} s`, data: { seconds } };
  },
  async v86() {
    if (given.v86 === undefined) return wanted.includes('v86') ? refuse('The folder of the npm package is named by --v86.') : null;
    await prepare();
    const { formatRace, rowsOf } = await runTs('src/bench/race.ts');
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    try {
      const out = join(folder, 'race.json');
      const compare = `${root}/src/bench/compare`;
      const engines = [`v86=node ${compare}/run-v86.mjs --v86 ${given.v86}`, `ours=node ${compare}/run-machine.mjs`];
      const race = spawn(
        process.execPath,
        [`${compare}/compare.mjs`, '--rounds', given.rounds, '--out', out, ...engines, '--', 'w=all', 'reps=4', 'd=5'],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const [status] = await once(race, 'exit');
      if (status !== 0) throw new Error('The comparison broke off.');
      const rows = rowsOf(JSON.parse(readFileSync(out, 'utf8')), 'ours', 'v86');
      return {
        title: 'The bare machine beside v86',
        text: formatRace(rows),
        data: { rounds: Number(given.rounds), version: versionOf(given.v86), rows },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  async linux() {
    if (given.kernel === undefined || given.initrd === undefined)
      return wanted.includes('linux') ? refuse('A Linux at work needs a --kernel and an --initrd.') : null;
    await prepare();
    const { formatJobs, raceOfJobs, readJobs } = await runTs('src/bench/linux.ts');
    const { formatRace } = await runTs('src/bench/race.ts');
    const settings = ['norandmaps', 'lpj=100000', 'root=/dev/ram0'];
    const guest = [
      `${root}/scripts/lguest.mjs`,
      '--time=free',
      `--initrd=${given.initrd}`,
      '64',
      given.kernel,
      'console=hvc0',
      ...settings,
    ];
    const ours = async () => readJobs(await listen(guest));
    if (given.bzimage === undefined) {
      const data = await ours();
      return { title: 'A Linux at work', text: formatJobs(data), data };
    }
    for (const name of ['v86', 'bios', 'vga']) if (given[name] === undefined) refuse(`To run a Linux in v86 takes --${name}, too.`);
    const files = ['v86', 'bios', 'vga', 'bzimage', 'initrd'].map((name) => `--${name}=${given[name]}`);
    const theirs = async () => readJobs(await listen([`${root}/src/bench/compare/linux-v86.mjs`, ...files, ...settings]));
    const rounds = { ours: [], theirs: [] };
    for (let n = 0; n < Number(given.rounds); n++) {
      rounds.theirs.push(await theirs());
      rounds.ours.push(await ours());
    }
    const rows = raceOfJobs(rounds.ours, rounds.theirs);
    return {
      title: 'A Linux at work: as a Guest under lguest, and bare in v86',
      text: formatRace(rows),
      data: { rounds: Number(given.rounds), version: versionOf(given.v86), rows },
    };
  },
};

/** Which version of a package lies in a folder. */
function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

const {
  positionals: wanted,
  values: given,
  refuse,
} = commandLine({
  usage: `Usage: npm run bench [-- SECTION… [--clock cpu] [--record FILE] [--rounds 5] [--v86 DIR] [--kernel FILE --initrd FILE [--bzimage FILE --bios FILE --vga FILE]]]

How fast things are on this computer; the sections are ${Object.keys(sections).join(', ')}. build is only measured when it is asked for.

By --clock cpu (Linux only) machine, lguest, costs and travel count the time that the main thread had a processor for, which a busy computer disturbs less.

v86 runs the bench image on the npm package v86, whose folder --v86 names, and here, in turn, some --rounds.

linux runs a kernel of yours as a Guest of 64 MB. The /init of its initrd prints @up, @b NAME before each job, @e NAME behind it,
and @done; it is left out where no kernel is given. With a --bzimage of the same kernel, and v86 and its BIOS images, both run in turn.

--record puts the figures of these sections into a JSON file, beside those of others that it holds: docs/appendix/speed.json is what the book's page shows.`,
  options: {
    kernel: { type: 'string' },
    initrd: { type: 'string' },
    bzimage: { type: 'string' },
    bios: { type: 'string' },
    vga: { type: 'string' },
    v86: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    record: { type: 'string' },
    clock: { type: 'string', default: 'wall' },
  },
  positionals: [0, Infinity],
});
if (given.clock !== 'wall' && given.clock !== 'cpu') refuse(`There is no clock ${given.clock}.`);
if (!/^[1-9]\d*$/.test(given.rounds)) refuse(`“${given.rounds}” is no number of rounds.`);
const seconds = clock(given.clock);
now = () => seconds() * 1000;
const unknown = wanted.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) refuse(`There is no section ${unknown}.`);
const figures = [];
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(sections)) {
    const [load] = loadavg();
    const measured = await sections[name]();
    if (measured === null) continue;
    console.log(`${measured.title}\n\n${measured.text}\n`);
    figures.push({ section: name, figures: measured.data, load });
  }
} finally {
  // At the end: what lies beside the chapters is looked at before each section.
  if (given.record !== undefined) recordFigures(given.record, figures);
}
