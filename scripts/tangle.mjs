#!/usr/bin/env node
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);
const { runTangle } = await runTs('src/tangle/cli.ts');
process.exitCode = await runTangle(root, tangleConfig, process.argv.slice(2));
