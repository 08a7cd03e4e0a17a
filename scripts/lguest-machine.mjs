#!/usr/bin/env node
// lguest-machine: a multiboot program on the bare machine, with files and terminal by Node.
import { loadBundle } from './lib/loaded.mjs';
import { COMMAND_BUNDLE_PATH, MACHINE_BUNDLE_PATH } from './lib/paths.mjs';

const { bareCommand } = await loadBundle(MACHINE_BUNDLE_PATH);
const { print, readWhole } = await import(COMMAND_BUNDLE_PATH);

process.exitCode = bareCommand(process.argv.slice(2), {
  readFile: readWhole,
  stdout: (bytes) => print(1, bytes),
  stderr: (text) => print(2, new TextEncoder().encode(text)),
  now: () => performance.now(),
});
