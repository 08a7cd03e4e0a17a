#!/usr/bin/env node
// Boots a Linux in the npm package `v86`, bare, and prints what it says on its serial line.
//
//   npm install v86            (anywhere; --v86 names its folder)
//   node linux-v86.mjs --v86 DIR --bios FILE --vga FILE --bzimage FILE --initrd FILE [--timeout SECONDS] [ARGUMENT...]
//
// The BIOS images are Debian's package seabios: bios.bin and vgabios-stdvga.bin. The kernel wants a serial console,
// PCI and VT; it gets 128 MB, of which v86 puts the initrd at 64. ARGUMENTs are its command line.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandLine } from '../../../scripts/lib/arguments.mjs';

const {
  values: opt,
  positionals: args,
  refuse,
} = commandLine({
  usage: 'Usage: node linux-v86.mjs --v86 DIR --bios FILE --vga FILE --bzimage FILE --initrd FILE [--timeout SECONDS] [ARGUMENT...]',
  options: {
    v86: { type: 'string' },
    bios: { type: 'string' },
    vga: { type: 'string' },
    bzimage: { type: 'string' },
    initrd: { type: 'string' },
    timeout: { type: 'string', default: '600' },
  },
  positionals: [0, Infinity],
});
for (const name of ['v86', 'bios', 'vga', 'bzimage', 'initrd']) if (opt[name] === undefined) refuse(`--${name} is missing.`);

const build = join(resolve(opt.v86), 'build');
const { V86 } = await import(pathToFileURL(join(build, 'libv86.mjs')));
const image = (path) => ({ buffer: new Uint8Array(readFileSync(path)).buffer });
const emulator = new V86({
  wasm_path: join(build, 'v86.wasm'),
  memory_size: 128 << 20,
  vga_memory_size: 2 << 20,
  bios: image(opt.bios),
  vga_bios: image(opt.vga),
  bzimage: image(opt.bzimage),
  initrd: image(opt.initrd),
  cmdline: ['console=ttyS0', ...args].join(' '),
  log_level: 0,
  autostart: true,
});

const late = setTimeout(() => {
  console.error(`it has not said @done in ${opt.timeout} s`);
  process.exit(1);
}, 1000 * +opt.timeout);
let line = '';
emulator.add_listener('serial0-output-byte', (byte) => {
  if (byte !== 10) {
    if (byte !== 13) line += String.fromCharCode(byte);
    return;
  }
  console.log(line);
  if (line.startsWith('@done')) {
    clearTimeout(late);
    process.exit(0);
  }
  line = '';
});
