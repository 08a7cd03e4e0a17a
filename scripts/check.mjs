#!/usr/bin/env node
/** npm run check: stale or unowned chunks, types and lint, each finding at its line in the chapter. */
import { ensureInstalled } from './lib/install.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

process.setSourceMapsEnabled(true);
await ensureInstalled();
process.stderr.write('▸ checking chunks, types and lint\n');
const { runCheck } = await runTs('src/tangle/node/check_cli.ts');
process.exitCode = await runCheck(root, tangleConfig, ['src', 'scripts', tangleConfig.out, '*.ts', '*.mjs'], process.argv.slice(2));
