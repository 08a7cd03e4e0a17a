#!/usr/bin/env node
// lguest: the Launcher's command, with files and terminal by Node.
import { closeSync, openSync, writeSync } from 'node:fs';
import { loadBundle, readBytes } from './lib/loaded.mjs';
import { WORLD_BUNDLE_PATH } from './lib/paths.mjs';

const { runCommand } = await loadBundle(WORLD_BUNDLE_PATH);

process.exitCode = runCommand(process.argv.slice(2), {
  readFile: readBytes,
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
