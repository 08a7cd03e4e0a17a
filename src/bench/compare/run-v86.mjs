#!/usr/bin/env node
// Runs the bench image on the npm package `v86` and prints one JSON object a
// workload: {engine, workload, seconds: [...], instructions: [...], checksum,
// mips}.  `seconds` holds one figure a repetition, the first with everything
// cold; `mips` is that of the fastest repetition.
//
//   npm install v86            (anywhere; --v86 names its folder)
//   node run-v86.mjs [--elf image/bench.elf] [--v86 DIR] [--interp]
//                    [--memory MIB] [--timeout SECONDS] [--plain] [--clock wall|cpu]
//                    [w=NAME,...] [reps=R] [n=N]
//
// --interp turns v86's compiler off.  --plain shows the guest's own lines too.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine } from '../../../scripts/lib/arguments.mjs';
import { clock } from './clock.mjs';
import { Recorder } from './recorder.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const text = (value) => ({ type: 'string', ...(value !== undefined && { default: value }) });
const { values: opt, positionals: guest } = commandLine({
  usage:
    'Usage: node run-v86.mjs [--elf FILE] [--v86 DIR] [--interp] [--memory MIB] [--timeout SECONDS] [--plain] [--clock wall|cpu] [w=NAME,...] [reps=R] [n=N]',
  options: {
    elf: text(join(here, '../image/bench.elf')),
    v86: text(),
    clock: text('wall'),
    memory: text('128'),
    timeout: text('600'),
    interp: { type: 'boolean' },
    plain: { type: 'boolean' },
  },
  positionals: [0, Infinity],
});

const main = opt.v86 ? join(resolve(opt.v86), 'build/libv86.mjs') : createRequire(import.meta.url).resolve('v86');
const engine = opt.interp ? 'v86-interp' : 'v86-jit';
const recorder = new Recorder(engine, (r) => console.log(JSON.stringify(r)));

const seconds = clock(opt.clock);
const before = performance.now();
const { V86 } = await import(pathToFileURL(main));
const image = readFileSync(opt.elf);
const start = performance.now();
const emulator = new V86({
  wasm_path: join(dirname(main), 'v86.wasm'),
  memory_size: +opt.memory << 20,
  vga_memory_size: 1 << 20,
  multiboot: { buffer: image.buffer.slice(image.byteOffset, image.byteOffset + image.length) },
  cmdline: guest.join(' '),
  disable_jit: opt.interp ? 1 : 0,
  log_level: 0,
  autostart: true,
});

let line = '';
const timer = setTimeout(() => finish('timeout'), 1000 * +opt.timeout);

emulator.add_listener('serial0-output-byte', (byte) => {
  if (byte !== 10) {
    line += String.fromCharCode(byte);
    return;
  }
  recorder.line(line, seconds(), emulator.get_instruction_counter());
  if (opt.plain) console.error(line);
  line = '';
  if (recorder.ended) finish(recorder.ended);
});

function finish(how) {
  clearTimeout(timer);
  console.log(
    JSON.stringify({
      engine,
      end: how,
      panic: recorder.panic,
      import_seconds: (start - before) / 1000,
      boot_seconds: recorder.booted - start / 1000,
      rss_mib: Math.round(process.memoryUsage().rss / 1048576),
    }),
  );
  process.exit(how === 'ok' ? 0 : 1);
}
