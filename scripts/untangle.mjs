#!/usr/bin/env node
import { demandInstalled } from './lib/install.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);
demandInstalled();
const { runUntangle } = await runTs('src/tangle/node/cli.ts');
process.exitCode = await runUntangle(root, tangleConfig, process.argv.slice(2));
