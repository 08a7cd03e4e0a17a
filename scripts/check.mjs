#!/usr/bin/env node
/** npm run check: stale or unowned chunks, types and lint, each finding at its line in the chapter; and the format of what was written by hand. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { root, runTs } from './lib/run_ts.mjs';
import { tangleConfig } from './lib/tangle_config.mjs';

/** Everything with both libraries, then each layer with what it may use and no more. */
const PROJECTS = ['tsconfig.json', 'scripts/lib/tsconfig.core.json', 'scripts/lib/tsconfig.node.json', 'scripts/lib/tsconfig.page.json'];

process.setSourceMapsEnabled(true);
await ensureInstalled();
// A tree in which nothing was ever extracted has nothing that could be stale.
if (!existsSync(`${root}/${tangleConfig.out}/chunks.json`)) {
  const { runTangle } = await runTs('src/tangle/node/cli.ts');
  await runTangle(root, tangleConfig, []);
}
const { runCheck } = await runTs('src/tangle/node/check_cli.ts');
process.exitCode = await runCheck(
  root,
  tangleConfig,
  {
    begin: () => process.stderr.write('▸ checking chunks, types and lint\n'),
    projects: PROJECTS,
    program: ['src/weave/lguest.ts'],
    lint: ['src', 'scripts', tangleConfig.out, '*.ts', '*.mjs'],
  },
  process.argv.slice(2),
);
if (process.exitCode !== 2 && !process.argv.some((argument) => argument === '--no-lint' || argument === '--help')) {
  const { status } = spawnSync(process.execPath, [`${root}/node_modules/@biomejs/biome/bin/biome`, 'format', root], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write('Some files are not in the format of the house: npm run format writes them anew.\n');
    process.exitCode = 1;
  }
}
