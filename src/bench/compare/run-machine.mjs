#!/usr/bin/env node
// Runs the bench image on the bare machine and prints one JSON record a workload, as run-v86.mjs does.
//
//   node run-machine.mjs [--elf ../image/bench.elf] [--interp] [--hot N] [--clock wall|cpu] [--bundle FILE] [w=NAME,...] [reps=R] [n=N]
//
// --interp turns the translator off; --hot translates what has run N times. The bundle is what `npm run bench` makes.

import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine } from '../../../scripts/lib/arguments.mjs';
import { clock } from './clock.mjs';
import { Recorder } from './recorder.mjs';

const text = (value) => ({ type: 'string', ...(value !== undefined && { default: value }) });
const { values: opt, positionals: guest } = commandLine({
  usage: 'Usage: node run-machine.mjs [--elf FILE] [--interp] [--hot N] [--clock wall|cpu] [--bundle FILE] [w=NAME,...] [reps=R] [n=N]',
  options: {
    elf: text(fileURLToPath(new URL('../image/bench.elf', import.meta.url))),
    bundle: text(fileURLToPath(new URL('../../../.tangled/bundle/machine.mjs', import.meta.url))),
    clock: text('wall'),
    hot: text(),
    interp: { type: 'boolean' },
  },
  positionals: [0, Infinity],
});

const now = clock(opt.clock);
const { runBare } = await import(pathToFileURL(opt.bundle).href);
const recorder = new Recorder(opt.interp ? 'interpreter' : 'translator', (record) => console.log(JSON.stringify(record)));
const decoder = new TextDecoder();
let line = '';
let count = 0;
const { reason } = runBare(new Uint8Array(readFileSync(opt.elf)), {
  args: [...guest, 'out=e9', 'exit=f4'],
  ramBytes: 128 << 20,
  translate: opt.interp ? false : opt.hot ? Number(opt.hot) : true,
  output(bytes) {
    line += decoder.decode(bytes);
    for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
      const text = line.slice(0, end);
      const tsc = /tsc=(\w+)/.exec(text);
      // The Guest tells the instructions of a repetition; the recorder wants a count that goes on.
      if (tsc) count += Number.parseInt(tsc[1], 16);
      recorder.line(text, now(), count);
      line = line.slice(end + 1);
    }
  },
});
console.log(
  JSON.stringify({
    engine: recorder.engine,
    end: reason === 'exit' ? 'ok' : reason,
    rss_mib: Math.round(process.memoryUsage().rss / 1048576),
  }),
);
