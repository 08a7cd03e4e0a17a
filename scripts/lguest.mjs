#!/usr/bin/env node
// lguest: the Launcher's command.
import { loadBundle } from './lib/loaded.mjs';
import { COMMAND_BUNDLE_PATH, LGUEST_BUNDLE_PATH } from './lib/paths.mjs';

const { nodeHost, runCommand } = await loadBundle(COMMAND_BUNDLE_PATH);
const { program } = await import(LGUEST_BUNDLE_PATH);

process.exitCode = await runCommand(process.argv.slice(2), nodeHost(program));
