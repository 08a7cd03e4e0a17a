#!/usr/bin/env node
// npm run test:linux -- --kernel FILE [--initrd FILE]... [--disk FILE] [--memory MB] [--args "…"] [--gdb] [--show]: boots a Linux built as an lguest Guest and checks what it can do.
import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { commandLine } from './lib/arguments.mjs';
import { checkGdb, hasGdb } from './lib/gdb.mjs';
import { loadBundle } from './lib/loaded.mjs';
import { COMMAND_BUNDLE_PATH, KERNELS_BUNDLE_PATH } from './lib/paths.mjs';

const USAGE = `Usage: npm run test:linux -- --kernel FILE [options]
  --kernel FILE    vmlinux or bzImage of a Linux with CONFIG_LGUEST_GUEST; several are checked one after the other
  --initrd FILE    an initial RAM disk: one that tests itself (“ok” lines and the word PASS, then power-off) or one with a shell; several are tried one after the other
  --disk FILE      an ext2 image for the Guest's disk; the Guest gets a copy
  --disk-out FILE  where to put the copy as the last Guest left it
  --memory MB      64
  --args TEXT      the kernel's arguments: “panic=1 norandmaps lpj=100000”
  --most N         millions of instructions after which a run is given up: 5000
  --gdb            let gdb step it, too, forwards and backwards: of a vmlinux with symbols
  --show           show the console
`;

const option = (extra = {}) => ({ type: 'string', ...extra });
const { values, refuse: fail } = commandLine({
  usage: USAGE,
  options: {
    kernel: option({ multiple: true }),
    initrd: option({ multiple: true, default: [] }),
    disk: option(),
    'disk-out': option(),
    memory: option({ default: '64' }),
    args: option({ default: 'panic=1 norandmaps lpj=100000' }),
    most: option({ default: '5000' }),
    gdb: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
  },
});
if (!values.kernel) fail('There is no kernel to test.');
const number = (name) => (/^[1-9]\d*$/.test(values[name]) ? Number(values[name]) : fail(`--${name} wants a number, not “${values[name]}”`));
const memory = number('memory');
const maxInstructions = number('most') * 1e6;
// Before anything is built: that takes a minute.
for (const path of [...values.kernel, ...values.initrd, ...(values.disk ? [values.disk] : [])])
  if (!existsSync(path)) fail(`${path}: no such file`);
const { readWhole, reasonOf } = await loadBundle(COMMAND_BUNDLE_PATH);
const read = (path) => {
  try {
    return { name: path, bytes: readWhole(path) ?? fail(`${path}: no such file`) };
  } catch (error) {
    return fail(`${path}: ${reasonOf(error)}`);
  }
};
const kernels = values.kernel.map(read);
const initrds = values.initrd.map(read);
const disk = values.disk && read(values.disk);

const { checkLinux, describeLinuxCheck } = await loadBundle(KERNELS_BUNDLE_PATH);
const { program } = await import('./lib/bundles.mjs');
let bad = 0;
let runs = 0;
for (const kernel of kernels) {
  for (const initrd of initrds.length > 0 ? initrds : [undefined]) {
    const with_ = [initrd, disk]
      .filter(Boolean)
      .map(({ name }) => basename(name))
      .join(' and ');
    process.stdout.write(`${kernel.name}${with_ && ` with ${with_}`}, ${memory} MB\n`);
    const show = values.show ? (text) => process.stdout.write(text) : undefined;
    const result = checkLinux({
      program,
      kernel,
      initrd,
      disk,
      memory,
      args: values.args.split(' ').filter(Boolean),
      maxInstructions,
      now: () => performance.now(),
      show,
    });
    process.stdout.write(describeLinuxCheck(result));
    if (values['disk-out'] && result.disk) writeFileSync(values['disk-out'], result.disk);
    if (result.findings.length === 0 || result.findings.some(({ good }) => !good)) bad++;
    runs++;
    if (!values.gdb) continue;
    if (!hasGdb()) fail('There is no gdb here.');
    const found = await checkGdb(
      [String(memory), kernel.name, ...(initrd ? [`--initrd=${initrd.name}`] : []), ...values.args.split(' ')],
      kernel.name,
    );
    for (const { good, what } of found) process.stdout.write(`  ${good ? 'ok' : 'NOT ok'}: gdb ${what}\n`);
    if (found.some(({ good }) => !good)) bad++;
    runs++;
  }
}
process.stdout.write(`${runs - bad} of ${runs} runs passed\n`);
process.exitCode = bad === 0 ? 0 : 1;
