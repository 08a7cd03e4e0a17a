#!/usr/bin/env node
// lguest: the Launcher's command, with files and terminal by Node.
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { WORLD_BUNDLE_PATH } from './lib/paths.mjs';

process.setSourceMapsEnabled(true);
if (!existsSync(WORLD_BUNDLE_PATH)) await (await import('./lib/prepare.mjs')).prepare();
const { runCommand } = await import(WORLD_BUNDLE_PATH);

process.exitCode = runCommand(process.argv.slice(2), {
  readFile: (path) => existsSync(path) && statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined,
  createFile(path) {
    const file = openSync(path, 'w');
    let waiting = '';
    const flush = () => { writeSync(file, waiting); waiting = ''; };
    return {
      write(text) { waiting += text; if (waiting.length > 65536) flush(); },
      close() { flush(); closeSync(file); },
    };
  },
  stdout: (bytes) => writeSync(1, bytes),
  stderr: (text) => writeSync(2, text),
});
