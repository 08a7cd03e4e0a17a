#!/usr/bin/env node
import { demandInstalled } from './lib/install.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);
demandInstalled();
const { runTangle } = await runTs('src/tangle/node/cli.ts');
process.exitCode = await runTangle(root, tangleConfig, process.argv.slice(2));
