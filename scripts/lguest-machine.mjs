#!/usr/bin/env node
// lguest-machine: a multiboot program on the bare machine, with files and terminal by Node.
import { existsSync, readFileSync, statSync, writeSync } from 'node:fs';
import { MACHINE_BUNDLE_PATH } from './lib/paths.mjs';

process.setSourceMapsEnabled(true);
if (!existsSync(MACHINE_BUNDLE_PATH)) await (await import('./lib/prepare.mjs')).prepare();
const { bareCommand } = await import(MACHINE_BUNDLE_PATH);

process.exitCode = bareCommand(process.argv.slice(2), {
  readFile: (path) => existsSync(path) && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined,
  stdout: (bytes) => writeSync(1, bytes),
  stderr: (text) => writeSync(2, text),
  now: () => performance.now(),
});
