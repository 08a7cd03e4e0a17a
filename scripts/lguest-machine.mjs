#!/usr/bin/env node
// lguest-machine: a multiboot program on the bare machine, with files and terminal by Node.
import { writeSync } from 'node:fs';
import { loadBundle, readBytes } from './lib/loaded.mjs';
import { MACHINE_BUNDLE_PATH } from './lib/paths.mjs';

const { bareCommand } = await loadBundle(MACHINE_BUNDLE_PATH);

process.exitCode = bareCommand(process.argv.slice(2), {
  readFile: readBytes,
  stdout: (bytes) => writeSync(1, bytes),
  stderr: (text) => writeSync(2, text),
  now: () => performance.now(),
});
